import { expect, test } from 'vitest';
import { groupByDay } from '../../../../src/dashboard/pages/chat/group-by-day.ts';
import { matchingCommands, readCommand } from '../../../../src/dashboard/pages/chat/slash-commands.ts';
import { unfit } from '../../../../src/dashboard/pages/chat/unfit.ts';

test('commands are words of the list after a slash; everything else is a message', () => {
  expect(matchingCommands('/')).toContain('new');
  expect(matchingCommands('/co')).toEqual(['compact', 'cost']);
  expect(matchingCommands('/model x')).toEqual([]);
  expect(readCommand(' /model a/b ')).toEqual({ name: 'model', argument: 'a/b' });
  for (const message of ['/etc/passwd', '//new', 'new', '/nothing', 'see /new'])
    expect(readCommand(message)).toBeUndefined();
});

test('what cannot go with a message is told before it is sent', () => {
  const file = (name: string, type: string, size: number) => unfit({ name, type, size });
  expect(file('a.png', 'image/png', 5 * 1024 * 1024)).toBeUndefined();
  expect(file('a.png', 'image/png', 5 * 1024 * 1024 + 1)).toBe('picture-too-large');
  expect(file('a.md', '', 1000)).toBeUndefined();
  expect(file('a.log', 'text/plain', 300 * 1024)).toBe('text-too-large');
  expect(file('a.pdf', 'application/pdf', 10)).toBe('document');
  expect(file('a.svg', 'image/svg+xml', 10)).toBe('document');
});

test('conversations are cut into days near and months far', () => {
  const now = new Date(2026, 5, 15, 9).getTime();
  const day = (month: number, date: number, hour = 12): number => new Date(2026, month, date, hour).getTime();
  const rows = [day(5, 15, 1), day(5, 14, 23), day(5, 10), day(5, 1), day(4, 30), day(4, 2)];
  const groups = groupByDay(rows, (row) => row, now).map(({ group, rows: members }) => [group.kind, members.length]);
  expect(groups).toEqual([
    ['today', 1],
    ['yesterday', 1],
    ['week', 1],
    ['month', 1],
    ['month', 2],
  ]);
});
