/** States of providers that are kept in memory. */
import type { ProviderState, ProviderStates } from '../../src/core/llm/breakers.ts';

export function memoryStates(): ProviderStates {
  const rows = new Map<string, ProviderState>();
  return {
    get: async (provider) => rows.get(provider),
    all: async () => [...rows.values()],
    async change(provider, to) {
      rows.set(provider, to(rows.get(provider)));
    },
  };
}
