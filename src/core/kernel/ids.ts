/** Owns identifiers: UUID version 7 (RFC 9562), so that ids sort by the time they were made. */
import { randomUUID } from 'node:crypto';

/** A new UUIDv7 for the instant `now` (milliseconds UTC). */
export function newId(now: number = Date.now()): string {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  // The variant and the random bits are those of a version 4, of which Node makes a hundred at once.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
