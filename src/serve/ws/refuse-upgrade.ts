/** Owns how a request for a WebSocket is refused before it is one. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from './check-upgrade.ts';

/** Says why in plain HTTP, and hangs up. */
export function refuseUpgrade(
  socket: Duplex,
  { status, code, message }: Omit<Refusal, 'status'> & { status: number },
): void {
  const body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    detail: message,
    code,
  });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
      'Connection: close',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
      '',
      body,
    ].join('\r\n'),
  );
  socket.once('finish', () => socket.destroy());
}
