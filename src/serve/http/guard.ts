/** Owns who may go on at the HTTP API, and how often. A credential that is shown is always checked; without one the owner is meant only while authentication is off and the request comes from this machine itself. */
import { requirePermission } from '../../core/access/permissions.ts';
import { type RateLimits, secondsOf } from '../../core/access/rate-limits.ts';
import type { App } from '../../core/create-app.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { createRefusalRecord } from '../record-refusals.ts';
import type { Guard } from './http-server.ts';
import { HttpFailure } from './problem.ts';

export async function createGuard(app: App): Promise<Guard> {
  const { limits } = await app.access();
  const record = createRefusalRecord(app);
  return {
    async authenticate(shown, action) {
      if (action === 'public') return undefined;
      const { authenticate } = await (await app.access()).authenticator();
      return authenticate(shown);
    },
    permit(actor, action) {
      if (action === 'public') return;
      if (actor === undefined) throw new ClawError('auth-missing', 'Sign in first.');
      requirePermission(actor, action);
    },
    refused: (actor, from, act, thrown) => record({ actor, from, via: 'http', act }, thrown),
    count: (actor, action, by) =>
      actor === undefined ? {} : take(limits, by === 'page' ? 'page' : 'api', `${actor.user.id} ${action}`),
  };
}

/** Each kind of act has a count of its own: reading a list takes nothing from talking. */
function take(limits: RateLimits, kind: 'api' | 'page', caller: string): Readonly<Record<string, string>> {
  const verdict = limits.take(kind, caller);
  const headers = {
    'x-ratelimit-limit': String(verdict.limit),
    'x-ratelimit-remaining': String(verdict.remaining),
    'x-ratelimit-reset': String(secondsOf(verdict)),
  };
  if (verdict.isAllowed) return headers;
  const wait = secondsOf(verdict);
  throw new HttpFailure(429, 'limit-reached', `At most ${verdict.limit} requests of this kind fit into the time.`, {
    hint: `Try again in ${wait} seconds.`,
    headers: { ...headers, 'retry-after': String(wait) },
  });
}
