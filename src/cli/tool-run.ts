/** Owns what the run of a tool means on the command line: its input, its text and its exit code. */
import { text as textOf } from 'node:stream/consumers';
import type { Settings } from '../core/config/load-settings.ts';
import { ClawError, ERROR_KINDS } from '../core/kernel/errors.ts';
import type { JsonObject, JsonValue } from '../core/kernel/messages.ts';
import { safeText } from '../core/kernel/terminal-text.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import type { ToolRun } from '../core/tools/tool-sandbox.ts';
import { printErr } from './print.ts';

/** The input of a tool; `-` reads it from stdin. Throws `usage-invalid` unless it is one JSON object. */
export async function parseInput(given: string): Promise<JsonObject> {
  const text = given === '-' ? await textOf(process.stdin) : given;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new ClawError('usage-invalid', phrase('noInputJson'), {
      hint: phrase('writeInput'),
      cause: error,
    });
  }
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  throw new ClawError('usage-invalid', phrase('noInputObject'), { hint: phrase('writeInput') });
}

export function exitCodeOfRun(status: ToolRun['status']): number {
  switch (status) {
    case 'ok':
      return 0;
    case 'refused':
      return ERROR_KINDS['sandbox-refused'].exitCode;
    case 'timeout':
      return ERROR_KINDS['limit-reached'].exitCode;
    case 'error':
      return ERROR_KINDS['data-invalid'].exitCode;
  }
}

/** The answer for stdout; what went wrong goes to stderr. */
export function runText(name: string, { status, output, error }: ToolRun): string {
  if (status !== 'ok') {
    printErr(safeText(`${name}: ${status}: ${error ?? ''}`));
    return '';
  }
  return safeText(typeof output === 'string' ? output : JSON.stringify(output, null, 2));
}

/** Throws `permission-denied` unless the process was started for tests of the wall. A file never says so. */
export function requireUnsafeTests(settings: Settings): void {
  const { source } = settings.resolve('UNSAFE_TESTS');
  if (settings.get('UNSAFE_TESTS') && source === 'environment') return;
  throw new ClawError('permission-denied', '--force-activate is for tests of the wall.', {
    hint: 'Set CLAW_UNSAFE_TESTS=1 in the environment.',
  });
}
