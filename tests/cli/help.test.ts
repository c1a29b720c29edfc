import type { Interfaces } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { renderHelp } from '../../src/cli/help.ts';
import { topicNames } from '../../src/cli/topics.ts';

const command = (id: string, summary: string) => ({
  id,
  summary,
  args: {},
  flags: {},
  aliases: [],
  examples: ['<%= config.bin %> <%= command.id %>'],
});
const config = {
  bin: 'claw',
  version: '1.2.3',
  topicSeparator: ' ',
  commands: [
    command('chat', 'Talk.'),
    command('user:list', 'List people.'),
    command('user:key:list', 'List keys.'),
    { ...command('secretive', 'Not for people.'), hidden: true },
  ],
} as unknown as Interfaces.Config;

describe('help', () => {
  it('of the root lists commands and topics, exit codes and global flags', () => {
    const text = renderHelp(config, '', { width: 80 });
    expect(text).toMatch(/^ {2}chat {2}Talk\.$/m);
    expect(text).toMatch(/^ {2}user {2}People, their roles and keys\.$/m);
    expect(text).toContain('EXIT CODES');
    expect(text).toContain('--json');
    expect(text).not.toContain('secretive');
  });

  it('of a topic lists what is one word below it', () => {
    const text = renderHelp(config, 'user', { width: 80 });
    expect(text).toMatch(/^ {2}user key {3}API keys of a user\.$/m);
    expect(text).toMatch(/^ {2}user list {2}List people\.$/m);
    expect(text).not.toContain('user key list');
  });

  it('of a command shows usage and examples with spaces in its name', () => {
    const text = renderHelp(config, 'user key list', { width: 80 });
    expect(text).toContain('$ claw user key list');
    expect(text?.startsWith('List keys.\n')).toBe(true);
  });

  it('keeps within a narrow terminal', () => {
    for (const name of ['', 'user', 'user key list', 'chat']) {
      const widest = Math.max(
        ...(renderHelp(config, name, { width: 40 }) ?? '').split('\n').map((line) => line.length),
      );
      expect(widest).toBeLessThanOrEqual(40);
    }
  });

  it('does not exist for anything else', () => {
    expect(renderHelp(config, 'use', { width: 80 })).toBeUndefined();
  });
});

describe('topicNames', () => {
  it('are the proper beginnings of command names', () => {
    expect([...topicNames(['chat', 'user key list'])]).toEqual(['user', 'user key']);
  });
});
