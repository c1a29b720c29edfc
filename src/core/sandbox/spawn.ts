/** Owns the start of every child process. Promises: an argument array and never a shell, only the environment and descriptors it is given, an end by SIGKILL of the whole group. Must not decide whether a program may run. */
import { type ChildProcessByStdio, spawn as spawnProcess, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { ClawError, toError } from '../kernel/errors.ts';
import { inheritedDescriptors } from './inherited-descriptors.ts';

export interface SpawnRequest {
  /** Absolute path; PATH is never searched. */
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of an existing folder. */
  readonly cwd: string;
  /** What the child sees as argv[0]; the program's path when absent. */
  readonly argv0?: string;
  /** What the child reads from descriptor 3, to its end; without it there is no descriptor 3. */
  readonly handed?: Uint8Array;
}

export interface ChildExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildHandle {
  readonly pid: number;
  /** A write after the child closed it is dropped: `exited` tells the end. */
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the child itself ended; the rest of its group is killed at that moment. Never rejects. */
  readonly exited: Promise<ChildExit>;
  /** SIGKILL to the child and everything in its process group. Safe to call at any time. */
  killGroup(): void;
}

/** Starts a long-lived child in its own session and hands out its pipes. Throws `sandbox-refused` for a request that is malformed and `sandbox-unavailable` when the program cannot be started. */
export function spawnChild(request: SpawnRequest): ChildHandle {
  checkRequest(request);
  const child = start(request);
  const pid = child.pid;
  let ended = false;
  const killGroup = (): void => {
    if (!ended && pid !== undefined) killProcessGroup(pid);
  };
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      killGroup();
      ended = true;
      resolve({ code, signal });
    });
  });
  // EPIPE after the child's end is no news; without a listener it would end this process.
  child.stdin.on('error', ignoreBrokenPipe);
  if (request.handed !== undefined) handOver(child, request.handed);
  if (pid === undefined) {
    child.once('error', ignoreBrokenPipe);
    throw new ClawError('sandbox-unavailable', `cannot start ${request.program}`, {
      hint: 'Check that the program exists and is executable, and that the working folder exists.',
    });
  }
  return { pid, stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exited, killGroup };
}

function handOver(child: ChildProcessByStdio<Writable, Readable, Readable>, bytes: Uint8Array): void {
  const pipe = (child.stdio as readonly unknown[])[3] as Writable | null | undefined;
  pipe?.on('error', ignoreBrokenPipe).end(bytes, () => pipe.destroy());
}

function start(request: SpawnRequest): ChildProcessByStdio<Writable, Readable, Readable> {
  const leaking = inheritedDescriptors();
  const nothing = leaking.length === 0 ? undefined : openSync('/dev/null', 'r');
  try {
    const stdio: ('pipe' | 'ignore' | number)[] = ['pipe', 'pipe', 'pipe'];
    if (request.handed !== undefined) stdio.push('pipe');
    // A descriptor the child must not have is replaced by /dev/null: spawn can set one, not close one.
    for (let at = stdio.length; at <= Math.max(2, ...leaking); at += 1)
      stdio.push((leaking.includes(at) ? nothing : undefined) ?? 'ignore');
    return spawnProcess(request.program, [...request.args], {
      shell: false,
      detached: true,
      cwd: request.cwd,
      env: { ...request.env },
      stdio: stdio satisfies StdioOptions,
      windowsHide: true,
      ...(request.argv0 === undefined ? {} : { argv0: request.argv0 }),
    }) as ChildProcessByStdio<Writable, Readable, Readable>;
  } finally {
    if (nothing !== undefined) closeSync(nothing);
  }
}

function checkRequest(request: SpawnRequest): void {
  if (!isAbsolute(request.program)) throw refuse(`the program is not an absolute path: ${request.program}`);
  if (!isAbsolute(request.cwd)) throw refuse(`the working folder is not an absolute path: ${request.cwd}`);
  const words = [request.program, request.cwd, ...request.args, ...Object.entries(request.env).flat()];
  if (words.some((word) => word.includes('\0'))) throw refuse('an argument or variable holds a NUL byte');
  if (Object.keys(request.env).some((name) => name === '' || name.includes('='))) {
    throw refuse('an environment variable has no valid name');
  }
}

function refuse(reason: string): ClawError {
  return new ClawError('sandbox-refused', reason, {
    hint: 'Pass the program, its arguments and its folder as they are.',
  });
}

function killProcessGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody is left. EPERM: only another user's set-uid program is left, which we may not signal.
    const { code } = toError(error) as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function ignoreBrokenPipe(): void {}
