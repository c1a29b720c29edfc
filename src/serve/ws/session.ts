/** Owns whether a socket may be there without saying who it is, and how what it shows becomes an actor. Who that is, is decided in core. */
import type { Actor } from '../../core/access/actor.ts';
import type { Authenticator } from '../../core/access/authenticate.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { Credential } from './check-upgrade.ts';

export interface Sessions {
  /** Whoever is on this machine is the owner of the home. */
  isOpen(): boolean;
  /** Throws `auth-missing` or `auth-rejected`. */
  open(credential: Credential | undefined, address: string): Promise<Actor>;
  /** The actor as they stand now. Throws `auth-rejected` for those who may not be here any more. */
  renew(actor: Actor): Promise<Actor>;
}

interface SessionDeps {
  readonly isOpen: () => boolean;
  readonly authenticator: () => Promise<Authenticator>;
}

export function createSessions({ isOpen, authenticator }: SessionDeps): Sessions {
  return {
    isOpen,
    async open(credential, address) {
      const { authenticate } = await authenticator();
      if (credential === undefined) {
        if (isOpen()) return authenticate({ address });
        throw new ClawError('auth-missing', 'Say who you are first.', { hint: '{"type":"auth","token":"…"}' });
      }
      if (credential.kind === 'bearer') return authenticate({ authorization: `Bearer ${credential.value}`, address });
      throw rejected();
    },
    async renew(actor) {
      if (actor.via === 'loopback' && !isOpen()) throw rejected();
      return (await authenticator()).renew(actor);
    },
  };
}

function rejected(): ClawError {
  return new ClawError('auth-rejected', 'The credential was refused.', { hint: 'Sign in again.' });
}
