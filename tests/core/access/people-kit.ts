/** A store with an admin and a member, and a clock that moves when told to. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { User } from '../../../src/core/access/local-user.ts';
import { createPairingService, type PairingService } from '../../../src/core/access/pairing.ts';
import { type Clock, systemClock } from '../../../src/core/kernel/clock.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

export const MINUTE = 60_000;

export interface PeopleKit {
  readonly home: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly pairing: PairingService;
  readonly admin: User;
  readonly member: User;
  /** Ids of the people who were told that they are let in. */
  readonly welcomed: readonly string[];
  pass(ms: number): void;
}

export async function peopleKit(): Promise<PeopleKit> {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  let now = Date.UTC(2026, 2, 2, 12);
  const clock: Clock = { ...systemClock, now: () => now };
  const admin: User = { id: 'u1', username: 'owner', role: 'admin', state: 'active', created_at: 0 };
  const member: User = { id: 'u2', username: 'mia', role: 'user', state: 'active', created_at: 0 };
  for (const user of [admin, member]) await store.users.insertIfAbsent(user);
  const welcomed: string[] = [];
  const pairing = createPairingService({
    store,
    clock,
    expiryMs: 60 * MINUTE,
    welcome: async (_tables, { person_id }) => void welcomed.push(person_id),
  });
  return { home, store, clock, pairing, admin, member, welcomed, pass: (ms) => void (now += ms) };
}
