/** Owns the shape of what --help says beside the commands themselves, and its English. Another language is loaded only when help is shown in it. */
import type { Texts } from '../../core/kernel/language/phrase.ts';
import { TOPICS } from '../topics.ts';

const ENGLISH = {
  claw: 'claw: a self-hosted AI assistant.',
  usage: 'USAGE',
  commands: 'COMMANDS',
  everyFlag: 'FLAGS OF EVERY COMMAND',
  exitCodes: 'EXIT CODES',
  more: (version: string) => `Version ${version}. More: claw COMMAND --help`,
  command: 'COMMAND',
  folder: 'DIR',
  question: 'what is 2 plus 3?',
  success: 'success',
  flags: {
    help: 'Show usage and examples.',
    home: 'Use this home instead of ~/.claw (CLAW_HOME).',
    json: 'Print one JSON value on stdout and nothing else.',
    version: 'Show the version (without a command).',
  },
};

export type HelpTexts = Texts<typeof ENGLISH>;

export interface HelpWords {
  readonly texts: HelpTexts;
  /** Summary of a topic by its name. */
  readonly topics: Readonly<Record<string, string>>;
  /** Summary of a command by its id; undefined: its own is used. */
  readonly summaries: Readonly<Record<string, string>> | undefined;
  /** Longer description of a command by its id; undefined: its own is used. */
  readonly descriptions: Readonly<Record<string, string>> | undefined;
  /** Headings of the help of a command, marks of its flags, and descriptions of flags and arguments, by their English. */
  readonly headings: Readonly<Record<string, string>>;
  readonly marks: Readonly<Record<string, string>>;
  readonly flags: Readonly<Record<string, string>>;
}

export const ENGLISH_HELP: HelpWords = {
  texts: ENGLISH,
  topics: TOPICS,
  summaries: undefined,
  descriptions: undefined,
  headings: {},
  marks: {},
  flags: {},
};
