import { expect, test } from 'vitest';
import { createSecretService, type SecretService } from '../../../src/core/secrets/secret-service.ts';
import type { SecretStore } from '../../../src/core/secrets/secret-store.ts';
import { createMemorySecretStore } from '../../fakes/memory-secret-store.ts';

interface Kit {
  readonly service: SecretService;
  readonly keychain: SecretStore;
  readonly file: SecretStore;
  readonly registered: string[];
}

function kit(environment: Record<string, string> = {}, keychain = createMemorySecretStore('keychain')): Kit {
  const file = createMemorySecretStore('sealed-file');
  const registered: string[] = [];
  const service = createSecretService({
    lookUp: (name) => {
      const value = environment[name];
      return value === undefined ? undefined : { value, source: 'environment' };
    },
    knownNames: ['A_KEY', 'B_KEY'],
    stores: { all: [keychain, file], targets: [keychain, file] },
    register: (value) => registered.push(value),
  });
  return { service, keychain, file, registered };
}

const secret = { value: 'made-up-stored', hosts: ['api.example.com'] };

test('the environment counts before the store', async () => {
  const { service } = kit({ A_KEY: 'made-up-outside' });
  await service.set('A_KEY', secret);
  await service.set('B_KEY', secret);
  expect(await service.resolve('A_KEY')).toEqual({ value: 'made-up-outside', hosts: [], source: 'environment' });
  expect(await service.resolve('B_KEY')).toEqual({ ...secret, source: 'keychain' });
  expect(await service.resolve('C_KEY')).toBeUndefined();
});

test('every value is known to the mask before it is handed out', async () => {
  const { service, file, registered } = kit({ A_KEY: 'made-up-outside' });
  await file.set('B_KEY', secret);
  await service.resolve('A_KEY');
  await service.resolve('B_KEY');
  await service.set('C_KEY', { value: 'made-up-new', hosts: [] });
  expect(registered).toEqual(['made-up-outside', 'made-up-stored', 'made-up-new']);
});

test('every stored value can be made known at once, past a store that does not open', async () => {
  const locked: SecretStore = {
    ...createMemorySecretStore('keychain'),
    list: () => Promise.reject(new Error('locked')),
  };
  const { service, file, registered } = kit({}, locked);
  await file.set('A_KEY', secret);
  await file.set('B_KEY', { value: 'made-up-other', hosts: [] });
  await service.registerStored();
  expect(registered).toEqual(['made-up-stored', 'made-up-other']);
});

test('a secret is kept in one place: the first store that takes it', async () => {
  const { service, keychain, file } = kit();
  await file.set('A_KEY', { value: 'made-up-old', hosts: [] });
  expect(await service.set('A_KEY', secret)).toBe('keychain');
  expect(await file.get('A_KEY')).toBeUndefined();
  expect(await keychain.get('A_KEY')).toEqual(secret);
});

test('a keychain that refuses leaves the secret to the file', async () => {
  const broken = { ...createMemorySecretStore('keychain'), set: () => Promise.reject(new Error('no bus')) };
  const { service, file } = kit({}, broken);
  expect(await service.set('A_KEY', secret)).toBe('sealed-file');
  expect(await file.get('A_KEY')).toEqual(secret);
});

test('the list names places and hosts, never values', async () => {
  const { service } = kit({ A_KEY: 'made-up-outside' });
  await service.set('C_KEY', secret);
  const list = await service.list();
  expect(list).toEqual([
    { name: 'A_KEY', hosts: [], source: 'environment' },
    { name: 'C_KEY', hosts: ['api.example.com'], source: 'keychain' },
  ]);
});

test('removing tells what there is to remove', async () => {
  const { service } = kit({ A_KEY: 'made-up-outside' });
  await service.set('B_KEY', secret);
  await service.remove('B_KEY');
  expect(await service.resolve('B_KEY')).toBeUndefined();
  await expect(service.remove('B_KEY')).rejects.toMatchObject({ code: 'not-found' });
  await expect(service.remove('A_KEY')).rejects.toMatchObject({ code: 'conflict' });
  await expect(service.remove('not a name')).rejects.toMatchObject({ code: 'usage-invalid' });
});
