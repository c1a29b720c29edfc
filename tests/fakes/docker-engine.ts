/** Owns a real Docker engine for tests, with a folder and a socket of its own; ends by its process id, and what it started with it. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
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
const IMAGE_ROOM_BYTES = 6 * 1024 ** 3;
const MAX_PRINTED_BYTES = 16 * 1024 * 1024;

/** For `images` that are built from many files it works in memory and with a quicker driver, where the machine has them. */
export async function openDockerEngine(use: 'containers' | 'images' = 'containers'): Promise<DockerEngine> {
  if (use === 'containers') return start('vfs', tmpdir());
  const place = hasRoom('/dev/shm') ? '/dev/shm' : tmpdir();
  return start('overlay2', place).catch(() => start('vfs', place));
}

/** A build says on stdout why it failed. */
function withOutput(error: Error & { readonly stdout?: string }): never {
  error.message += `\n${(error.stdout ?? '').split('\n').slice(-20).join('\n')}`;
  throw error;
}

/** What the engine leaves mounted: the network of the machine, where a container used it. */
function mountsBelow(folder: string): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return mounts.map((line) => line.split(' ')[1] ?? '').filter((path) => path.startsWith(`${folder}/`));
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > IMAGE_ROOM_BYTES;
}

async function start(driver: string, place: string): Promise<DockerEngine> {
  const folder = mkdtempSync(join(place, 'claw-docker-'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const places = ['--data-root', 'data', '--exec-root', 'exec', '--pidfile', 'pid'].map((word) =>
    word.startsWith('--') ? word : join(folder, word),
  );
  // No firewall or bridge that a small or nested machine may lack.
  const args = ['--storage-driver', driver, '--iptables=false', '--bridge=none', ...places, '-H', host];
  const daemon = spawn('dockerd', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>((resolve) => daemon.once('exit', () => resolve()).once('error', () => resolve()));
  // The builder that every engine has: the other one is a Debian package of its own.
  const env = { DOCKER_HOST: host, DOCKER_BUILDKIT: '0', PATH: '/usr/bin' };
  const close = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    await exited;
    for (const left of mountsBelow(folder)) execFileSync('umount', [left]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await listening(daemon);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    host,
    close,
    docker: async (...words) => {
      const { stdout } = await promisify(execFile)('docker', words, { env, maxBuffer: MAX_PRINTED_BYTES }).catch(
        withOutput,
      );
      return stdout.split('\n').filter((line) => line !== '');
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
