/** The people of the kit as actors, with the services that let them in. */
import { expect } from 'vitest';
import { type Actor, terminalActor } from '../../../src/core/access/actor.ts';
import { type AccessSwitches, createAuthenticator } from '../../../src/core/access/authenticate.ts';
import { createKeyService } from '../../../src/core/access/keys.ts';
import { createUserService } from '../../../src/core/access/users.ts';
import { peopleKit } from './people-kit.ts';

export const HOME_ADDRESS = '127.0.0.1';

export async function accessKit() {
  const kit = await peopleKit();
  const { store, clock } = kit;
  const switches: { -readonly [Name in keyof AccessSwitches]: AccessSwitches[Name] } = {
    isAuthOn: true,
    ownerTokens: [],
  };
  const authenticator = createAuthenticator({ store, clock, switches: () => switches });
  return {
    ...kit,
    switches,
    authenticator,
    users: createUserService({ store, clock }),
    keys: createKeyService({ store, clock }),
    byAdmin: terminalActor(kit.admin),
    byMember: terminalActor(kit.member),
    signIn: (token: string): Promise<Actor> =>
      authenticator.authenticate({ authorization: `Bearer ${token}`, address: HOME_ADDRESS }),
  };
}

export const refused = (code: string): unknown => expect.objectContaining({ code });
