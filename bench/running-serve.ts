/** Owns the `claw serve` that a measurement runs against: a fresh home, ports of its own, and nothing left of it afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string>>;

const claw = join(import.meta.dirname, '..', 'bin', 'claw.js');

/** Runs `work` against a server that is ready, with `settings` on top of `env`. */
export async function withServe<T>(
  env: Environment,
  settings: Environment,
  work: (server: ChildProcess, home: string) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'claw-bench-serve-'));
  const ports = { HEALTH_PORT: '0', DASHBOARD_PORT: '0', WS_PORT: '0', MAX_DAILY_CALLS: '0' };
  const server = spawn(process.execPath, [claw, 'serve'], {
    cwd: home,
    env: { ...env, HOME: home, CLAW_HOME: home, ...ports, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await ready(server);
    return await work(server, home);
  } finally {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

function ready({ stderr }: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    stderr?.on('data', (data) => {
      if (log.length < 20_000) log += String(data);
      if (log.includes('server is ready')) resolve();
    });
    stderr?.once('end', () => reject(new Error(`claw serve did not start:\n${log}`)));
  });
}
