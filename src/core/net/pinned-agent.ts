/** Owns the connection itself: a dispatcher that can reach the checked addresses of one URL and nothing else. TLS names and the Host header stay those of the URL. */
import type { Agent } from 'undici';
import { ClawError } from '../kernel/errors.ts';
import { canonicalAddress } from './check-address.ts';
import type { UrlAllowed } from './decide-url.ts';
import { lookupFixed } from './resolve.ts';

/** Bytes of all response headers together. */
const MAX_HEADER_BYTES = 32_768;

/** A one-use agent for `allowed`; the caller destroys it. No proxy setting of the environment is read. */
export async function pinnedAgent(allowed: UrlAllowed, connectTimeoutMs: number): Promise<Agent> {
  // By its default export: a bundle knows no other of a CommonJS package.
  const { Agent, buildConnector } = (await import('undici')).default;
  const connect = buildConnector({ allowH2: false, timeout: connectTimeoutMs, lookup: lookupFixed(allowed.addresses) });
  const checked = new Set(allowed.addresses.map(canonicalAddress));
  return new Agent({
    maxHeaderSize: MAX_HEADER_BYTES,
    pipelining: 0,
    connect: (options, callback) => {
      connect(options, (...[error, socket]) => {
        if (error !== null) return callback(error, null);
        // The kernel has the last word on where the socket went.
        const peer = socket.remoteAddress;
        if (peer !== undefined && checked.has(canonicalAddress(peer.replace(/%.*$/, ''))))
          return callback(null, socket);
        socket.destroy();
        callback(new ClawError('sandbox-refused', `connected to ${peer ?? 'nowhere'}, which was not checked`), null);
      });
    },
  });
}
