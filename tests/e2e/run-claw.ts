/** Runs the built binary as a user would: a real process, a home of its own, and none of the machine's settings. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const ROOT = join(import.meta.dirname, '..', '..');
export const CLAW = join(ROOT, 'bin', 'claw.js');

interface RunOptions {
  /** The home; a fresh one when not given. */
  readonly home?: string;
  /** Text for stdin, which is closed after it; empty when not given. */
  readonly input?: string;
  /** Settings on top of a bare environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Flags of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** Registers what to do at the end; that of the test when not given. */
  readonly onEnd?: (clean: () => Promise<void> | void) => void;
  /** The process is killed then and the run fails. */
  readonly timeoutMs?: number;
}

export interface ClawRun {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A directory that goes when the test ends. */
export async function temporaryDirectory(onEnd: RunOptions['onEnd'] = onTestFinished): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'claw-test-'));
  onEnd(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

/** The environment of a run: a PATH, a HOME inside the home, no colour, English. */
export function bareEnvironment(home: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    CLAW_HOME: home,
    CLAW_LANG: 'en',
    CLAW_SECRET_STORE: 'file',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    TZ: 'UTC',
    ...extra,
  };
}

/** Starts `claw` and leaves the process to the test, which must end it; it is killed when the test is over. */
export async function startClaw(
  args: readonly string[],
  options: RunOptions = {},
): Promise<ChildProcessWithoutNullStreams> {
  const onEnd = options.onEnd ?? onTestFinished;
  const home = options.home ?? (await temporaryDirectory(onEnd));
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), CLAW, ...args], {
    cwd: options.cwd ?? home,
    env: bareEnvironment(home, options.env),
  });
  onEnd(() => {
    child.kill('SIGKILL');
  });
  // A child that ends without reading its input is no failure of the test.
  child.stdin.on('error', () => {});
  return child;
}

/** Runs `claw ARGS` to its end. */
export async function runClaw(args: readonly string[], options: RunOptions = {}): Promise<ClawRun> {
  const child = await startClaw(args, options);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin.end(options.input ?? '');
  const limit = options.timeoutMs ?? 15_000;
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  if (signal === 'SIGKILL') {
    throw new Error(`claw ${args.join(' ')} took more than ${limit} ms\n${output.stdout}\n${output.stderr}`);
  }
  return { ...output, code, signal };
}

/** Runs `claw ARGS --json` and parses what it printed, whatever the exit code. */
export async function runClawJson(
  args: readonly string[],
  options: RunOptions = {},
): Promise<ClawRun & { json: unknown }> {
  const run = await runClaw([...args, '--json'], options);
  return { ...run, json: JSON.parse(run.stdout) as unknown };
}
