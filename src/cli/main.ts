/** Owns the way from words on the command line to one command class. It promises an exit code for everything that goes wrong; it knows no command by name. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Interfaces } from '@oclif/core';
import { ClawError } from '../core/kernel/errors.ts';
import type { Language } from '../core/kernel/language/choose-language.ts';
import { loadCatalogue } from '../core/kernel/language/load-catalogue.ts';
import type { BaseCommand } from './base-command.ts';
import { explainUnknown, findCommand, leadingWords } from './find-command.ts';
import { homeFlag } from './home-flag.ts';
import { loadConfig } from './load-config.ts';
import { printOut } from './print.ts';
import { reportError, wantsJson } from './report-error.ts';
import { topicNames } from './topics.ts';

interface Installation {
  /** Directory that holds package.json and dist. */
  readonly root: string;
  /** Writes what V8 compiled to the cache; a process that is killed never would. */
  readonly flushCompileCache: () => void;
}

/** Runs the command that `argv` names and sets the exit code of the process. */
export async function main(argv: readonly string[], { root, flushCompileCache }: Installation): Promise<void> {
  quietBrokenPipes();
  const dist = join(root, 'dist');
  try {
    const config = await loadConfig(root, dist);
    const names = new Set(config.commandIDs.map((id) => id.replaceAll(':', ' ')));
    if (wantsHelp(argv) || isTopicAlone(argv, names)) {
      const subject = helpSubject(argv, names);
      printOut(await helpFor(config, subject, await languageOf(argv)));
      return;
    }
    const found = findCommand(argv, names);
    if (found === undefined) throw unknownCommand(argv, names);
    const file = join(dist, 'commands', `${found.name.replaceAll(' ', '/')}.js`);
    const { default: Found } = (await import(pathToFileURL(file).href)) as { default: typeof BaseCommand };
    // A long-running command is more often killed than ended: keep what is compiled by then.
    setTimeout(flushCompileCache, 3000).unref();
    Found.id = found.name.replaceAll(' ', ':');
    await Found.start(found.rest, config);
  } catch (error) {
    reportError(error, wantsJson(argv), await loadCatalogue(await languageOf(argv)));
  }
  flushCompileCache();
}

/** Loaded only when it is asked for and was not made at build. */
async function helpFor(config: Interfaces.Config, subject: string, language: Language): Promise<string> {
  const { renderHelp } = await import('./help.ts');
  const { helpWords } = await import('./language/load-help-words.ts');
  return renderHelp(config, subject, { words: await helpWords(language) }) ?? '';
}

/** The language for whoever typed `argv`. */
async function languageOf(argv: readonly string[]): Promise<Language> {
  const { interfaceLanguage } = await import('../core/config/interface-language.ts');
  return interfaceLanguage(homeFlag(argv));
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const asked = end === -1 ? argv : argv.slice(0, end);
  return argv.length === 0 || argv[0] === 'help' || asked.includes('--help') || asked.at(-1) === '-h';
}

function isTopicAlone(argv: readonly string[], names: ReadonlySet<string>): boolean {
  const name = argv.join(' ');
  return topicNames(names).has(name) && !names.has(name);
}

/** The longest command or topic that the words name; the root when they name none. */
function helpSubject(argv: readonly string[], names: ReadonlySet<string>): string {
  const words = argv[0] === 'help' ? argv.slice(1) : argv;
  const known = new Set([...names, ...topicNames(names)]);
  const found = findCommand(words, known);
  if (found === undefined && leadingWords(words).length > 0) throw unknownCommand(words, names);
  return found?.name ?? '';
}

function unknownCommand(argv: readonly string[], names: ReadonlySet<string>): ClawError {
  const { message, hint } = explainUnknown(argv, names, topicNames(names));
  return new ClawError('usage-invalid', message, { hint });
}

/** A reader that closes early (`claw ... | head`) is no failure; remarks that nobody reads any more keep nothing from going on. */
function quietBrokenPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
  });
}
