/** Owns the pairing of browsers: a new one asks and shows a code, an admin who hears it lets it in as a user, and it fetches its session once. It is known again by its cookie. Revoking a device ends its sessions. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { DeviceRow } from '../store/devices-table.ts';
import type { SessionRow } from '../store/sign-in-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { Actor } from './actor.ts';
import { keptOrNewCookie } from './device-cookie.ts';
import { type User, userByName } from './local-user.ts';
import { requirePermission, requireWhole } from './permissions.ts';
import { hashSecretValue, newSecretValue } from './secret-values.ts';
import { addSession, type SessionDeps } from './sessions.ts';
import { hashCode, newCode } from './spoken-code.ts';

export interface DeviceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ttlMs: SessionDeps['ttlMs'];
}

export interface DeviceOffer {
  readonly id: string;
  /** What the browser keeps, to fetch its session with. */
  readonly secret: string;
  /** What the person reads out. */
  readonly code: string;
  /** Milliseconds UTC. */
  readonly expiresAt: number;
}

/** A browser as it shows itself. */
export interface Browser {
  /** Address it speaks from. */
  readonly from: string;
  readonly agent: string;
  /** Value of its cookie, if it has one. */
  readonly cookie: string | undefined;
}

/** A session of a browser, with the values of both cookies. */
export interface Entered {
  readonly state: 'approved';
  readonly user: User;
  readonly row: SessionRow;
  readonly value: string;
  readonly deviceCookie: string;
}

/** What a browser that asks for its session gets. */
export type DeviceAnswer = { readonly state: 'pending' } | Entered;

export type DeviceService = ReturnType<typeof createDeviceService>;

/** How long a code is good, and how long a request is remembered, in milliseconds. */
const CODE_MS = 600_000;
const DAY_MS = 86_400_000;
/** Requests that may wait at once: nobody has signed in to make them. */
const MAX_WAITING = 20;
const MAX_NAME_LENGTH = 200;

export function createDeviceService(deps: DeviceDeps) {
  const { store, clock } = deps;
  return {
    request: (name: string, from: string): Promise<DeviceOffer> => request(deps, { name, from }),
    /** The same for a browser in which `by` proved who they are. What they asked for before is forgotten. Throws `permission-denied` for a credential that is not good for everything. */
    requestFor: async (by: Actor, agent: string): Promise<DeviceOffer> => {
      requireWhole(by);
      return request(deps, { name: agent, from: by.from, by });
    },
    /** The id of the browser with this cookie that was let in as the user. */
    known: async (cookie: string | undefined, user: User): Promise<string | undefined> => {
      if (cookie === undefined) return undefined;
      const device = await store.devices.known(hashSecretValue(cookie), user.id);
      if (device !== undefined) await store.devices.touch(device.id, clock.now());
      return device?.id;
    },
    /** The session of a device that was let in, once. Throws `auth-rejected` for any other secret. */
    claim: (secret: string, browser: Browser): Promise<DeviceAnswer> => claim(deps, secret, browser),
    /** Those that wait and those that were let in, newest first. */
    list: (by: Actor): Promise<DeviceRow[]> => {
      requirePermission(by, 'device.manage');
      return store.devices.list(clock.now());
    },
    /** Lets the browser with this code in as the user; without one as who signed in there, or as the admin themselves. Throws `not-found`, `conflict`, `permission-denied` for a credential that is not good for everything. */
    approve: (by: Actor, code: string, username?: string): Promise<DeviceRow> => approve(deps, by, code, username),
    deny: (by: Actor, code: string): Promise<DeviceRow> => deny(deps, by, code),
    /** Ends what was let in, with its sessions. Takes the id. */
    revoke: (by: Actor, id: string): Promise<DeviceRow> => revoke(deps, by, id),
  };
}

async function request(
  { store, clock }: DeviceDeps,
  { name, from, by }: { readonly name: string; readonly from: string; readonly by?: Actor },
): Promise<DeviceOffer> {
  const now = clock.now();
  const offer = { id: newId(now), secret: newSecretValue(), code: newCode(), expiresAt: now + CODE_MS };
  await store.transaction(async ({ devices, audit }) => {
    await devices.prune(now - DAY_MS);
    if (by === undefined && (await devices.waiting(now)) >= MAX_WAITING) {
      throw new ClawError('limit-reached', 'Too many browsers wait to be let in.', {
        hint: 'claw device list shows them; they lapse after ten minutes.',
      });
    }
    if (by !== undefined) {
      await devices.forgetAsked(by.user.id);
      await audit.append({ at: now, by, action: 'device.ask', target: offer.id });
    }
    await devices.insert({
      ...newDevice(name, from, now),
      id: offer.id,
      asked_by: by?.user.id ?? null,
      secret_hash: hashSecretValue(offer.secret),
      code_hash: hashCode('device', offer.code),
    });
  });
  return offer;
}

/** A device that waits, with a secret and a code that nobody knows. */
function newDevice(name: string, from: string, now: number) {
  const shown = name.replaceAll(/\p{C}/gu, '').trim().slice(0, MAX_NAME_LENGTH);
  return {
    id: newId(now),
    user_id: null,
    name: shown === '' ? 'browser' : shown,
    secret_hash: hashSecretValue(newSecretValue()),
    code_hash: hashSecretValue(newSecretValue()),
    state: 'pending' as const,
    from_address: from,
    created_at: now,
    expires_at: now + CODE_MS,
    decided_by: null,
    decided_at: null,
    claimed_at: null,
    cookie_hash: null,
    asked_by: null,
    last_seen_at: null,
  };
}

async function claim(deps: DeviceDeps, secret: string, browser: Browser): Promise<DeviceAnswer> {
  const { store, clock } = deps;
  const now = clock.now();
  return store.transaction(async (tables) => {
    const device = await tables.devices.bySecret(hashSecretValue(secret));
    if (device === undefined || device.expires_at <= now) throw rejected();
    if (device.state === 'pending') return { state: 'pending' as const };
    const user = device.user_id === null ? undefined : await tables.users.byId(device.user_id);
    if (device.state !== 'approved' || user?.state !== 'active') throw rejected();
    const deviceCookie = await keptOrNewCookie(tables, browser.cookie);
    if (!(await tables.devices.claim(device.id, hashSecretValue(deviceCookie), now))) throw rejected();
    const session = await openSession(tables, deps, { user, browser, deviceId: device.id });
    return { state: 'approved' as const, user, ...session, deviceCookie };
  });
}

/** Lets the browser in as the user inside a transaction, without a code: whoever uses it was trusted otherwise. */
export async function enterTrusted(
  tables: Tables,
  deps: Pick<DeviceDeps, 'clock' | 'ttlMs'>,
  { user, browser }: { readonly user: User; readonly browser: Browser },
): Promise<Entered> {
  const now = deps.clock.now();
  const deviceCookie = await keptOrNewCookie(tables, browser.cookie);
  const hash = hashSecretValue(deviceCookie);
  const known = await tables.devices.known(hash, user.id);
  const device = newDevice(browser.agent, browser.from, now);
  if (known === undefined) {
    await tables.devices.insert({
      ...device,
      state: 'approved',
      user_id: user.id,
      decided_by: user.id,
      decided_at: now,
      claimed_at: now,
      cookie_hash: hash,
      last_seen_at: now,
    });
  } else await tables.devices.touch(known.id, now);
  const session = await openSession(tables, deps, { user, browser, deviceId: known?.id ?? device.id });
  return { state: 'approved', user, ...session, deviceCookie };
}

async function openSession(
  tables: Tables,
  deps: Pick<DeviceDeps, 'clock' | 'ttlMs'>,
  { user, browser: { from, agent }, deviceId }: { user: User; browser: Browser; deviceId: string },
) {
  const session = await addSession(tables, deps, { user, from, agent, deviceId });
  const by: Actor = { user, via: 'session', credentialId: session.row.id, scopes: null, from };
  await tables.audit.append({ at: deps.clock.now(), by, action: 'session.open', target: session.row.id });
  return session;
}

async function approve({ store, clock }: DeviceDeps, by: Actor, code: string, username?: string): Promise<DeviceRow> {
  requirePermission(by, 'device.manage');
  requireWhole(by);
  const wanted = username === undefined ? undefined : await userByName(store, username);
  return store.transaction(async (tables) => {
    const now = clock.now();
    const device = await waitingDevice(tables, code, now);
    const asker = device.asked_by === null ? undefined : await tables.users.byId(device.asked_by);
    if (asker !== undefined && wanted !== undefined && wanted.id !== asker.id) {
      throw new ClawError('conflict', `${asker.username} signed in in this browser, not ${wanted.username}.`, {
        hint: 'Let it in without naming a user, or turn it away.',
      });
    }
    const as = wanted ?? asker ?? by.user;
    if (as.state !== 'active') throw new ClawError('conflict', phrase('userDisabled', as.username));
    const isFirst = await tables.devices.decide(device.id, 'pending', {
      state: 'approved',
      by: by.user.id,
      at: now,
      userId: as.id,
    });
    if (!isFirst) throw noSuchCode();
    await tables.audit.append({ at: now, by, action: 'device.approve', target: device.id, detail: { user: as.id } });
    return { ...device, state: 'approved' as const, user_id: as.id, username: as.username, decided_at: now };
  });
}

async function deny({ store, clock }: DeviceDeps, by: Actor, code: string): Promise<DeviceRow> {
  requirePermission(by, 'device.manage');
  return store.transaction(async (tables) => {
    const now = clock.now();
    const device = await waitingDevice(tables, code, now);
    if (!(await tables.devices.decide(device.id, 'pending', { state: 'denied', by: by.user.id, at: now }))) {
      throw noSuchCode();
    }
    await tables.audit.append({ at: now, by, action: 'device.deny', target: device.id });
    return { ...device, state: 'denied' as const, decided_at: now };
  });
}

async function revoke({ store, clock }: DeviceDeps, by: Actor, id: string): Promise<DeviceRow> {
  requirePermission(by, 'device.manage');
  return store.transaction(async (tables) => {
    const now = clock.now();
    const device = await tables.devices.byId(id);
    const isDone = await tables.devices.decide(id, 'approved', { state: 'revoked', by: by.user.id, at: now });
    if (device === undefined || !isDone) {
      throw new ClawError('not-found', phrase('noSuchDevice'), { hint: 'claw device list' });
    }
    await tables.signIn.revokeSessionsOf(id, now);
    await tables.audit.append({ at: now, by, action: 'device.revoke', target: id });
    return { ...device, state: 'revoked' as const, decided_at: now };
  });
}

/** The device that waits with this code, or this id. */
async function waitingDevice({ devices }: Tables, code: string, now: number): Promise<DeviceRow> {
  const device = (await devices.byId(code)) ?? (await devices.byCode(hashCode('device', code)));
  if (device === undefined || device.state !== 'pending' || device.expires_at <= now) throw noSuchCode();
  return device;
}

function noSuchCode(): ClawError {
  return new ClawError('not-found', phrase('noBrowserWaits'), {
    hint: phrase('seeDevices'),
  });
}

function rejected(): ClawError {
  return new ClawError('auth-rejected', 'This browser was not let in.', { hint: 'Ask again for a code.' });
}
