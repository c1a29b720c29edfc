/** Owns asking systemd, by its own program, and what to say where it does not run. */
import { existsSync } from 'node:fs';
import { ClawError } from '../../core/kernel/errors.ts';
import { runProgram } from '../../core/sandbox/run-program.ts';

export interface Systemd {
  /** Absolute path of systemctl. */
  readonly program: string;
  readonly scope: 'system' | 'user';
  /** What a user's manager is found by. */
  readonly env: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 60_000;

/** True where systemd is the init system (sd_booted(3)). */
export function isSystemdBooted(): boolean {
  return existsSync('/run/systemd/system');
}

/** What systemctl prints. Throws `upstream-failed` with what it said. */
export async function systemctl({ program, scope, env }: Systemd, words: readonly string[]): Promise<string> {
  const args = [...(scope === 'user' ? ['--user'] : []), '--no-pager', '--no-ask-password', ...words];
  const { code, stdout, stderr } = await runProgram({
    program,
    args,
    env: { ...env },
    cwd: '/',
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: 65_536,
  });
  if (code === 0) return stdout.toString('utf8');
  const said = stderr.toString('utf8').trim() || `exit code ${code}`;
  throw new ClawError('upstream-failed', `systemctl ${words.join(' ')} failed: ${said}`, {
    hint:
      scope === 'system'
        ? 'A system service is managed by root: try it with sudo.'
        : 'A user service needs a session of the user: log in, or run "sudo loginctl enable-linger USER".',
  });
}

/** The reason and the next step where no service manager can help. */
export function noSystemd(platform: NodeJS.Platform): ClawError {
  return platform === 'linux'
    ? new ClawError('not-found', 'systemd does not run on this machine.', {
        hint: 'Run "claw serve" under what does: in a container as its command, else with your own supervisor.',
      })
    : new ClawError('not-found', 'Services are made for systemd on Linux; launchd is not supported.', {
        hint: 'Run "claw serve" in a terminal that stays (tmux, screen), or from a launchd job of your own.',
      });
}
