import { execFileSync } from 'node:child_process';
import type { Interfaces } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../src/cli/completion-script.ts';

const json = { type: 'boolean', name: 'json' };
const config = {
  commands: [
    {
      id: 'chat',
      summary: "Talk to it; it's easy.",
      flags: { json, format: { type: 'option', name: 'format', options: ['text', 'json'] } },
    },
    { id: 'user:list', summary: 'List people.', flags: { json } },
    { id: 'user:key:create', summary: 'Make a key.', flags: { json, secret: { type: 'boolean', hidden: true } } },
    { id: 'completion', summary: 'Print a script.', args: { shell: { options: ['bash', 'zsh'] } }, flags: {} },
    { id: 'hidden', hidden: true, summary: 'Not for people.', flags: {} },
  ],
} as unknown as Interfaces.Config;

/** What a real bash offers after `words`; the last one is being typed. */
function offered(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const script = `${completionScript('bash', config)}\nCOMP_WORDS=(claw ${line}); COMP_CWORD=${words.length}; _claw; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

describe('completion in bash', () => {
  it('offers topics and commands first', () => {
    expect(offered('')).toEqual(['chat', 'completion', 'user', '--help']);
    expect(offered('c')).toEqual(['chat', 'completion']);
  });

  it('goes into topics at any depth', () => {
    expect(offered('user', '')).toEqual(['key', 'list', '--help']);
    expect(offered('user', 'key', 'cr')).toEqual(['create']);
  });

  it('offers the flags of a command, but none that is hidden', () => {
    expect(offered('user', 'key', 'create', '--')).toEqual(['--json', '--help']);
    expect(offered('chat', 'some words', '--f')).toEqual(['--format']);
  });

  it('offers the values of a flag and of an argument', () => {
    expect(offered('chat', '--format', '')).toEqual(['text', 'json']);
    expect(offered('chat', '--format', '=', 'te')).toEqual(['text']);
    expect(offered('completion', 'z')).toEqual(['zsh']);
  });

  it('offers nothing for what does not exist', () => {
    expect(offered('hid')).toEqual([]);
  });
});

describe('the script for', () => {
  it('zsh loads the bash one through bashcompinit', () => {
    const script = completionScript('zsh', config);
    expect(script).toContain('bashcompinit && bashcompinit\n');
    expect(script.endsWith(completionScript('bash', config))).toBe(true);
  });

  it('fish quotes summaries and tells commands from flags', () => {
    const script = completionScript('fish', config);
    expect(script).toContain(String.raw`-f -a 'chat' -d 'Talk to it; it\'s easy.'`);
    expect(script).toContain(`complete -c claw -n "__claw_under 'chat'" -l format -x -a 'text json' -d ''`);
    expect(script).not.toContain('hidden');
  });
});
