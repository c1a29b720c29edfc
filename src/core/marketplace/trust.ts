/** Owns whose packages are taken: the publisher of claw, a publisher that was agreed to for this name, and nobody else without a yes. Pure. */
import { ClawError } from '../kernel/errors.ts';
import type { InstalledPackage, PinnedKey } from '../store/marketplace-table.ts';

/** `publisher`: of claw. `known`: agreed to for this name before. `new`: nobody has for this name yet. `changed`: another was. */
export type Trust = 'publisher' | 'known' | 'new' | 'changed';

export interface TrustQuestion {
  readonly name: string;
  readonly keyId: string;
  readonly publicKey: string;
  /** Base64; null when it cannot be read. */
  readonly publisher: string | null;
  readonly pins: readonly PinnedKey[];
  readonly installed: InstalledPackage | undefined;
}

/** Throws `sandbox-refused` when what is installed under the name has another publisher. */
export function decideTrust({ name, keyId, publicKey, publisher, pins, installed }: TrustQuestion): Trust {
  const isPinned = pins.some((pin) => pin.public_key === publicKey);
  if (installed !== undefined && (installed.key_id !== keyId || !isPinned)) {
    throw new ClawError(
      'sandbox-refused',
      `${name} is installed from the publisher ${installed.key_id}; this package is signed by another key, ${keyId}.`,
      { hint: `If that is right: claw tool uninstall ${name}, then install it with --trust ${keyId}` },
    );
  }
  if (publicKey === publisher) return 'publisher';
  if (isPinned) return 'known';
  return pins.length === 0 ? 'new' : 'changed';
}
