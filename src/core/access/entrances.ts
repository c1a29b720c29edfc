/** Owns what lets a person in besides keys, for whoever manages people: their sessions in browsers, and who they are on chat platforms. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { PersonRow } from '../store/people-table.ts';
import type { SessionRow } from '../store/sign-in-table.ts';
import type { Store } from '../store/store.ts';
import type { Actor } from './actor.ts';
import type { User } from './local-user.ts';
import { requirePermission } from './permissions.ts';
import type { SessionDeps } from './sessions.ts';

export interface EntranceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ttlMs: SessionDeps['ttlMs'];
}

export type EntranceService = ReturnType<typeof createEntranceService>;

export function createEntranceService({ store, clock, ttlMs }: EntranceDeps) {
  return {
    /** The sessions of the user that are good, newest first. Throws `permission-denied`. */
    sessions: async (by: Actor, user: User): Promise<SessionRow[]> => {
      requirePermission(by, 'user.manage');
      const now = clock.now();
      return store.signIn.sessions(user.id, { now, seenSince: now - ttlMs().idle });
    },
    /** Ends one session of the user. Throws `not-found`. */
    endSession: async (by: Actor, user: User, id: string): Promise<void> => {
      requirePermission(by, 'user.manage');
      await store.transaction(async ({ signIn, audit }) => {
        if (!(await signIn.revokeSession(id, user.id, clock.now()))) {
          throw new ClawError('not-found', `${user.username} has no such session.`);
        }
        const detail = { owner: user.id };
        await audit.append({ at: clock.now(), by, action: 'session.revoke', target: id, detail });
      });
    },
    /** Signs the user out everywhere: sessions and tokens end; keys stay. */
    endAll: async (by: Actor, user: User): Promise<void> => {
      requirePermission(by, 'user.manage');
      await store.transaction(async ({ signIn, audit }) => {
        await signIn.revokeAll(user.id, { reason: 'admin', now: clock.now() });
        await audit.append({ at: clock.now(), by, action: 'user.sign-out', target: user.id });
      });
    },
    /** Who the user is on chat platforms, last seen first. */
    identities: async (by: Actor, user: User): Promise<PersonRow[]> => {
      requirePermission(by, 'user.manage');
      return store.people.ofUser(user.id);
    },
    /** Takes a person of a chat platform off the user: they are a stranger again. Throws `not-found`. */
    unlink: async (by: Actor, user: User, { channel, personId }: Identity): Promise<void> => {
      requirePermission(by, 'user.manage');
      await store.transaction(async ({ people, audit }) => {
        if (!(await people.unlink(channel, personId, user.id))) {
          throw new ClawError('not-found', `${user.username} is not ${personId} on ${channel}.`);
        }
        const detail = { owner: user.id, channel };
        await audit.append({ at: clock.now(), by, action: 'pairing.remove', target: personId, detail });
      });
    },
  };
}

/** A person as their platform knows them. */
interface Identity {
  readonly channel: string;
  readonly personId: string;
}
