/** Judges whether a command that claw proposes can be run as it stands: one of claw's own parses, any other begins with a program of a list. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Parser } from '@oclif/core';

const PROGRAMS = [
  'chmod',
  'mv',
  'rm',
  'du',
  'ls',
  'sed',
  'unset',
  'read',
  'kill',
  'npm',
  'brew',
  'ollama',
  'mount',
  'find',
];
const WITH_SUDO =
  'apt-get dnf pacman zypper apk systemctl usermod timedatectl install mount chown claw loginctl useradd'.split(' ');
const COMMANDS = join(import.meta.dirname, '..', '..', '..', 'src', 'commands');

/** The words of a POSIX shell's simple command: plain, or in quotes. */
function wordsOf(command: string): string[] {
  const words = command.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, a, b, c) => String(a ?? b ?? c)));
}

/** Throws, with the command, when it cannot be run as it stands. */
export async function requireKnown(command: string): Promise<void> {
  const [program = '', ...rest] = wordsOf(command);
  if (program === 'sudo')
    return rest[0] === 'claw' ? parseOwn(rest.slice(1), command) : requireListed(WITH_SUDO, rest[0], command);
  if (program === 'claw') return parseOwn(rest, command);
  requireListed(PROGRAMS, program, command);
}

function requireListed(list: readonly string[], program: string | undefined, command: string): void {
  if (!list.includes(program ?? '')) throw new Error(`an unknown program: ${command}`);
}

async function parseOwn(words: readonly string[], command: string): Promise<void> {
  let path = COMMANDS;
  let at = 0;
  for (; at < words.length && existsSync(join(path, words[at] ?? '')); at += 1) path = join(path, words[at] ?? '');
  const own = join(path, `${words[at] ?? ''}.ts`);
  const file = existsSync(own) ? own : `${path}.ts`;
  if (!existsSync(file)) throw new Error(`no such command: ${command}`);
  const argv = words.slice(existsSync(own) ? at + 1 : at);
  const loaded = (await import(file)) as { default: typeof Command };
  const { flags, args, strict, baseFlags } = loaded.default;
  await Parser.parse([...argv], { flags: { ...baseFlags, ...flags }, args, strict }).catch((error: unknown) => {
    throw new Error(`${command}: ${String(error)}`);
  });
}
