/** Owns the one JSON shape of users, keys, devices and pairing requests, for every surface; never a hash or a code. */
import type { DeviceRow } from '../store/devices-table.ts';
import type { ApiKeyRow } from '../store/keys-table.ts';
import type { PairingRow, PersonRow } from '../store/people-table.ts';
import type { SessionRow } from '../store/sign-in-table.ts';
import type { UserRow } from '../store/users-table.ts';

export function userJson(user: UserRow) {
  const { id, username, role, state } = user;
  return { id, username, role, state, created_at: new Date(user.created_at).toISOString() };
}

export function keyJson(key: ApiKeyRow) {
  const { id, name, prefix } = key;
  return {
    id,
    name,
    prefix,
    scopes: key.scopes === null ? null : (JSON.parse(key.scopes) as string[]),
    created_at: new Date(key.created_at).toISOString(),
    expires_at: instant(key.expires_at),
    revoked_at: instant(key.revoked_at),
    last_used_at: instant(key.last_used_at),
  };
}

export function pairingJson(pairing: PairingRow, now: number) {
  return {
    id: pairing.id,
    channel: pairing.channel,
    person_id: pairing.person_id,
    person_name: pairing.person_name,
    chat: pairing.chat_jid,
    state: pairingState(pairing, now),
    created_at: new Date(pairing.created_at).toISOString(),
    expires_at: new Date(pairing.expires_at).toISOString(),
    decided_at: instant(pairing.decided_at),
  };
}

export function sessionJson(session: SessionRow) {
  return {
    id: session.id,
    agent: session.agent,
    from: session.from_address,
    created_at: new Date(session.created_at).toISOString(),
    last_seen_at: new Date(session.last_seen_at).toISOString(),
    expires_at: new Date(session.expires_at).toISOString(),
  };
}

export function identityJson(person: PersonRow) {
  return {
    channel: person.channel,
    person_id: person.person_id,
    name: person.name,
    paired: person.state === 'allowed',
    last_seen_at: new Date(person.last_seen_at).toISOString(),
  };
}

/** A code that nobody took in time has expired. */
export const pairingState = ({ state, expires_at }: PairingRow, now: number): string =>
  state === 'pending' && expires_at <= now ? 'expired' : state;

export function deviceJson(device: DeviceRow) {
  return {
    id: device.id,
    name: device.name,
    state: device.state,
    user: device.username,
    asked_by: device.asker,
    from: device.from_address,
    created_at: new Date(device.created_at).toISOString(),
    expires_at: device.state === 'pending' ? instant(device.expires_at) : null,
    decided_at: instant(device.decided_at),
    claimed_at: instant(device.claimed_at),
    last_seen_at: instant(device.last_seen_at),
  };
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
