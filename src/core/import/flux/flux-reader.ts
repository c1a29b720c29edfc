/** Owns the reading of a home of flux-openclaw. */
import type { Reader } from '../reader.ts';

export const fluxReader: Reader = {
  source: 'flux',
  label: 'flux-openclaw',
  look: async () => ({ score: 0 }),
  async *read() {},
};
