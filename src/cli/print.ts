/** Owns stdout and stderr: the answer goes to stdout, everything else to stderr. No other file of the command line writes to them. */

/** Writes one line (or the given lines) to stdout. */
export function printOut(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Writes text to stdout as it is. */
export function printText(text: string): void {
  process.stdout.write(text);
}

/** Writes one JSON value to stdout. */
export function printJson(value: unknown): void {
  printOut(JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0));
}

/** Writes a remark to stderr. */
export function printErr(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}
