/** The people of the kit as actors, with the services that let them in. */
import { expect } from 'vitest';
import { type Actor, terminalActor } from '../../../src/core/access/actor.ts';
import { type AccessSwitches, createAuthenticator } from '../../../src/core/access/authenticate.ts';
import { createKeyService } from '../../../src/core/access/keys.ts';
import { createUserService } from '../../../src/core/access/users.ts';
import { createAccessTokens } from '../../../src/core/access/access-token.ts';
import { createPasswordHasher } from '../../../src/core/access/password.ts';
import { createPasswordService } from '../../../src/core/access/passwords.ts';
import { createSessionService } from '../../../src/core/access/sessions.ts';
import { createDeviceService } from '../../../src/core/access/devices.ts';
import { createSignInLinkService } from '../../../src/core/access/sign-in-links.ts';
import { createTicketService } from '../../../src/core/access/tickets.ts';
import { createTokenService } from '../../../src/core/access/tokens.ts';
import { MINUTE, peopleKit } from './people-kit.ts';

/** Made up: 32 characters, the shortest that is accepted. */
export const SECRET = 'not-a-secret-of-anybody-32-chars';
export const HOME_ADDRESS = '127.0.0.1';

export async function accessKit() {
  const kit = await peopleKit();
  const { store, clock } = kit;
  const switches: { -readonly [Name in keyof AccessSwitches]: AccessSwitches[Name] } = {
    isAuthOn: true,
    ownerTokens: [],
  };
  const ttl = { access: 900, refresh: 604_800 };
  const accessTokens = createAccessTokens({ clock, secret: async () => SECRET });
  const ttlMs = () => ({ idle: 60 * MINUTE, most: 180 * MINUTE });
  const sessions = createSessionService({ store, clock, ttlMs });
  const hasher = createPasswordHasher();
  const settings = { hasOwnerToken: false };
  const authenticator = createAuthenticator({
    store,
    clock,
    switches: () => switches,
    accessTokens: async () => accessTokens,
    sessions,
  });
  return {
    ...kit,
    switches,
    authenticator,
    sessions,
    ttl,
    tokens: createTokenService({ store, clock, accessTokens, ttlSeconds: () => ttl }),
    tickets: createTicketService(clock, authenticator),
    settings,
    passwords: createPasswordService({ store, clock, hasher }),
    devices: createDeviceService({ store, clock, ttlMs }),
    links: createSignInLinkService({ store, clock, hasher, ttlMs, hasOwnerToken: () => settings.hasOwnerToken }),
    users: createUserService({ store, clock }),
    keys: createKeyService({ store, clock }),
    byAdmin: terminalActor(kit.admin),
    byMember: terminalActor(kit.member),
    signIn: (token: string): Promise<Actor> =>
      authenticator.authenticate({ authorization: `Bearer ${token}`, address: HOME_ADDRESS }),
  };
}

export const refused = (code: string): unknown => expect.objectContaining({ code });
