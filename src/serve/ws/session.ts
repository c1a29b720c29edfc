/** Owns who speaks on a socket and whether they still may: looked up at the upgrade and again at each message. The ways to prove it come from outside. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../../core/access/actor.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { Credential } from './check-upgrade.ts';

export interface Session {
  readonly actor: Actor;
  /** Reads user, role and credential anew; throws `auth-rejected` when they are not good any more. */
  renew(): Promise<Session>;
}

export interface SessionDeps {
  /** Everybody on loopback is the owner. */
  readonly isOpen: () => boolean;
  /** The token of the settings, which makes its bearer the owner. */
  readonly ownToken: () => string | undefined;
  readonly owner: () => Promise<Actor['user']>;
  /** The actor behind an API key, an access token or a ticket. Throws `auth-rejected`. */
  readonly authenticate: (credential: Credential, from: string) => Promise<Actor>;
  /** The same actor as the store has it now. Throws `auth-rejected`. */
  readonly refresh: (actor: Actor) => Promise<Actor>;
}

/** Who that is. Throws `auth-missing` or `auth-rejected`. */
export async function openSession(
  deps: SessionDeps,
  credential: Credential | undefined,
  from: string,
): Promise<Session> {
  if (deps.isOpen()) return loopbackSession(deps, from);
  if (credential === undefined) {
    throw new ClawError('auth-missing', 'Say who you are first.', {
      hint: 'Send the header "Authorization: Bearer TOKEN", or as the first frame {"type":"auth","token":"…"}.',
    });
  }
  const token = deps.ownToken();
  if (credential.kind === 'bearer' && token !== undefined && isSame(credential.value, token)) {
    return tokenSession(deps, token, from);
  }
  return actorSession(deps, active(await deps.authenticate(credential, from)));
}

async function loopbackSession(deps: SessionDeps, from: string): Promise<Session> {
  if (!deps.isOpen()) throw rejected('Authentication was switched on.');
  const user = await deps.owner();
  const actor = active({ user, via: 'loopback', credentialId: null, scopes: null, from });
  return { actor, renew: () => loopbackSession(deps, from) };
}

async function tokenSession(deps: SessionDeps, token: string, from: string): Promise<Session> {
  if (!isSame(deps.ownToken() ?? '', token)) throw rejected('The token was changed.');
  const user = await deps.owner();
  const actor = active({ user, via: 'api-key', credentialId: 'WS_AUTH_TOKEN', scopes: null, from });
  return { actor, renew: () => tokenSession(deps, token, from) };
}

function actorSession(deps: SessionDeps, actor: Actor): Session {
  return { actor, renew: async () => actorSession(deps, active(await deps.refresh(actor))) };
}

function active(actor: Actor): Actor {
  if (actor.user.state !== 'active') throw rejected('This user is disabled.');
  return actor;
}

function rejected(message: string): ClawError {
  return new ClawError('auth-rejected', message, { hint: 'Ask an admin of this home.' });
}

/** Takes the same time whatever is different. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
