/** Owns how an instant is told: how long ago, or until, with the instant itself for who wants to know. */
import { type ReactNode, useSyncExternalStore } from 'react';
import { fromNow, instant } from '../format.ts';

interface WhenProps {
  /** Milliseconds UTC, or ISO 8601. */
  readonly at: number | string;
}

export function When({ at }: WhenProps): ReactNode {
  const now = useSyncExternalStore(onMinute, minuteNow);
  const time = new Date(at);
  return (
    <time dateTime={time.toISOString()} title={instant(at)}>
      {fromNow(time.getTime(), now)}
    </time>
  );
}

const MINUTE_MS = 60_000;

/** The same number until the next minute begins, so that nothing is drawn in vain. */
function minuteNow(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
}

function onMinute(changed: () => void): () => void {
  const timer = window.setInterval(changed, MINUTE_MS / 2);
  return () => window.clearInterval(timer);
}
