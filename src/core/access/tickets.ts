/** Owns one-time tickets: they let a browser open a WebSocket without a token in its address. Good once, for 30 seconds, for one purpose, by the process that made them. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Actor } from './actor.ts';
import type { Authenticator } from './authenticate.ts';
import { hashSecretValue, newSecretValue } from './secret-values.ts';

export interface TicketService {
  issue(by: Actor, purpose: string): { readonly ticket: string; readonly expiresAt: number };
  /** The actor as they stand now. Throws `auth-rejected`. */
  redeem(ticket: string, purpose: string): Promise<Actor>;
}

const GOOD_MS = 30_000;
const MAX_TICKETS = 10_000;

export function createTicketService(clock: Clock, { renew }: Pick<Authenticator, 'renew'>): TicketService {
  const tickets = new Map<string, { actor: Actor; purpose: string; expiresAt: number }>();
  return {
    issue(actor, purpose) {
      const now = clock.now();
      for (const [hash, { expiresAt }] of tickets) {
        if (expiresAt > now && tickets.size < MAX_TICKETS) break;
        tickets.delete(hash);
      }
      const ticket = newSecretValue();
      const expiresAt = now + GOOD_MS;
      tickets.set(hashSecretValue(ticket), { actor, purpose, expiresAt });
      return { ticket, expiresAt };
    },
    async redeem(ticket, purpose) {
      const hash = hashSecretValue(ticket);
      const found = tickets.get(hash);
      tickets.delete(hash);
      if (found === undefined || found.purpose !== purpose || found.expiresAt <= clock.now()) {
        throw new ClawError('auth-rejected', 'The ticket was refused.', { hint: 'Get a new one; it is good once.' });
      }
      return renew(found.actor);
    },
  };
}
