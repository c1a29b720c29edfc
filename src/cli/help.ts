/** Owns the text of --help for the root, a topic and a command. Rendered once at build for a width of 80, and live in a narrower terminal. */
import type { Command, Interfaces } from '@oclif/core';
import { CommandHelp } from '@oclif/core';
import { exitCodeTable } from './report-error.ts';
import { textWidth } from '../core/kernel/text-width.ts';
import { ENGLISH_HELP, type HelpWords } from './language/help-words.ts';

type Row = readonly [name: string, summary: string];

const DEFAULT_COLUMNS = 80;
const MIN_COLUMNS = 40;
/** Columns that a summary beside a name gets at least. */
const MIN_SUMMARY = 24;

/** What the help of one home is made with. */
interface Manner {
  readonly columns: number;
  readonly words: HelpWords;
}

/** The help for `name` (words joined with a space; empty for the root) in `width` columns (those of the terminal when not given), or undefined when there is no such command or topic. */
export function renderHelp(
  config: Interfaces.Config,
  name: string,
  { width, words = ENGLISH_HELP }: { readonly width?: number; readonly words?: HelpWords } = {},
): string | undefined {
  const commands = config.commands
    .filter((command) => !command.hidden)
    .map((command) => ({ name: command.id.replaceAll(':', ' '), command }));
  const command = commands.find((each) => each.name === name)?.command;
  const children = childrenOf(name, commands, words);
  const columns = Math.max(MIN_COLUMNS, width ?? process.stdout.columns ?? DEFAULT_COLUMNS);
  const manner = { columns, words };
  if (name === '') return rootHelp(config, children, manner);
  const { texts, topics } = words;
  const below = children.length === 0 ? '' : `\n${texts.commands}\n${list(children, columns)}\n`;
  if (command !== undefined) return `${commandHelp(command, config, manner)}\n${below}`;
  if (children.length === 0) return undefined;
  return `${topics[name] ?? ''}\n\n${texts.usage}\n  $ claw ${name} ${texts.command}\n${below}`;
}

function summaryOf(command: Command.Loadable, { summaries }: HelpWords): string {
  return summaries?.[command.id] ?? command.summary ?? '';
}

/** The commands and topics one word below `name`. */
function childrenOf(
  name: string,
  commands: readonly { name: string; command: Command.Loadable }[],
  words: HelpWords,
): readonly Row[] {
  const start = name === '' ? '' : `${name} `;
  const below = commands.filter((each) => each.name.startsWith(start) && each.name !== name);
  const rows = new Map<string, string>();
  for (const each of below) {
    const child = start + (each.name.slice(start.length).split(' ')[0] ?? '');
    const summary =
      each.name === child ? summaryOf(each.command, words) : (words.topics[child] ?? rows.get(child) ?? '');
    if (!rows.has(child) || summary !== '') rows.set(child, summary);
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Two columns; a summary that is too long goes on below itself. */
function list(rows: readonly Row[], columns: number): string {
  const width = Math.max(...rows.map(([name]) => textWidth(name)));
  const indent = Math.min(width + 4, columns - MIN_SUMMARY);
  return rows
    .map(([name, summary]) => {
      const lines = wrap(summary, columns - indent);
      const isRoomy = textWidth(name) + 4 <= indent;
      const rest = (isRoomy ? lines.slice(1) : lines).map((line) => `\n${' '.repeat(indent)}${line}`);
      return (
        `  ${name}${' '.repeat(Math.max(0, indent - 2 - textWidth(name)))}` +
        (isRoomy ? (lines[0] ?? '') : '') +
        rest.join('')
      );
    })
    .map((row) => row.trimEnd())
    .join('\n');
}

/** Lines of at most `columns` columns; a longer word stands alone. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function commandHelp(command: Command.Loadable, config: Interfaces.Config, { columns, words }: Manner): string {
  const { summary: _summary, ...rest } = command;
  // Its summary stands above the usage; oclif would repeat it in the description.
  const shown = { ...rest, ...described(rest, words), id: command.id.replaceAll(':', ' ') } as Command.Loadable;
  const options = { stripAnsi: true, maxWidth: columns } as Interfaces.HelpOptions;
  const help = new WordedHelp(shown, config, options, words).generate();
  return `${wrap(summaryOf(command, words), columns).join('\n')}\n\n${help}`;
}

/** The description, flags and arguments of `command` in these words. */
function described(
  { id, args, flags, description }: Pick<Command.Loadable, 'id' | 'args' | 'flags' | 'description'>,
  words: HelpWords,
): object {
  const say = <Part extends { description?: string | undefined }>(parts: Readonly<Record<string, Part>>): object =>
    Object.fromEntries(
      Object.entries(parts).map(([name, part]) => {
        const description = part.description === undefined ? undefined : words.flags[part.description];
        return [name, description === undefined ? part : { ...part, description }];
      }),
    );
  return { description: words.descriptions?.[id] ?? description, args: say(args), flags: say(flags) };
}

/** oclif's help of a command under headings and with marks of another language. */
class WordedHelp extends CommandHelp {
  readonly #words: HelpWords;

  constructor(command: Command.Loadable, config: Interfaces.Config, options: Interfaces.HelpOptions, words: HelpWords) {
    super(command, config, options);
    this.#words = words;
  }

  override section(header: string, body: Parameters<CommandHelp['section']>[1]): string {
    return super.section(this.#words.headings[header] ?? header, body);
  }

  protected override flags(flags: Parameters<CommandHelp['flags']>[0]): ReturnType<CommandHelp['flags']> {
    return super.flags(flags)?.map(([name, said]) => [name, this.#marked(said)]);
  }

  protected override args(args: Parameters<CommandHelp['args']>[0]): ReturnType<CommandHelp['args']> {
    return super.args(args)?.map(([name, said]) => [name, this.#marked(said)]);
  }

  /** What oclif itself writes beside a description, such as the default. */
  #marked(said: string | undefined): string | undefined {
    return Object.entries(this.#words.marks).reduce((text, [mark, own]) => text?.replace(mark, own), said);
  }
}

function rootHelp(config: Interfaces.Config, children: readonly Row[], { columns, words }: Manner): string {
  const { texts } = words;
  const codes = exitCodeTable().map(
    ([code, kinds]) => [String(code), kinds === 'success' ? texts.success : kinds] as const,
  );
  const flags: readonly Row[] = [
    ['--help', texts.flags.help],
    [`--home ${texts.folder}`, texts.flags.home],
    ['--json', texts.flags.json],
    ['--version', texts.flags.version],
  ];
  return [
    texts.claw,
    `${texts.usage}\n  $ claw ${texts.command} [--json] [--home ${texts.folder}]\n  $ claw chat "${texts.question}"`,
    `${texts.commands}\n${list(children, columns)}`,
    `${texts.everyFlag}\n${list(flags, columns)}`,
    `${texts.exitCodes}\n${list(codes, columns)}`,
    `${texts.more(config.version)}\n`,
  ].join('\n\n');
}
