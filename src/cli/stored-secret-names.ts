/** Owns the names of stored secrets for commands that only want to say "set" or "not set": a store that cannot be read is a remark, not a failure. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import { printErr } from './print.ts';

export async function storedSecretNames(app: App): Promise<ReadonlySet<string>> {
  try {
    return await (await app.secrets()).storedNames();
  } catch (error) {
    printErr(`Stored secrets cannot be listed: ${toError(error).message}`);
    return new Set();
  }
}
