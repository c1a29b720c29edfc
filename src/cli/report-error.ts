/** Owns how a failure leaves the command line: what is said, and with which exit code. */
import { ClawError, ERROR_KINDS, toError } from '../core/kernel/errors.ts';
import { ENGLISH, explain, type Catalogue } from '../core/kernel/language/catalogue.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import type { Phrase } from '../core/kernel/language/phrase.ts';
import { printErr, printJson } from './print.ts';

/** Says what failed (as JSON on stdout with `asJson`) and sets the exit code of the process. Bugs keep their stack. */
export function reportError(thrown: unknown, asJson: boolean, texts: Catalogue = ENGLISH): void {
  const error = asClawError(thrown);
  if (asJson) {
    const { code, message, hint } = error;
    printJson({ error: { code, message, ...(hint === undefined ? {} : { hint }) } });
  } else {
    const { message, hint } = explain(error, texts);
    printErr(`claw: ${message}`);
    if (hint !== undefined) printErr(`      ${hint}`);
  }
  if (error.code === 'internal-error') printErr(toError(thrown).stack ?? '');
  process.exitCode = error.exitCode;
}

/** True when `argv` asks for JSON; words after `--` are arguments. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** Exit codes with the kinds of failure they stand for, in ascending order. */
export function exitCodeTable(): readonly (readonly [number, string])[] {
  const kinds = new Map<number, string[]>([[0, ['success']]]);
  for (const [code, kind] of Object.entries(ERROR_KINDS)) {
    kinds.set(kind.exitCode, [...(kinds.get(kind.exitCode) ?? []), code]);
  }
  return [...kinds].toSorted(([a], [b]) => a - b).map(([exitCode, codes]) => [exitCode, codes.join(', ')]);
}

/** What oclif's parser says, for those who say it in another language: `args` are those that are missing, or words too many; `flags` are unknown ones. */
function usagePhrase(error: object, text: string): Phrase | undefined {
  const { args, flags } = error as { readonly args?: unknown; readonly flags?: unknown };
  if (Array.isArray(flags)) return { ...phrase('unknownFlags', flags.join(', ')), text };
  if (!Array.isArray(args)) return undefined;
  const names = (args as readonly unknown[]).filter((each): each is { name: string } => typeof each === 'object');
  return names.length > 0
    ? { ...phrase('missingArguments', names.map(({ name }) => name.toUpperCase()).join(', ')), text }
    : { ...phrase('unexpectedArguments', args.join(' ')), text };
}

/** oclif's own errors are usage errors; an aborted signal is the user's wish; everything else is a bug. */
function asClawError(thrown: unknown): ClawError {
  if (thrown instanceof ClawError) return thrown;
  const error = toError(thrown);
  if ('oclif' in error) {
    const message = (error.message.split('\nSee more help')[0] ?? error.message).trim();
    return new ClawError('usage-invalid', usagePhrase(error, message) ?? message, { hint: phrase('addHelp') });
  }
  if (error.name === 'AbortError') return new ClawError('cancelled', phrase('stopped'), { cause: error });
  return new ClawError('internal-error', error.message, { cause: error });
}
