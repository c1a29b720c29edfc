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

/** Shows on a terminal's stderr how far long work is, in place of what stood there; an empty text takes it away. Elsewhere nothing is written. */
export function showProgress(text: string): void {
  const { isTTY, columns } = process.stderr;
  if (isTTY) process.stderr.write(`\r\u001B[K${text.slice(0, columns - 1)}`);
}
