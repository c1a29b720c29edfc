/** Owns pairing: a stranger who writes directly gets a one-time code, and an admin who hears it from them lets them in. Codes are stored as hashes; wrong ones lock approving for a while. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { PairingRow } from '../store/people-table.ts';
import type { Store, Tables } from '../store/store.ts';
import { requireAdmin, type User, userByName } from './local-user.ts';
import { ownUser } from './people.ts';
import { CODE_LENGTH, hashCode, newCode } from './spoken-code.ts';

export interface PairingDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** How long a code is good, in milliseconds. */
  readonly expiryMs: number;
  /** Has the person told that they are let in; part of the transaction that lets them in. */
  readonly welcome: (tables: Tables, pairing: PairingRow) => Promise<void>;
}

export interface PairingRequest {
  readonly channel: string;
  readonly personId: string;
  readonly name: string;
  /** The direct chat in which they wrote. */
  readonly chat: string;
}

export interface PairingOffer {
  /** Eight characters in two groups: `K7QM-3WXD`. */
  readonly code: string;
  /** Milliseconds UTC. */
  readonly expiresAt: number;
}

export type PairingService = ReturnType<typeof createPairingService>;

/** Codes a person may be given in an hour, and how soon after the last one, in milliseconds. */
const MAX_CODES = 3;
const HOUR_MS = 3_600_000;
const AGAIN_MS = 60_000;
/** So many wrong codes within the window lock approving for as long, in milliseconds. */
const MAX_WRONG = 5;
const LOCK_MS = 600_000;

export function createPairingService(deps: PairingDeps) {
  const { store, clock } = deps;
  return {
    /** A new code for a stranger; undefined when they had enough of them, or are blocked: then say nothing. */
    request: (request: PairingRequest): Promise<PairingOffer | undefined> => requestCode(deps, request),
    /** Newest first; only those that still wait unless `all`. */
    list: ({ all }: { readonly all: boolean }): Promise<PairingRow[]> =>
      store.people.pairings(all ? undefined : clock.now()),
    /** Lets the person in as the user `username`, or as a user of their own. Throws `permission-denied`, `limit-reached`, `not-found`, `conflict`. */
    approve: (code: string, by: User, username?: string): Promise<{ pairing: PairingRow; user: User }> =>
      approve(deps, code, by, username),
    /** Takes the code, or the id (or its beginning) of a request. Throws as `approve`. */
    deny: (code: string, by: User): Promise<PairingRow> => deny(deps, code, by),
  };
}

async function requestCode(
  { store, clock, expiryMs }: PairingDeps,
  who: PairingRequest,
): Promise<PairingOffer | undefined> {
  const now = clock.now();
  const { channel, personId } = who;
  const code = newCode();
  const expiresAt = now + expiryMs;
  return store.transaction(async ({ people }) => {
    const person = await people.find(channel, personId);
    if (person === undefined) await people.see({ channel, personId, name: who.name }, now);
    const recent = await people.pairingsOf(channel, personId, now - HOUR_MS);
    const isEnough = recent.length >= MAX_CODES || recent.some(({ state }) => state === 'denied');
    const isSoon = (recent[0]?.created_at ?? -Infinity) > now - AGAIN_MS;
    if (isEnough || isSoon || person?.state === 'blocked') return undefined;
    await people.expirePairings(now);
    await people.insertPairing({
      id: newId(now),
      channel,
      person_id: personId,
      person_name: who.name,
      chat_jid: who.chat,
      code_hash: hashCode('pairing', code),
      state: 'pending',
      created_at: now,
      expires_at: expiresAt,
      decided_by: null,
      decided_at: null,
    });
    return { code, expiresAt };
  });
}

async function approve(
  { store, clock, welcome }: PairingDeps,
  code: string,
  by: User,
  username: string | undefined,
): Promise<{ pairing: PairingRow; user: User }> {
  requireAdmin(by);
  const as = username === undefined ? undefined : await userByName(store, username);
  if (as?.state === 'disabled') {
    throw new ClawError('conflict', phrase('userDisabled', as.username), { hint: 'Choose another --user.' });
  }
  const outcome = await store.transaction(async (tables) => {
    const now = clock.now();
    const pairing = await findByCode(tables, code, by, now);
    if (pairing instanceof ClawError) return pairing;
    await tables.people.decidePairing(pairing.id, { state: 'approved', by: by.id }, now);
    const { channel, person_id: senderId } = pairing;
    const user = as ?? (await ownUser(tables, { channel, senderId }, now));
    await tables.people.link(channel, senderId, { userId: user.id, state: 'allowed' });
    await tables.people.expirePairings(now, { channel, personId: senderId });
    await welcome(tables, pairing);
    await record(tables, 'pairing.approve', pairing, by, now);
    return { pairing: { ...pairing, state: 'approved' as const, decided_by: by.id, decided_at: now }, user };
  });
  // Thrown out here: a wrong code must stay counted.
  if (outcome instanceof ClawError) throw outcome;
  return outcome;
}

async function deny({ store, clock }: PairingDeps, code: string, by: User): Promise<PairingRow> {
  requireAdmin(by);
  const outcome = await store.transaction(async (tables) => {
    const now = clock.now();
    const pairing = (await findById(tables, code, now)) ?? (await findByCode(tables, code, by, now));
    if (pairing instanceof ClawError) return pairing;
    await tables.people.decidePairing(pairing.id, { state: 'denied', by: by.id }, now);
    await record(tables, 'pairing.deny', pairing, by, now);
    return { ...pairing, state: 'denied' as const, decided_by: by.id, decided_at: now };
  });
  if (outcome instanceof ClawError) throw outcome;
  return outcome;
}

async function record({ audit }: Tables, action: string, pairing: PairingRow, by: Doer, at: number): Promise<void> {
  const { id: target, channel, person_id, person_name } = pairing;
  await audit.append({ at, by: doneBy(by), action, target, detail: { channel, person_id, person_name } });
}

/** A request that waits, by the beginning of its id: the list shows ids, not codes. */
async function findById({ people }: Tables, id: string, now: number): Promise<PairingRow | undefined> {
  const wanted = id.trim().toLowerCase();
  if (wanted.length <= CODE_LENGTH) return undefined;
  const found = (await people.pairings(now)).filter((row) => row.id.startsWith(wanted));
  return found.length === 1 ? found[0] : undefined;
}

/** The request with this code when it can be decided; otherwise what to throw, the wrong code counted. */
async function findByCode(
  { people, audit }: Tables,
  code: string,
  by: User,
  now: number,
): Promise<PairingRow | ClawError> {
  const lockedUntil = lockEnd(await people.lastWrongCodes(MAX_WRONG));
  if (now < lockedUntil) {
    const minutes = Math.ceil((lockedUntil - now) / 60_000);
    return new ClawError('limit-reached', phrase('tooManyWrongCodes'), {
      hint: phrase('againInMinutes', minutes),
    });
  }
  const pairing = await people.pairingByHash(hashCode('pairing', code));
  if (pairing === undefined) {
    await people.insertWrongCode({ id: newId(now), user_id: by.id, at: now });
    if (now < lockEnd(await people.lastWrongCodes(MAX_WRONG))) {
      await audit.append({ at: now, by: doneBy(by), action: 'pairing.lock', outcome: 'denied' });
    }
    return new ClawError('not-found', phrase('noPairingCode'), { hint: phrase('seePairings') });
  }
  const hint = phrase('newCodeNextTime');
  if (pairing.state === 'pending' && pairing.expires_at > now) return pairing;
  if (pairing.state === 'pending' || pairing.state === 'expired')
    return new ClawError('conflict', phrase('pairingExpired'), { hint });
  return new ClawError('conflict', `This pairing code was ${pairing.state} before.`, { hint: 'claw user pair list' });
}

/** When approving opens again, by the last wrong codes, newest first. */
function lockEnd(wrong: readonly number[]): number {
  const newest = wrong[0];
  const oldest = wrong[MAX_WRONG - 1];
  if (newest === undefined || oldest === undefined || newest - oldest > LOCK_MS) return 0;
  return newest + LOCK_MS;
}
