import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe();

/** Everything the server says to these bytes until it closes; the connection is ended after them. */
function answerTo(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(shared().state().ports.http, '127.0.0.1', () => socket.end(bytes));
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
}

const HOST = 'Host: 127.0.0.1\r\n';
const POST = `POST /api/v1/chat HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const HIDDEN = 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

test.each([
  ['length and chunks', `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
  ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}${HIDDEN}`],
  ['a length that is no number', `${POST}Content-Length: +2\r\n\r\n{}${HIDDEN}`],
  ['a chunk size that is no number', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n${HIDDEN}`],
  ['a folded header', `GET /health HTTP/1.1\r\n${HOST}X-A: b\r\n c\r\n\r\n`],
  ['a space before the colon', `GET /health HTTP/1.1\r\n${HOST}X-A : b\r\n\r\n`],
  ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
  ['a huge header', `GET /health HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['a huge path', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`],
  ['no HTTP at all', '\u0016\u0003\u0001\u0002\u0000\r\n\r\n'],
])('%s ends with a refusal or a closed socket, and nothing behind it is answered', async (_, bytes) => {
  const statuses = [...(await answerTo(bytes)).matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => status);
  expect(statuses.filter((status) => status?.startsWith('4') !== true)).toEqual([]);
  expect(statuses.length).toBeLessThanOrEqual(1);
  expect(await answerTo(`GET /health HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200/);
});
