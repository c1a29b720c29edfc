/** Owns what a hostile tool would love to touch: a file, a port, a socket and a process, all watched from outside of it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Canaries {
  readonly folder: string;
  /** Holds `secret`. */
  readonly file: string;
  readonly secret: string;
  readonly port: number;
  readonly socket: string;
  readonly victim: number;
  /** What was harmed so far; empty when nothing was. */
  harm(): string[];
  close(): Promise<void>;
}

export async function openCanaries(): Promise<Canaries> {
  const folder = mkdtempSync(join(tmpdir(), 'claw-canary-'));
  const secret = `canary-${crypto.randomUUID()}`;
  const file = join(folder, 'file');
  writeFileSync(file, secret, { mode: 0o644 });
  const touched: string[] = [];
  const tcp = createServer((socket) => (touched.push('port'), socket.destroy()));
  const unix = createServer((socket) => (touched.push('socket'), socket.destroy()));
  const socket = join(folder, 'socket');
  await Promise.all([
    new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done)),
    new Promise<void>((done) => unix.listen(socket, done)),
  ]);
  const victim = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  victim.on('exit', () => touched.push('victim'));
  const { mtimeMs } = statSync(file);
  return {
    folder,
    file,
    secret,
    port: (tcp.address() as AddressInfo).port,
    socket,
    victim: victim.pid ?? 0,
    harm: () => [
      ...touched,
      ...(readFileSync(file, 'utf8') === secret && statSync(file).mtimeMs === mtimeMs ? [] : ['file']),
    ],
    close: async () => {
      victim.removeAllListeners('exit');
      victim.kill('SIGKILL');
      tcp.close();
      unix.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
