/** Owns a real Docker engine for tests, with a folder and a socket of its own; ends by its process id, and what it started with it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export interface DockerEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** What the client prints, as lines. */
  docker(...args: readonly string[]): Promise<string[]>;
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;

export async function openDockerEngine(): Promise<DockerEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'claw-docker-'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const places = ['--data-root', 'data', '--exec-root', 'exec', '--pidfile', 'pid'].map((word) =>
    word.startsWith('--') ? word : join(folder, word),
  );
  // No storage driver, firewall or bridge that a small or nested machine may lack.
  const args = ['--storage-driver', 'vfs', '--iptables=false', '--bridge=none', ...places, '-H', host];
  const daemon = spawn('dockerd', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>((resolve) => daemon.once('exit', () => resolve()).once('error', () => resolve()));
  await listening(daemon);
  return {
    host,
    docker: async (...words) => {
      const { stdout } = await promisify(execFile)('docker', words, { env: { DOCKER_HOST: host, PATH: '/usr/bin' } });
      return stdout.split('\n').filter((line) => line !== '');
    },
    close: async () => {
      daemon.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listening(daemon: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const said: string[] = [];
  const timer = setTimeout(() => daemon.kill('SIGTERM'), START_TIMEOUT_MS);
  const fail = (): void => reject(new Error(`dockerd did not start:\n${said.slice(-5).join('\n')}`));
  daemon.once('error', fail).once('exit', fail);
  if (daemon.stderr !== null) {
    createInterface(daemon.stderr).on('line', (line) => {
      said.push(line);
      if (line.includes('API listen on')) resolve();
    });
  }
  return promise.finally(() => clearTimeout(timer));
}
