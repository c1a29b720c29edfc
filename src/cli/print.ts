/** Owns stdout and stderr: the answer goes to stdout, everything else to stderr. No other file of the command line writes to them. Promises: what is shown on a terminal cannot drive it, whoever wrote it; what goes elsewhere is as it was. */
import { safeText } from '../core/kernel/terminal-text.ts';

/** Writes one line (or the given lines) to stdout. */
export function printOut(text: string): void {
  writeLines(process.stdout, text);
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
  writeLines(process.stderr, text);
}

function writeLines(stream: NodeJS.WriteStream, text: string): void {
  const shown = stream.isTTY ? safeText(text) : text;
  stream.write(shown.endsWith('\n') ? shown : `${shown}\n`);
}

/** Shows on a terminal's stderr how far long work is, in place of what stood there; an empty text takes it away. Elsewhere nothing is written. */
export function showProgress(text: string): void {
  const { isTTY, columns } = process.stderr;
  if (isTTY) process.stderr.write(`\r\u001B[K${text.slice(0, columns - 1)}`);
}
