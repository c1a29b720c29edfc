import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCommand } from '../../src/cli/find-command.ts';

const names = new Set(['chat', 'config get', 'config set', 'user', 'user key list']);

describe('findCommand', () => {
  it('takes the longest name that the words begin with', () => {
    expect(findCommand(['user', 'key', 'list', 'x', '--json'], names)).toEqual({
      name: 'user key list',
      rest: ['x', '--json'],
    });
    expect(findCommand(['user', 'key'], names)).toEqual({ name: 'user', rest: ['key'] });
    expect(findCommand(['chat', 'hello'], names)).toEqual({ name: 'chat', rest: ['hello'] });
  });

  it('finds nothing behind a flag', () => {
    expect(findCommand(['--json', 'chat'], names)).toBeUndefined();
    expect(findCommand(['config', '--json', 'get'], names)).toBeUndefined();
  });

  it('never loses or reorders a word', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('chat', 'user', 'key', 'list', 'config', 'get', '--json', 'x')), (argv) => {
        const found = findCommand(argv, names);
        if (found !== undefined) expect([...found.name.split(' '), ...found.rest]).toEqual(argv);
      }),
    );
  });
});
