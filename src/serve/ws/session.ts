/** Owns whether a socket may be there without saying who it is, and how what it shows becomes an actor. Who that is, is decided in core. */
import type { Actor } from '../../core/access/actor.ts';
import type { Authenticator } from '../../core/access/authenticate.ts';
import type { TicketService } from '../../core/access/tickets.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { phrase } from '../../core/kernel/language/phrase.ts';
import type { Credential } from './check-upgrade.ts';

export interface Sessions {
  /** Whoever is on this machine is the owner of the home. */
  isOpen(): boolean;
  /** Throws `auth-missing` or `auth-rejected`. */
  open(credential: Credential | undefined, address: string): Promise<Actor>;
  /** The actor as they stand now. Throws `auth-rejected` for those who may not be here any more. */
  renew(actor: Actor): Promise<Actor>;
}

/** What a ticket is issued for. */
export const WEBSOCKET_TICKET = 'websocket';

interface SessionDeps {
  readonly isOpen: () => boolean;
  readonly tickets: () => Promise<Pick<TicketService, 'redeem'>>;
  readonly authenticator: () => Promise<Authenticator>;
}

export function createSessions({ isOpen, authenticator, tickets }: SessionDeps): Sessions {
  return {
    isOpen,
    async open(credential, address) {
      const { authenticate } = await authenticator();
      if (credential === undefined) {
        if (isOpen()) return authenticate({ address });
        throw new ClawError('auth-missing', 'Say who you are first.', { hint: '{"type":"auth","token":"…"}' });
      }
      if (credential.kind === 'bearer') return authenticate({ authorization: `Bearer ${credential.value}`, address });
      return (await tickets()).redeem(credential.value, WEBSOCKET_TICKET);
    },
    async renew(actor) {
      if (actor.via === 'loopback' && !isOpen()) throw rejected();
      return (await authenticator()).renew(actor);
    },
  };
}

function rejected(): ClawError {
  return new ClawError('auth-rejected', phrase('credentialRefused'), { hint: 'Sign in again.' });
}
