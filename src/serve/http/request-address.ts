/** Owns where a request says it comes from. */
import type { FastifyRequest } from 'fastify';
import { isForwarded } from '../ws/check-upgrade.ts';

/** The address of the client; behind a proxy that would be the proxy's, which says nothing of who asks. */
export function addressOf(request: FastifyRequest): string {
  return isForwarded(request.raw) ? 'forwarded' : request.ip;
}
