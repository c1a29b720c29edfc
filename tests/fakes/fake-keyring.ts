/** A keychain in memory with the interface of keytar. */
import type { Keyring } from '../../src/core/secrets/keychain.ts';

export interface FakeKeyring extends Keyring {
  /** What is kept, as `service/account`. */
  readonly passwords: Map<string, string>;
}

export function createFakeKeyring(): FakeKeyring {
  const passwords = new Map<string, string>();
  const key = (service: string, account: string): string => `${service}/${account}`;
  return {
    passwords,
    getPassword: async (service, account) => passwords.get(key(service, account)) ?? null,
    setPassword: async (service, account, password) => {
      passwords.set(key(service, account), password);
    },
    deletePassword: async (service, account) => passwords.delete(key(service, account)),
  };
}
