/** Owns the pairing of browsers: a new one asks and shows a code, an admin who hears it lets it in as a user, and it fetches its session once. Revoking a device ends its sessions. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { DeviceRow } from '../store/devices-table.ts';
import type { SessionRow } from '../store/sign-in-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { Actor } from './actor.ts';
import { type User, userByName } from './local-user.ts';
import { requirePermission } from './permissions.ts';
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

/** What a browser that asks for its session gets. */
export type DeviceAnswer =
  | { readonly state: 'pending' }
  | { readonly state: 'approved'; readonly user: User; readonly row: SessionRow; readonly value: string };

export type DeviceService = ReturnType<typeof createDeviceService>;

/** How long a code is good, and how long a request is remembered, in milliseconds. */
const CODE_MS = 600_000;
const DAY_MS = 86_400_000;
/** Requests that may wait at once: nobody has signed in to make them. */
const MAX_WAITING = 20;
const MAX_NAME_LENGTH = 80;

export function createDeviceService(deps: DeviceDeps) {
  const { store, clock } = deps;
  return {
    request: (name: string, from: string): Promise<DeviceOffer> => request(deps, name, from),
    /** The session of a device that was let in, once. Throws `auth-rejected` for any other secret. */
    claim: (secret: string, seen: { readonly from: string; readonly agent: string }): Promise<DeviceAnswer> =>
      claim(deps, secret, seen),
    /** Those that wait and those that were let in, newest first. */
    list: (by: Actor): Promise<DeviceRow[]> => {
      requirePermission(by, 'device.manage');
      return store.devices.list(clock.now());
    },
    /** Lets the browser with this code in as the user (the admin themselves when absent). Throws `not-found`, `conflict`. */
    approve: (by: Actor, code: string, username?: string): Promise<DeviceRow> => approve(deps, by, code, username),
    deny: (by: Actor, code: string): Promise<DeviceRow> => deny(deps, by, code),
    /** Ends what was let in, with its sessions. Takes the id. */
    revoke: (by: Actor, id: string): Promise<DeviceRow> => revoke(deps, by, id),
  };
}

async function request({ store, clock }: DeviceDeps, name: string, from: string): Promise<DeviceOffer> {
  const now = clock.now();
  const offer = { id: newId(now), secret: newSecretValue(), code: newCode(), expiresAt: now + CODE_MS };
  const shown = name.replaceAll(/\p{C}/gu, '').trim().slice(0, MAX_NAME_LENGTH);
  await store.transaction(async ({ devices }) => {
    await devices.prune(now - DAY_MS);
    if ((await devices.waiting(now)) >= MAX_WAITING) {
      throw new ClawError('limit-reached', 'Too many browsers wait to be let in.', {
        hint: 'claw device list shows them; they lapse after ten minutes.',
      });
    }
    await devices.insert({
      id: offer.id,
      user_id: null,
      name: shown === '' ? 'browser' : shown,
      secret_hash: hashSecretValue(offer.secret),
      code_hash: hashCode('device', offer.code),
      state: 'pending',
      from_address: from,
      created_at: now,
      expires_at: offer.expiresAt,
      decided_by: null,
      decided_at: null,
      claimed_at: null,
    });
  });
  return offer;
}

async function claim(
  deps: DeviceDeps,
  secret: string,
  { from, agent }: { readonly from: string; readonly agent: string },
): Promise<DeviceAnswer> {
  const { store, clock } = deps;
  const now = clock.now();
  return store.transaction(async (tables) => {
    const device = await tables.devices.bySecret(hashSecretValue(secret));
    if (device === undefined || device.expires_at <= now) throw rejected();
    if (device.state === 'pending') return { state: 'pending' as const };
    const user = device.user_id === null ? undefined : await tables.users.byId(device.user_id);
    if (device.state !== 'approved' || user?.state !== 'active') throw rejected();
    if (!(await tables.devices.claim(device.id, now))) throw rejected();
    const session = await addSession(tables, deps, { user, from, agent, deviceId: device.id });
    const by: Actor = { user, via: 'session', credentialId: session.row.id, scopes: null, from };
    await tables.audit.append({ at: now, by, action: 'session.open', target: session.row.id });
    return { state: 'approved' as const, user, ...session };
  });
}

async function approve({ store, clock }: DeviceDeps, by: Actor, code: string, username?: string): Promise<DeviceRow> {
  requirePermission(by, 'device.manage');
  const as = username === undefined ? by.user : await userByName(store, username);
  if (as.state !== 'active') throw new ClawError('conflict', phrase('userDisabled', as.username));
  return store.transaction(async (tables) => {
    const now = clock.now();
    const device = await waitingDevice(tables, code, now);
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
