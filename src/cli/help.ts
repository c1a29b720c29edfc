/** Owns the text of --help for the root, a topic and a command. Rendered once at build for a width of 80, and live in a narrower terminal. */
import type { Command, Interfaces } from '@oclif/core';
import { CommandHelp } from '@oclif/core';
import { exitCodeTable } from './report-error.ts';
import { TOPICS } from './topics.ts';

/** The help for `name` (words joined with a space; empty for the root) in `width` columns (those of the terminal when not given), or undefined when there is no such command or topic. */
export function renderHelp(config: Interfaces.Config, name: string, width?: number): string | undefined {
  const commands = config.commands
    .filter((command) => !command.hidden)
    .map((command) => ({ name: command.id.replaceAll(':', ' '), command }));
  const command = commands.find((each) => each.name === name)?.command;
  const children = childrenOf(name, commands);
  if (command !== undefined) {
    return `${commandHelp(command, config, width)}\n${children.length === 0 ? '' : `\nCOMMANDS\n${list(children)}\n`}`;
  }
  if (name === '') return rootHelp(config, children);
  if (children.length === 0) return undefined;
  return `${TOPICS[name] ?? ''}\n\nUSAGE\n  $ claw ${name} COMMAND\n\nCOMMANDS\n${list(children)}\n`;
}

/** Names of every topic of `commandNames`: each proper prefix of a command's words. */
export function topicNames(commandNames: Iterable<string>): ReadonlySet<string> {
  const topics = new Set<string>();
  for (const name of commandNames) {
    const words = name.split(' ');
    for (let count = 1; count < words.length; count++) topics.add(words.slice(0, count).join(' '));
  }
  return topics;
}

type Row = readonly [name: string, summary: string];

/** The commands and topics one word below `name`. */
function childrenOf(name: string, commands: readonly { name: string; command: Command.Loadable }[]): readonly Row[] {
  const start = name === '' ? '' : `${name} `;
  const below = commands.filter((each) => each.name.startsWith(start) && each.name !== name);
  const rows = new Map<string, string>();
  for (const each of below) {
    const child = start + (each.name.slice(start.length).split(' ')[0] ?? '');
    const summary = each.name === child ? (each.command.summary ?? '') : (TOPICS[child] ?? rows.get(child) ?? '');
    if (!rows.has(child) || summary !== '') rows.set(child, summary);
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function list(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`.trimEnd()).join('\n');
}

function commandHelp(command: Command.Loadable, config: Interfaces.Config, width: number | undefined): string {
  const spaced = { ...command, id: command.id.replaceAll(':', ' ') };
  const summary = command.summary === undefined ? '' : `${command.summary}\n\n`;
  const options = { stripAnsi: true, ...(width === undefined ? {} : { maxWidth: width }) };
  return summary + new CommandHelp(spaced, config, options as Interfaces.HelpOptions).generate();
}

function rootHelp(config: Interfaces.Config, children: readonly Row[]): string {
  const codes = exitCodeTable().map(([code, kinds]) => [String(code), kinds] as const);
  return [
    'claw: a self-hosted AI assistant.',
    'USAGE\n  $ claw COMMAND [--json] [--home DIR]\n  $ claw chat "what is 2 plus 3?"',
    `COMMANDS\n${list(children)}`,
    'FLAGS OF EVERY COMMAND\n' +
      list([
        ['--help', 'Show usage and examples.'],
        ['--home DIR', 'Use this home instead of ~/.claw (CLAW_HOME).'],
        ['--json', 'Print one JSON value on stdout and nothing else.'],
        ['--version', 'Show the version (without a command).'],
      ]),
    `EXIT CODES\n${list(codes)}`,
    `Version ${config.version}. More: claw COMMAND --help\n`,
  ].join('\n\n');
}
