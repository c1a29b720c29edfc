import { describe, expect, it } from 'vitest';
import { exitCodeTable, wantsJson } from '../../src/cli/report-error.ts';
import { ERROR_KINDS } from '../../src/core/kernel/errors.ts';

describe('the table of exit codes', () => {
  it('holds every kind of failure once, in ascending order, after success', () => {
    const table = exitCodeTable();
    const codes = table.map(([exitCode]) => exitCode);
    expect(codes).toEqual(codes.toSorted((a, b) => a - b));
    expect(codes[0]).toBe(0);
    expect(
      table
        .slice(1)
        .flatMap(([, kinds]) => kinds.split(', '))
        .toSorted(),
    ).toEqual(Object.keys(ERROR_KINDS).toSorted());
  });

  it('is the table that the product promises', () => {
    expect(exitCodeTable().map(([exitCode]) => exitCode)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130]);
  });
});

describe('wantsJson', () => {
  it('sees the flag but not an argument behind --', () => {
    expect(wantsJson(['a', '--json'])).toBe(true);
    expect(wantsJson(['a', '--', '--json'])).toBe(false);
  });
});
