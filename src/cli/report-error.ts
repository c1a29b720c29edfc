/** Owns how a failure leaves the command line: what is said, and with which exit code. */
import { ClawError, ERROR_KINDS, toError } from '../core/kernel/errors.ts';
import { ENGLISH, explain, type Catalogue } from '../core/kernel/language/catalogue.ts';
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

/** oclif's own errors are usage errors; an aborted signal is the user's wish; everything else is a bug. */
function asClawError(thrown: unknown): ClawError {
  if (thrown instanceof ClawError) return thrown;
  const error = toError(thrown);
  if ('oclif' in error) {
    const message = (error.message.split('\nSee more help')[0] ?? error.message).trim();
    return new ClawError('usage-invalid', message, { hint: 'Add --help for the usage and examples.' });
  }
  if (error.name === 'AbortError') return new ClawError('cancelled', 'Stopped.', { cause: error });
  return new ClawError('internal-error', error.message, { cause: error });
}
