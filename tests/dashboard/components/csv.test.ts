import { expect, test } from 'vitest';
import { toCsv } from '../../../src/dashboard/components/csv.ts';

test('cells keep quotes and lines, numbers are numbers, and no cell is a formula', () => {
  const rows = [
    ['=1+1', -2],
    ['a "b", c\nd', null],
    [' @x', 0.5],
  ] as const;
  expect(toCsv(['name', 'cost'], rows)).toBe('"name","cost"\r\n"\'=1+1",-2\r\n"a ""b"", c\nd",""\r\n"\' @x",0.5\r\n');
});
