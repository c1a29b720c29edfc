/** Owns how events and rows leave claw as JSON: snake_case keys, the same on stream-json, SSE and WebSocket. */

/** Keys whose values belong to someone else (a tool, a user) and are never renamed. */
const FOREIGN_VALUES = new Set(['input', 'output', 'inputSchema', 'permissions']);

/** What is for the surfaces of claw alone: the words of another language. */
const INTERNAL = new Set(['phrase', 'hintPhrase']);

/** Copies `value` with its own keys in snake_case, to any depth, leaving foreign values as they are. */
export function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !INTERNAL.has(key))
      .map(([key, entry]) => [
        key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        FOREIGN_VALUES.has(key) ? entry : toWire(entry),
      ]),
  );
}
