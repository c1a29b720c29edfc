/** Owns a clock for what counts down: one timer for all who look, and none while nobody does. */
import { useSyncExternalStore } from 'react';

const SECOND_MS = 1_000;

/** Milliseconds UTC, to the second; stands still while `isRunning` is false. */
export function useNow(isRunning: boolean): number {
  return useSyncExternalStore(isRunning ? onSecond : onNothing, secondNow);
}

function secondNow(): number {
  return Math.floor(Date.now() / SECOND_MS) * SECOND_MS;
}

function onSecond(changed: () => void): () => void {
  const timer = window.setInterval(changed, SECOND_MS);
  return () => window.clearInterval(timer);
}

function onNothing(): () => void {
  return () => undefined;
}
