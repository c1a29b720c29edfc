/** Owns the sessions of browsers: what the cookie holds is 256 random bits, stored as a hash. A session ends when it was not used for a while, after its time, or when it is revoked. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { SessionRow } from '../store/sign-in-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { Actor } from './actor.ts';
import type { User } from './local-user.ts';
import { requirePermission, requireWhole } from './permissions.ts';
import { hashSecretValue, newSecretValue } from './secret-values.ts';

/** Name of the cookie. */
export const SESSION_COOKIE = 'claw_session';

export interface SessionDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** How long a session lasts unused, and at most. */
  readonly ttlMs: () => { readonly idle: number; readonly most: number };
}

export type SessionService = ReturnType<typeof createSessionService>;

/** That a session was used is written down at most so often, in milliseconds. */
const TOUCH_MS = 60_000;
const MAX_AGENT_LENGTH = 200;

export function createSessionService(deps: SessionDeps) {
  const { store, clock, ttlMs } = deps;
  return {
    /** Begins a session, of a device that was let in or of none; the value is for the cookie. Throws `permission-denied` for a credential that is not good for everything. */
    open: async (
      by: Actor,
      agent: string,
      deviceId: string | null = null,
    ): Promise<{ row: SessionRow; value: string }> => {
      requireWhole(by);
      return store.transaction(async (tables) => {
        const session = await addSession(tables, deps, { user: by.user, from: by.from, agent, deviceId });
        await tables.audit.append({ at: clock.now(), by, action: 'session.open', target: session.row.id });
        return session;
      });
    },
    /** The good session of a cookie's value. */
    find: async (value: string): Promise<SessionRow | undefined> => {
      const now = clock.now();
      const row = await store.signIn.sessionByHash(hashSecretValue(value));
      if (row === undefined || !isGood(row, now, ttlMs().idle)) return undefined;
      if (now - row.last_seen_at >= TOUCH_MS) await store.signIn.touchSession(row.id, now);
      return row;
    },
    isGood: async (id: string, userId: string): Promise<boolean> => {
      const row = await store.signIn.session(id, userId);
      return row !== undefined && isGood(row, clock.now(), ttlMs().idle);
    },
    /** The caller's own, newest first. */
    list: async (by: Actor): Promise<SessionRow[]> => {
      requirePermission(by, 'self.read');
      const now = clock.now();
      return store.signIn.sessions(by.user.id, { now, seenSince: now - ttlMs().idle });
    },
    /** All of the caller's own, and their tokens; with `keep`, the session of that id goes on. Returns how many sessions ended. Throws `permission-denied` for a credential that is not good for everything. */
    revokeAll: async (by: Actor, keep?: string): Promise<number> => {
      requirePermission(by, 'self.read');
      requireWhole(by);
      return store.transaction(async (tables) => {
        const now = clock.now();
        const ended = await tables.signIn.revokeAll(by.user.id, { reason: 'logout', now, keep });
        await tables.audit.append({ at: now, by, action: 'session.revoke-all', detail: { sessions: ended } });
        return ended;
      });
    },
    /** One of the caller's own. Throws `not-found`, and as `revokeAll`. */
    revoke: async (by: Actor, id: string): Promise<void> => {
      requireWhole(by);
      await store.transaction(async (tables) => {
        if (!(await tables.signIn.revokeSession(id, by.user.id, clock.now()))) {
          throw new ClawError('not-found', 'You have no such session.');
        }
        await tables.audit.append({ at: clock.now(), by, action: 'session.revoke', target: id });
      });
    },
  };
}

/** Adds a session inside a transaction. */
export async function addSession(
  { signIn }: Tables,
  { clock, ttlMs }: Pick<SessionDeps, 'clock' | 'ttlMs'>,
  of: { readonly user: User; readonly from: string; readonly agent: string; readonly deviceId: string | null },
): Promise<{ row: SessionRow; value: string }> {
  const now = clock.now();
  const value = newSecretValue();
  const row: SessionRow = {
    id: newId(now),
    user_id: of.user.id,
    device_id: of.deviceId,
    hash: hashSecretValue(value),
    from_address: of.from,
    agent: of.agent.replaceAll(/\p{C}/gu, '').slice(0, MAX_AGENT_LENGTH),
    created_at: now,
    last_seen_at: now,
    expires_at: now + ttlMs().most,
    revoked_at: null,
  };
  await signIn.insertSession(row);
  return { row, value };
}

function isGood(row: SessionRow, now: number, idleMs: number): boolean {
  return row.revoked_at === null && row.expires_at > now && now - row.last_seen_at < idleMs;
}
