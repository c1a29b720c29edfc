/** Web servers on loopback for the tests of the guarded client, reached by made-up names. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import {
  createGuardedFetch,
  type GuardedFetchDeps,
  type GuardedRequest,
  type GuardedResponse,
} from '../../../src/core/net/guarded-fetch.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface WebServers {
  readonly seen: SeenRequest[];
  /** Starts one and gives its port. */
  readonly serve: (handler: Handler) => Promise<number>;
  /** Listens with a server made elsewhere. */
  readonly listen: (server: TcpServer, host?: string) => Promise<number>;
  readonly close: () => void;
}

export function webServers(): WebServers {
  const open: TcpServer[] = [];
  const seen: SeenRequest[] = [];
  const listen = async (server: TcpServer, host = '127.0.0.1'): Promise<number> => {
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return (server.address() as AddressInfo).port;
  };
  return {
    seen,
    listen,
    serve: (handler) => {
      const server: Server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
          handler(request, response);
        });
      });
      return listen(server);
    },
    close: () => {
      for (const server of open) {
        (server as Partial<Server>).closeAllConnections?.();
        server.close();
      }
    },
  };
}

export const toLoopback = async (): Promise<string[]> => ['127.0.0.1'];

/** A client that trusts `site.example` and `other.example` on `ports`. */
export function fetcher(
  ports: readonly number[],
  more: Partial<GuardedFetchDeps> = {},
): (request: Partial<GuardedRequest> & { url: string }) => Promise<GuardedResponse> {
  const hosts = ['site.example', 'other.example'];
  const trustedOrigins = ports.flatMap((port) => hosts.map((host) => `http://${host}:${port}`));
  const fetch = createGuardedFetch({ resolve: toLoopback, trustedOrigins, ...more });
  return (request) => fetch({ timeoutMs: 5_000, ...request });
}
