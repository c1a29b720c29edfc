import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

/** A real datagram socket, as systemd has one: `heard` resolves when all the words arrived. */
async function supervisor(): Promise<{ socket: string; heard(...words: string[]): Promise<string> }> {
  const socket = join(await temporaryDirectory(), 'notify');
  const receiver = spawn('socat', ['-d', '-d', '-u', `UNIX-RECV:${socket}`, 'STDOUT'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void receiver.kill('SIGKILL'));
  let text = '';
  receiver.stdout.on('data', (data) => {
    text += String(data);
  });
  await once(receiver.stderr, 'data');
  const heard = async (...words: string[]): Promise<string> => {
    while (!words.every((word) => text.includes(word))) await once(receiver.stdout, 'data');
    return text;
  };
  return { socket, heard };
}

test('systemd hears when the server is ready, that it is alive, and when it stops', async () => {
  const { socket, heard } = await supervisor();
  const serve = await startServe({ env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000' } });
  await heard('READY=1', 'STATUS=ready');
  const text = await heard('WATCHDOG=1');
  expect(text).not.toContain('STOPPING=1');
  expect(await serve.stop()).toBe(0);
  expect(await heard('STOPPING=1', 'STATUS=stopping')).toContain('WATCHDOG=1');
});

test('a watchdog that is meant for another process is not answered', async () => {
  const { socket, heard } = await supervisor();
  const serve = await startServe({ env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '100000', WATCHDOG_PID: '1' } });
  await heard('READY=1');
  await serve.stop();
  expect(await heard('STOPPING=1')).not.toContain('WATCHDOG');
});

test('a supervisor that cannot be reached is told in the log and hurts nothing', async () => {
  const serve = await startServe({ env: { NOTIFY_SOCKET: '/nowhere/notify' } });
  await serve.logged('the supervisor could not be told');
  expect((await serve.get('/ready')).status).toBe(200);
});
