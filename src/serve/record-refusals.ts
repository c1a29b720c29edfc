/** Owns the audit rows of refusals at the server's doors: who was told that they may not, and credentials that were no good. At a bounded rate, since strangers can ask a million times. */
import type { Actor } from '../core/access/actor.ts';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { createRateWindow } from '../core/kernel/rate-window.ts';

export interface Refused {
  /** Undefined for somebody nobody knows. */
  readonly actor: Actor | undefined;
  /** Address they speak from. */
  readonly from: string;
  /** `http` or `websocket`. */
  readonly via: string;
  /** What they asked for: an action of the permission table, a kind of frame. */
  readonly act: string;
}

/** Resolves when the row is written; what was thrown for another reason leaves none. */
export type RefusalRecord = (refused: Refused, thrown: unknown) => Promise<void>;

/** Rows a minute: of one person and act, and of everybody. */
const OF_ONE = 20;
const OF_ALL = 300;
const MINUTE_MS = 60_000;

export function createRefusalRecord({ clock, store }: Pick<App, 'clock' | 'store'>): RefusalRecord {
  const ofOne = createRateWindow(clock, () => ({ limit: OF_ONE, windowMs: MINUTE_MS }));
  const ofAll = createRateWindow(clock, () => ({ limit: OF_ALL, windowMs: MINUTE_MS }));
  return async ({ actor, from, via, act }, thrown) => {
    if (!(thrown instanceof ClawError) || !isRefusal(thrown)) return;
    if (!ofOne.take(`${actor?.user.id ?? from} ${act}`).isAllowed || !ofAll.take('').isAllowed) return;
    const detail = { act, reason: thrown.message };
    const entry = { at: clock.now(), by: actor ?? { via, from }, action: 'access.deny', detail };
    await (await store()).audit.append({ ...entry, outcome: 'denied' });
  };
}

/** A request without any credential is no attempt. */
function isRefusal({ code }: ClawError): boolean {
  return code === 'permission-denied' || code === 'auth-rejected';
}
