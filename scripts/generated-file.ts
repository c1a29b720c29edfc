/** Owns how generated files are written, and how a stale one is found. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `text` to `path` (from the root of the project); with --check among the program's arguments it only compares, and a difference is a failure that names `script`. */
export function emitGenerated(path: string, text: string, script: string): void {
  const full = join(import.meta.dirname, '..', path);
  const isSame = existsSync(full) && readFileSync(full, 'utf8') === text;
  if (!process.argv.includes('--check')) {
    if (!isSame) writeFileSync(full, text);
  } else if (!isSame) {
    process.stderr.write(`${path} is stale: run "node ${script}"\n`);
    process.exitCode = 1;
  }
}
