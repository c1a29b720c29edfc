/** Owns what a secret is worth right now and where it comes from: the environment first, then `.env`, then the store. Reading an environment secret or finding none touches no store. */
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { checkSecret, checkSecretName, type Secret, type SecretStore } from './secret-store.ts';

/** Where a secret is kept. */
export type SecretSource = 'environment' | 'home-env' | 'cwd-env' | SecretStore['kind'];

export interface ResolvedSecret extends Secret {
  readonly source: SecretSource;
}

export interface ListedSecret {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly source: SecretSource;
}

export interface SecretStores {
  /** In the order they are asked. */
  readonly all: readonly SecretStore[];
  /** Where new secrets go: to the first that takes them. */
  readonly targets: readonly SecretStore[];
}

interface SecretServiceDeps {
  /** A secret of the environment or a `.env` file. */
  readonly lookUp: (name: string) => { readonly value: string; readonly source: string } | undefined;
  /** Names to look for in the environment when listing. */
  readonly knownNames: readonly string[];
  readonly stores: SecretStores;
  /** Called with every value that was read or set, before it is handed out. */
  readonly register: (value: string) => void;
}

export interface SecretService {
  /** Where new secrets go, if it takes them. */
  readonly target: SecretStore['kind'];
  /** The secret, or undefined. Throws what the store throws. */
  resolve(name: string): Promise<ResolvedSecret | undefined>;
  /** Keeps a secret and says where. Throws `usage-invalid` for a name, host or value that cannot be. */
  set(name: string, secret: Secret): Promise<SecretStore['kind']>;
  /** Never values. Where one name stands in several places, the one that counts comes first. */
  list(): Promise<readonly ListedSecret[]>;
  /** Names in the stores. */
  storedNames(): Promise<ReadonlySet<string>>;
  /** Makes every stored value known to the masker. A store that cannot be opened hides nothing and stops nobody: reading a secret from it says so. */
  registerStored(): Promise<void>;
  /** Throws `not-found`, and `conflict` for a secret that only stands in the environment or a `.env` file. */
  remove(name: string): Promise<void>;
}

export function createSecretService({ lookUp, knownNames, stores, register }: SecretServiceDeps): SecretService {
  const listStores = async (): Promise<readonly ListedSecret[]> => {
    const lists = await Promise.all(stores.all.map((store) => store.list()));
    return lists.flatMap((list, index) =>
      list.map((entry) => ({ ...entry, source: stores.all[index]?.kind ?? 'sealed-file' })),
    );
  };
  return {
    target: stores.targets[0]?.kind ?? 'sealed-file',
    resolve: async (name) => {
      const found = lookUp(name);
      if (found !== undefined) {
        register(found.value);
        return { value: found.value, hosts: [], source: found.source as SecretSource };
      }
      for (const store of stores.all) {
        const secret = await store.get(name);
        if (secret === undefined) continue;
        register(secret.value);
        return { ...secret, source: store.kind };
      }
      return undefined;
    },
    set: async (name, secret) => {
      checkSecret(name, secret);
      register(secret.value);
      const kept = await setInFirst(stores.targets, name, secret);
      // An older copy elsewhere would come back when this one is removed.
      for (const store of stores.all) if (store !== kept) await store.remove(name);
      return kept.kind;
    },
    list: async () => {
      const outside = knownNames.flatMap((name) => {
        const found = lookUp(name);
        return found === undefined ? [] : [{ name, hosts: [], source: found.source as SecretSource }];
      });
      return [...outside, ...(await listStores())];
    },
    storedNames: async () => new Set((await listStores()).map(({ name }) => name)),
    registerStored: async () => {
      await Promise.allSettled(stores.all.map((store) => registerValues(store, register)));
    },
    remove: async (name) => {
      checkSecretName(name);
      const removed = await Promise.all(stores.all.map((store) => store.remove(name)));
      if (removed.includes(true)) return;
      const found = lookUp(name);
      if (found === undefined)
        throw new ClawError('not-found', phrase('noSecret', name), { hint: phrase('seeSecrets') });
      throw new ClawError('conflict', `${name} is set outside of the store.`, {
        hint: 'Take it out of the environment or the .env file it stands in.',
      });
    },
  };
}

async function registerValues(store: SecretStore, register: (value: string) => void): Promise<void> {
  for (const { name } of await store.list()) {
    const secret = await store.get(name);
    if (secret !== undefined) register(secret.value);
  }
}

/** Keeps the secret in the first store that can. Throws what the last one throws. */
async function setInFirst(stores: readonly SecretStore[], name: string, secret: Secret): Promise<SecretStore> {
  let failure: unknown = new ClawError('config-invalid', 'There is no store for secrets.');
  for (const store of stores) {
    try {
      await store.set(name, secret);
      return store;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
