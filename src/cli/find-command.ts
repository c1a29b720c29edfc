/** Owns how words on the command line name a command: the longest known name wins. Pure. */
import { phrase, type Phrase } from '../core/kernel/language/phrase.ts';
import { nearestName } from '../core/kernel/nearest-name.ts';

export interface FoundCommand {
  /** Words of the name joined with a space. */
  readonly name: string;
  /** What is left for the command. */
  readonly rest: readonly string[];
}

/** The command that `argv` begins with, or undefined. `names` are known names, words joined with a space. */
export function findCommand(argv: readonly string[], names: ReadonlySet<string>): FoundCommand | undefined {
  const words = leadingWords(argv);
  for (let count = words.length; count > 0; count--) {
    const name = words.slice(0, count).join(' ');
    if (names.has(name)) return { name, rest: argv.slice(count) };
  }
  return undefined;
}

/** The words before the first flag. */
export function leadingWords(argv: readonly string[]): readonly string[] {
  const end = argv.findIndex((word) => word.startsWith('-'));
  return end === -1 ? argv : argv.slice(0, end);
}

/** What to say when `argv` begins with no command. */
export function explainUnknown(
  argv: readonly string[],
  names: ReadonlySet<string>,
  topics: ReadonlySet<string>,
): { message: Phrase; hint: Phrase } {
  const words = leadingWords(argv);
  if (words.length === 0) return { message: phrase('noOptionAlone', argv[0] ?? ''), hint: phrase('runHelp', 'claw') };
  const topic = findCommand(words, topics)?.name;
  if (topic === words.join(' '))
    return { message: phrase('needsCommand', topic), hint: phrase('runHelp', `claw ${topic}`) };
  const asked = words.slice(0, topic === undefined ? 1 : topic.split(' ').length + 1).join(' ');
  const near = nearestName(asked, [...names, ...topics]);
  const help = phrase('runHelp', topic === undefined ? 'claw' : `claw ${topic}`);
  return {
    message: phrase('noCommand', asked),
    hint: near === undefined ? help : phrase('didYouMean', `"claw ${near}"`),
  };
}
