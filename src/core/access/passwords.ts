/** Owns signing in with a password, and setting one. A wrong name and a wrong password read the same and take the same time; who tries too often waits. The counts live in memory: restarting claw is nothing a stranger can do. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { createRateWindow, type RateWindow } from '../kernel/rate-window.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store } from '../store/store.ts';
import type { Actor } from './actor.ts';
import type { User } from './local-user.ts';
import { checkPassword, type PasswordHasher } from './password.ts';
import { requirePermission, requireWhole } from './permissions.ts';

export interface PasswordDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
}

export type PasswordService = ReturnType<typeof createPasswordService>;

const WINDOW_MS = 15 * 60_000;
/** Wrong tries within the window: of one address for one name, of one address, and for one name from everywhere. */
const MAX_WRONG = { pair: 5, address: 30, name: 50 } as const;

export function createPasswordService(deps: PasswordDeps) {
  const open = (limit: number): RateWindow => createRateWindow(deps.clock, () => ({ limit, windowMs: WINDOW_MS }));
  const wrong = { pair: open(MAX_WRONG.pair), address: open(MAX_WRONG.address), name: open(MAX_WRONG.name) };
  const check = async (username: string, password: string, address: string): Promise<User> => {
    const name = username.normalize('NFKC').trim().toLowerCase().slice(0, 100);
    const tries = [
      [wrong.pair, `${address} ${name}`],
      [wrong.address, address],
      [wrong.name, name],
    ] as const;
    await countTry(deps, tries, { name, address });
    const user = await deps.store.users.byName(name);
    const hash = user === undefined ? undefined : await deps.store.signIn.passwordHash(user.id);
    const isRight = await deps.hasher.matches(password, hash);
    if (!isRight || user?.state !== 'active') {
      await deny(deps, { name, address });
      throw new ClawError('auth-rejected', phrase('wrongPassword'));
    }
    for (const [window, key] of tries) window.giveBack(key);
    return user;
  };
  return {
    /** The user of that name and password. Throws `auth-rejected`, and `limit-reached` after too many wrong ones. */
    check,
    /** One's own, for whoever knows the one that holds now, if there is one. Every other sign-in of theirs ends. Throws `usage-invalid`, `permission-denied`, `limit-reached`. */
    change: async (by: Actor, wanted: { readonly current: string; readonly next: string }): Promise<void> => {
      requireWhole(by);
      requirePermission(by, 'self.change');
      checkPassword(wanted.next, by.user.username);
      const held = await deps.store.signIn.passwordHash(by.user.id);
      if (held !== undefined) {
        await check(by.user.username, wanted.current, by.from).catch((error: unknown) => {
          // The session is good: to say that it is not would end it in the browser.
          const isWrong = error instanceof ClawError && error.code === 'auth-rejected';
          throw isWrong ? new ClawError('permission-denied', phrase('wrongCurrentPassword'), { cause: error }) : error;
        });
      }
      await storePassword(deps, by, by.user, {
        password: wanted.next,
        keep: by.via === 'session' ? by.credentialId : null,
      });
    },
    /** Sets a password; every sign-in of the user ends. Throws `usage-invalid`, `permission-denied`. */
    set: async (by: Actor, user: User, password: string): Promise<void> => {
      requireWhole(by);
      requirePermission(by, by.user.id === user.id ? 'self.change' : 'user.manage');
      checkPassword(password, user.username);
      await storePassword(deps, by, user, { password, keep: null });
    },
  };
}

async function storePassword(
  deps: PasswordDeps,
  by: Actor,
  { id }: User,
  { password, keep }: { readonly password: string; readonly keep: string | null },
): Promise<void> {
  const hash = await deps.hasher.hash(password);
  const now = deps.clock.now();
  await deps.store.transaction(async (tables) => {
    await tables.signIn.setPassword(id, hash, now);
    await tables.signIn.revokeAll(id, { reason: 'password', now, keep: keep ?? undefined });
    await tables.audit.append({ at: now, by, action: 'user.password', target: id });
  });
}

interface Try {
  readonly name: string;
  readonly address: string;
}

/** Every try counts as wrong until it was right. */
async function countTry(
  deps: PasswordDeps,
  tries: readonly (readonly [RateWindow, string])[],
  who: Try,
): Promise<void> {
  for (const [window, key] of tries) {
    const { isAllowed, waitMs } = window.take(key);
    if (isAllowed) continue;
    await deny(deps, who);
    throw new ClawError('limit-reached', phrase('tooManyPasswords'), {
      hint: phrase('againInMinutes', Math.ceil(waitMs / 60_000)),
      waitSeconds: Math.ceil(waitMs / 1000),
    });
  }
}

async function deny({ store, clock }: PasswordDeps, { name, address }: Try): Promise<void> {
  const by = { via: 'password', from: address };
  await store.audit.append({ at: clock.now(), by, action: 'session.open', target: name, outcome: 'denied' });
}
