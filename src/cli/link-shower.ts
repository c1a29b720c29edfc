/** Owns how the link of the first sign-in is shown to the person who starts the server: on their terminal, never where it would be kept. */
import type { Catalogue } from '../core/kernel/language/catalogue.ts';
import { printErr } from './print.ts';

/** Undefined where stderr is no terminal: what is written there may be kept for good. */
export function linkShower({ cli }: Catalogue): ((url: string) => void) | undefined {
  return process.stderr.isTTY ? (url) => printErr(`\n${cli.dashboard.setUp(url)}\n`) : undefined;
}
