import { expect, test } from 'vitest';
import { createTally } from '../../../src/core/import/tally.ts';

test('the first twenty of a reason are named, the rest is counted; kinds stand in their order', () => {
  const tally = createTally();
  tally.count('webhook', 'already');
  tally.count('user', 'new');
  for (let at = 1; at <= 30; at += 1) tally.skip('user', 'it has no name', `row ${at}`);
  const { kinds, skipped } = tally.result();
  expect(kinds).toEqual([
    { kind: 'user', found: 31, new: 1, already: 0, skipped: 30 },
    { kind: 'webhook', found: 1, new: 0, already: 1, skipped: 0 },
  ]);
  expect(skipped).toMatchObject([{ kind: 'user', text: 'it has no name', count: 30 }]);
  expect(skipped[0]?.examples).toHaveLength(20);
  expect(tally.total()).toBe(32);
});

test('however many sentences there are, the report stays short and every one is counted', () => {
  const tally = createTally();
  for (let at = 0; at < 10_000; at += 1) tally.skip('memory', `reason ${at}`, `m${at}`);
  const { skipped } = tally.result();
  expect(skipped.length).toBeLessThan(250);
  expect(skipped.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
});

test('a name cannot move the cursor, nor fill the screen', () => {
  const tally = createTally();
  tally.remark('room', 'told', `\u001b[2J\u202e${'x'.repeat(500)}\ud800`);
  const [example] = tally.result().remarks[0]?.examples ?? [];
  expect(example).toMatch(/^\?\[2J\?x{95}$/);
});
