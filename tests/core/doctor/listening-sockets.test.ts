import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listeningOf } from '../../../src/core/doctor/listening-sockets.ts';

async function listenAt(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('the addresses a process listens on', () => {
  it('are told as they are bound', async () => {
    const [here, everywhere] = [await listenAt('127.0.0.1'), await listenAt('0.0.0.0')];
    expect(await listeningOf(process.pid)).toEqual(
      expect.arrayContaining([`127.0.0.1:${here}`, `0.0.0.0:${everywhere}`]),
    );
  });

  it('are not known of a process that is not there', async () => {
    expect(await listeningOf(2 ** 30)).toBeNull();
  });
});
