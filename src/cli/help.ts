/** Owns the text of --help for the root, a topic and a command. Rendered once at build for a width of 80, and live in a narrower terminal. */
import type { Command, Interfaces } from '@oclif/core';
import { CommandHelp } from '@oclif/core';
import { exitCodeTable } from './report-error.ts';
import { TOPICS } from './topics.ts';

type Row = readonly [name: string, summary: string];

const DEFAULT_COLUMNS = 80;
const MIN_COLUMNS = 40;
/** Columns that a summary beside a name gets at least. */
const MIN_SUMMARY = 24;

const GLOBAL_FLAGS: readonly Row[] = [
  ['--help', 'Show usage and examples.'],
  ['--home DIR', 'Use this home instead of ~/.claw (CLAW_HOME).'],
  ['--json', 'Print one JSON value on stdout and nothing else.'],
  ['--version', 'Show the version (without a command).'],
];

/** The help for `name` (words joined with a space; empty for the root) in `width` columns (those of the terminal when not given), or undefined when there is no such command or topic. */
export function renderHelp(config: Interfaces.Config, name: string, width?: number): string | undefined {
  const commands = config.commands
    .filter((command) => !command.hidden)
    .map((command) => ({ name: command.id.replaceAll(':', ' '), command }));
  const command = commands.find((each) => each.name === name)?.command;
  const children = childrenOf(name, commands);
  const columns = Math.max(MIN_COLUMNS, width ?? process.stdout.columns ?? DEFAULT_COLUMNS);
  if (name === '') return rootHelp(config, children, columns);
  const below = children.length === 0 ? '' : `\nCOMMANDS\n${list(children, columns)}\n`;
  if (command !== undefined) return `${commandHelp(command, config, columns)}\n${below}`;
  if (children.length === 0) return undefined;
  return `${TOPICS[name] ?? ''}\n\nUSAGE\n  $ claw ${name} COMMAND\n${below}`;
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

/** Two columns; a summary that is too long goes on below itself. */
function list(rows: readonly Row[], columns: number): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const indent = Math.min(width + 4, columns - MIN_SUMMARY);
  return rows
    .map(([name, summary]) => {
      const lines = wrap(summary, columns - indent);
      const isRoomy = name.length + 4 <= indent;
      const rest = (isRoomy ? lines.slice(1) : lines).map((line) => `\n${' '.repeat(indent)}${line}`);
      return `  ${name}`.padEnd(indent) + (isRoomy ? (lines[0] ?? '') : '') + rest.join('');
    })
    .map((row) => row.trimEnd())
    .join('\n');
}

/** Lines of at most `columns` columns; a longer word stands alone. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function commandHelp(command: Command.Loadable, config: Interfaces.Config, columns: number): string {
  const { summary = '', ...rest } = command;
  // Its summary stands above the usage; oclif would repeat it in the description.
  const shown = { ...rest, id: command.id.replaceAll(':', ' ') } as Command.Loadable;
  const options = { stripAnsi: true, maxWidth: columns } as Interfaces.HelpOptions;
  return `${wrap(summary, columns).join('\n')}\n\n${new CommandHelp(shown, config, options).generate()}`;
}

function rootHelp(config: Interfaces.Config, children: readonly Row[], columns: number): string {
  const codes = exitCodeTable().map(([code, kinds]) => [String(code), kinds] as const);
  return [
    'claw: a self-hosted AI assistant.',
    'USAGE\n  $ claw COMMAND [--json] [--home DIR]\n  $ claw chat "what is 2 plus 3?"',
    `COMMANDS\n${list(children, columns)}`,
    `FLAGS OF EVERY COMMAND\n${list(GLOBAL_FLAGS, columns)}`,
    `EXIT CODES\n${list(codes, columns)}`,
    `Version ${config.version}. More: claw COMMAND --help\n`,
  ].join('\n\n');
}
