/** Owns for how long an answer is good enough that took the server a process of its own, in milliseconds. */
export const COSTLY_MS = 10 * 60_000;
