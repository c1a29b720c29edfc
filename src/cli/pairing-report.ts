/** Owns how a pairing request is shown: as JSON and as a row for people. The code itself is known to nobody but the person. */
import { safeLine } from '../core/kernel/terminal-text.ts';
import type { PairingRow } from '../core/store/people-table.ts';

export function pairingJson(pairing: PairingRow, now: number) {
  return {
    id: pairing.id,
    channel: pairing.channel,
    person_id: pairing.person_id,
    person_name: pairing.person_name,
    chat: pairing.chat_jid,
    state: stateAt(pairing, now),
    created_at: new Date(pairing.created_at).toISOString(),
    expires_at: new Date(pairing.expires_at).toISOString(),
    decided_at: pairing.decided_at === null ? null : new Date(pairing.decided_at).toISOString(),
  };
}

/** One line of `claw user pair list`. */
export function pairingRow(pairing: PairingRow, now: number) {
  const state = stateAt(pairing, now);
  const minutes = Math.ceil((pairing.expires_at - now) / 60_000);
  return {
    id: pairing.id,
    channel: pairing.channel,
    person: `${safeLine(pairing.person_name)} (${pairing.person_id})`,
    state: state === 'pending' ? `waits, ${minutes} min left` : state,
  };
}

const stateAt = ({ state, expires_at }: PairingRow, now: number): string =>
  state === 'pending' && expires_at <= now ? 'expired' : state;
