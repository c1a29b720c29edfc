import { expect, test } from 'vitest';
import { createMeters, type Family } from '../../../src/core/kernel/meters.ts';

const counted: Family = { name: 'things_total', help: 'Things', type: 'counter', open: 'name' };

test('counters are told with their help, and those of which nothing was counted too', () => {
  const meters = createMeters();
  meters.add(counted, { name: 'a"b\\c\nd' });
  meters.add(counted, { name: 'a"b\\c\nd' }, 2);
  const other: Family = { name: 'cost_total', help: 'Cost', type: 'counter', scale: 1e6 };
  expect(meters.text([counted, other], [])).toBe(
    '# HELP things_total Things\n# TYPE things_total counter\nthings_total{name="a\\"b\\\\c\\nd"} 3\n' +
      '# HELP cost_total Cost\n# TYPE cost_total counter\n',
  );
});

test('a histogram counts a value in every bucket that holds it', () => {
  const meters = createMeters();
  const family: Family = { name: 'seconds', help: 'Time', type: 'histogram', buckets: [0.1, 1] };
  for (const value of [0.1, 0.5, 2]) meters.observe(family, {}, value);
  expect(meters.text([family], []).split('\n').slice(2, -1)).toEqual([
    'seconds_bucket{le="0.1"} 1',
    'seconds_bucket{le="1"} 2',
    'seconds_bucket{le="+Inf"} 3',
    'seconds_sum 2.6',
    'seconds_count 3',
  ]);
});

test('values that others choose stay a hundred, the rest is one, and nothing is lost', () => {
  const meters = createMeters();
  for (let at = 0; at < 1000; at += 1) meters.add(counted, { name: `n${at}` });
  meters.add(counted, { name: 'x'.repeat(65) });
  const lines = meters.text([counted], []).split('\n').slice(2, -1);
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toBe('things_total{name="other"} 901');
});
