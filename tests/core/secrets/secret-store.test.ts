import type { SecretStore } from '../../../src/core/secrets/secret-store.ts';
import { secretStoreContract } from '../../contracts/secret-store.contract.ts';
import { createMemorySecretStore } from '../../fakes/memory-secret-store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const stores = new Map<string, SecretStore>();

secretStoreContract(
  'the store in memory that tests use',
  (place) => {
    const store = stores.get(place) ?? createMemorySecretStore();
    stores.set(place, store);
    return store;
  },
  temporaryHome,
);
