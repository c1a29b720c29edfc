/** Owns what the environment says about the terminal. */

/** True for a terminal that cannot move its cursor (TERM=dumb): text is written line by line. */
export function isDumbTerminal(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return env['TERM'] === 'dumb';
}
