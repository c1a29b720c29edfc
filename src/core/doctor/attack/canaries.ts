/** Owns what the probes would love to touch: a file, a port, a socket, a process and a secret of the environment, all watched from outside of the tool. */
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnChild } from '../../sandbox/spawn.ts';

export interface Canaries {
  readonly folder: string;
  /** Holds `secret`. */
  readonly file: string;
  readonly secret: string;
  readonly port: number;
  readonly socket: string;
  readonly victim: number;
  /** What was touched since the last look; empty when nothing was. */
  harm(): string[];
  close(): Promise<void>;
}

export async function openCanaries(): Promise<Canaries> {
  const folder = mkdtempSync(join(tmpdir(), 'claw-attack-'));
  const secret = `canary-${randomUUID()}`;
  const file = join(folder, 'file');
  const socket = join(folder, 'socket');
  const touched: string[] = [];
  const tcp = createServer((stranger) => (touched.push('port'), stranger.destroy()));
  const unix = createServer((stranger) => (touched.push('socket'), stranger.destroy()));
  await Promise.all([listening(tcp, { port: 0, host: '127.0.0.1' }), listening(unix, { path: socket })]);
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4').on('message', () => touched.push('datagram port'));
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  const victim = spawnChild({
    program: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1000)'],
    env: {},
    cwd: folder,
  });
  let isOver = false;
  void victim.exited.then(() => !isOver && touched.push('process'));
  let writtenAt = writeCanary(file, secret);
  return {
    folder,
    file,
    secret,
    port,
    socket,
    victim: victim.pid,
    harm() {
      const found = touched.splice(0);
      if (readFileSync(file, 'utf8') === secret && statSync(file).mtimeMs === writtenAt) return found;
      writtenAt = writeCanary(file, secret);
      return [...found, 'file'];
    },
    async close() {
      isOver = true;
      victim.killGroup();
      await victim.exited;
      tcp.close();
      udp.close();
      unix.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeCanary(file: string, secret: string): number {
  rmSync(file, { force: true });
  // Everybody may read it, so that the walls alone keep it closed.
  writeFileSync(file, secret, { mode: 0o644 });
  return statSync(file).mtimeMs;
}

function listening(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, resolve);
  });
}
