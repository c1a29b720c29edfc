/** Owns the small HTTP server that says whether claw lives (/health) and takes messages (/ready), for probes. It tells no ids, paths or secrets, and takes nothing in. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Readiness {
  readonly isReady: boolean;
  /** Body of /ready. */
  readonly report: Readonly<Record<string, unknown>>;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Probes of this machine only. */
const HOST = '127.0.0.1';
const MAX_REQUEST_MS = 5000;

/** Listens on `port` (0: any). Rejects with the error of node when it is taken. */
export async function startHealthServer(port: number, readiness: () => Readiness): Promise<HealthServer> {
  const started = performance.now();
  const server = createServer(
    { requestTimeout: MAX_REQUEST_MS, headersTimeout: MAX_REQUEST_MS },
    (request, response) => {
      request.resume();
      const [path] = (request.url ?? '/').split('?', 1);
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        answer(response, 405, { error: 'Only GET is answered here.' }, { allow: 'GET, HEAD' });
      } else if (path === '/health') {
        answer(response, 200, { status: 'ok', uptime_seconds: Math.floor((performance.now() - started) / 1000) });
      } else if (path === '/ready') {
        const { isReady, report } = readiness();
        answer(response, isReady ? 200 : 503, report);
      } else {
        answer(response, 404, { error: 'There is nothing here. Ask for /health or /ready.' });
      }
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}
