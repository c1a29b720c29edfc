/** A secret store in memory, for tests of what uses one. Passes the same contract as the real ones. */
import { checkSecret, type Secret, type SecretStore } from '../../src/core/secrets/secret-store.ts';

export function createMemorySecretStore(kind: SecretStore['kind'] = 'sealed-file'): SecretStore {
  const secrets = new Map<string, Secret>();
  return {
    kind,
    get: async (name) => secrets.get(name),
    set: async (name, secret) => {
      checkSecret(name, secret);
      secrets.set(name, secret);
    },
    list: async () =>
      [...secrets].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, { hosts }]) => ({ name, hosts })),
    remove: async (name) => secrets.delete(name),
  };
}
