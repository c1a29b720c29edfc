/** Owns a program of the user's that speaks to the user itself: it gets the terminal that claw has, and an environment that is given. Never a shell; never for what a model asks for. */
import { spawn } from 'node:child_process';
import { ClawError } from '../kernel/errors.ts';
import type { ChildExit, SpawnRequest } from './spawn.ts';

/** Runs it to its end; Ctrl-C reaches it as it reaches claw, and it is ended when `signal` aborts. Throws `sandbox-unavailable` when it cannot be started. */
export async function runInTerminal(
  { program, args, env, cwd }: Pick<SpawnRequest, 'program' | 'args' | 'env' | 'cwd'>,
  signal: AbortSignal,
): Promise<ChildExit> {
  const child = spawn(program, [...args], { shell: false, cwd, env: { ...env }, stdio: 'inherit' });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<ChildExit>((resolve, reject) => {
      child.once('exit', (code, by) => resolve({ code, signal: by }));
      child.once('error', (cause) => {
        reject(new ClawError('sandbox-unavailable', `${program} cannot be started.`, { cause }));
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
