/** Owns how a pairing request is shown to people. The code itself is known to nobody but the person. */
import { pairingState } from '../core/access/access-json.ts';
import { safeLine } from '../core/kernel/terminal-text.ts';
import type { PairingRow } from '../core/store/people-table.ts';

/** One line of `claw user pair list`. */
export function pairingRow(pairing: PairingRow, now: number) {
  const state = pairingState(pairing, now);
  const minutes = Math.ceil((pairing.expires_at - now) / 60_000);
  return {
    id: pairing.id,
    channel: pairing.channel,
    person: `${safeLine(pairing.person_name)} (${pairing.person_id})`,
    state: state === 'pending' ? `waits, ${minutes} min left` : state,
  };
}
