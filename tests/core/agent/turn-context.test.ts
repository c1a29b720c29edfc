/** What a user message says of when and where it is. */
import { expect, test } from 'vitest';
import { createContext } from '../../../src/core/agent/turn-context.ts';

test.each([
  ['Asia/Seoul', '2026-03-01T15:30:59.999Z', 'Mon 2026-03-02 00:30'],
  ['America/New_York', '2026-03-08T07:00:00Z', 'Sun 2026-03-08 03:00'],
  ['+05:30', '2026-12-31T18:30:00Z', 'Fri 2027-01-01 00:00'],
])('in %s it is told by the clock on the wall there', (zone, at, said) => {
  const text = `<context>${said} ${zone}</context>\n`;
  expect(createContext(zone)(Date.parse(at))).toEqual({ type: 'text', text, provenance: 'claw' });
});
