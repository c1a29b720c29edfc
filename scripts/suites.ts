/** Owns which tests need a program that a plain machine may lack, and how to find out whether it works. */
import { spawnSync } from 'node:child_process';

export interface Suite {
  readonly name: string;
  /** True for the test files (paths from the root, with /) of this suite. */
  readonly holds: (path: string) => boolean;
  /** Why the suite cannot run here, or undefined when it can. */
  readonly missing: () => string | undefined;
}

/** A test file declares its need by its name: `x.bwrap.test.ts`, `x.tmux.test.ts`, `x.openssl.test.ts`, `x.systemd.test.ts`, `x.root.test.ts`, `x.chromium.test.ts`, `x.docker.test.ts`; the rest of tests/walls needs bubblewrap. */
export const SUITES: readonly Suite[] = [
  {
    name: 'walls',
    holds: (path) => (path.startsWith('tests/walls/') && !named('docker')(path)) || named('bwrap')(path),
    // The commands that run inside the wall: two of them are no part of a small system.
    missing: () =>
      failure('bubblewrap', 'bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']) ??
      failure('curl', 'curl', ['--version']) ??
      failure('procps', 'ps', ['--version']),
  },
  { name: 'tmux', holds: named('tmux'), missing: () => failure('tmux', 'tmux', ['-V']) },
  { name: 'openssl', holds: named('openssl'), missing: () => failure('openssl', 'openssl', ['version']) },
  { name: 'browser', holds: named('chromium'), missing: () => failure('chromium', 'chromium', ['--version']) },
  {
    name: 'systemd',
    holds: named('systemd'),
    missing: () =>
      failure('systemd', 'systemd-analyze', ['--version']) ??
      failure('systemd', 'systemd-notify', ['--version']) ??
      failure('socat', 'socat', ['-V']),
  },
  {
    name: 'root',
    holds: named('root'),
    missing: () =>
      process.getuid?.() === 0 ? undefined : 'its tests start processes of other users, which only root may',
  },
  {
    name: 'docker',
    holds: named('docker'),
    missing: () =>
      failure('docker.io', 'docker', ['--version']) ??
      failure('docker.io', 'dockerd', ['--version']) ??
      failure('bubblewrap', 'bwrap', ['--version']),
  },
];

function named(word: string): (path: string) => boolean {
  return (path) => new RegExp(`\\.${word}\\.test\\.tsx?$`).test(path);
}

function failure(debianPackage: string, command: string, args: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
  if (error !== undefined) return `${command} is not installed (Debian package ${debianPackage})`;
  return status === 0 ? undefined : `${command} does not work here: ${stderr.trim().split('\n')[0]}`;
}
