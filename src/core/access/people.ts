/** Owns who a person of a chat platform is to claw: the user they were paired with, or one of their own while a setting lets them in. Privilege belongs to that user, never to a place. */
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { PersonRow } from '../store/people-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { User } from './local-user.ts';

export interface PlatformPerson {
  /** Name of the platform. */
  readonly channel: string;
  /** The platform's own id of the person. */
  readonly senderId: string;
  readonly name: string;
  /** A setting lets this person in here and now. */
  readonly isAllowed: boolean;
}

export interface PeopleDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** A person who was recorded less than this ago, in milliseconds, is not written down again. */
const SEEN_AGAIN_MS = 60_000;

/** The user behind a sender, whatever their state; undefined for a stranger and for whoever is blocked. Everyone is recorded. */
export async function personOf({ store, clock }: PeopleDeps, person: PlatformPerson): Promise<User | undefined> {
  const row = await see(store, person, clock.now());
  if (row.state === 'blocked' || (row.state === 'unknown' && !person.isAllowed)) return undefined;
  if (row.user_id !== null) return store.users.byId(row.user_id);
  return store.transaction((tables) => ownUser(tables, person, clock.now()));
}

async function see({ people }: Tables, person: PlatformPerson, now: number): Promise<PersonRow> {
  const { channel, senderId: personId, name } = person;
  const found = await people.find(channel, personId);
  if (found?.name === name && now - found.last_seen_at < SEEN_AGAIN_MS) return found;
  return people.see({ channel, personId, name }, now);
}

/** The user linked to the person, or a new one of role user. A name such as `telegram-5` that someone else bears gets a number. Call inside a transaction. */
export async function ownUser(
  { users, people }: Tables,
  { channel, senderId }: Pick<PlatformPerson, 'channel' | 'senderId'>,
  now: number,
): Promise<User> {
  const linked = (await people.find(channel, senderId))?.user_id ?? undefined;
  const known = linked === undefined ? undefined : await users.byId(linked);
  if (known !== undefined) return known;
  const base = `${channel}-${senderId.toLowerCase()}`;
  for (let number = 1; ; number += 1) {
    const username = number === 1 ? base : `${base}-${number}`;
    if ((await users.byName(username)) !== undefined) continue;
    const user: User = { id: newId(now), username, role: 'user', state: 'active', created_at: now };
    await users.insertIfAbsent(user);
    await people.link(channel, senderId, { userId: user.id });
    return user;
  }
}
