/** Owns what commands that change a registry share. */
import { basename, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import type { App } from '../core/create-app.ts';
import { privateKeyNamed } from '../core/marketplace/publisher-keys.ts';
import type { RegistryChange } from '../core/marketplace/registry-folder.ts';

export const registryFlags = {
  registry: Flags.string({ description: 'The folder of the registry.', required: true, helpValue: 'DIR' }),
  name: Flags.string({ description: 'Name of a new registry (default: that of its folder).', helpValue: 'NAME' }),
};

interface Chosen {
  readonly registry: string;
  readonly name?: string | undefined;
  readonly key: string;
}

/** The registry that is to change, the key for it and the time. */
export async function registryChange(app: App, { registry, name, key }: Chosen): Promise<RegistryChange> {
  const folder = resolve(registry);
  const ownName = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return {
    folder,
    name: name ?? (ownName === '' ? 'registry' : ownName.slice(0, 50)),
    key: await privateKeyNamed(await app.secrets(), key),
    now: app.clock.now(),
  };
}

/** Names of the tools that ship with claw. */
export async function shippedNames(app: App): Promise<string[]> {
  const entries = await (await app.tools()).registry.entries();
  return entries.filter(({ origin }) => origin === 'builtin').map(({ name }) => name);
}
