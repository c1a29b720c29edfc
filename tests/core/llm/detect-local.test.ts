import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { detectLocalServers } from '../../../src/core/llm/detect-local.ts';

async function serverThatAnswers(status: number, body: string): Promise<number> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('a server that lists models is found, with its address and models', async () => {
  const port = await serverThatAnswers(200, JSON.stringify({ data: [{ id: 'llama3.2' }, { id: 7 }, null] }));
  expect(await detectLocalServers(fetch, [['Local', port]])).toEqual([
    { name: 'Local', baseUrl: `http://127.0.0.1:${port}/v1`, models: ['llama3.2'] },
  ]);
});

test.each([
  ['a page of another program', 200, '<html>'],
  ['an error', 500, '{"data":[{"id":"x"}]}'],
  ['an empty list', 200, '{"data":[]}'],
  ['another shape', 200, '{"data":{"id":"x"}}'],
])('%s is no model server', async (_, status, body) => {
  expect(await detectLocalServers(fetch, [['Local', await serverThatAnswers(status, body)]])).toEqual([]);
});

test('a closed port and a server that never answers end within the time-out', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const started = performance.now();
  expect(
    await detectLocalServers(fetch, [
      ['Silent', port],
      ['Closed', 1],
    ]),
  ).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2_000);
});
