/** Owns running another claw of the same home to its end, so that the server's loop waits for nothing that takes long. */
import { join } from 'node:path';
import type { App } from '../core/create-app.ts';
import { runProgram, type RunResult } from '../core/sandbox/run-program.ts';
import { packageRoot } from '../core/tools/source/own-program.ts';

const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Runs `claw WORDS --json --home HOME`; it ends with `signal`, or after `timeoutMs`. */
export function runAside(
  { paths: { home }, config }: Pick<App, 'paths' | 'config'>,
  words: readonly string[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<RunResult> {
  const claw = join(packageRoot(), 'bin', 'claw.js');
  return runProgram({
    program: process.execPath,
    args: ['--disable-sigusr1', claw, ...words, '--json', '--home', home],
    env: config.own,
    cwd: home,
    timeoutMs,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** What a run that failed said, short enough for a message. */
export function saidBy({ stdout, stderr }: RunResult): string {
  return (stderr.toString('utf8').trim() || stdout.toString('utf8').trim()).slice(0, 500);
}
