import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { terminalActor } from '../../../src/core/access/actor.ts';
import type { ImportRequest } from '../../../src/core/import/import-service.ts';
import { runImport } from '../../../src/core/import/import-service.ts';
import type { ImportSource } from '../../../src/core/import/imported.ts';
import type { Reader } from '../../../src/core/import/reader.ts';
import type { Takers } from '../../../src/core/import/taker.ts';
import { importKit } from './import-kit.ts';

const reader = (source: ImportSource, score: number, refusal?: string): Reader => ({
  source,
  label: `${source} itself`,
  look: async () => ({ score, refusal }),
  async *read() {
    yield { kind: 'remark', text: 'read' };
  },
});

async function kit(readers: readonly Reader[], isFree = true) {
  const { store, clock, admin, member, home } = await importKit();
  const folder = join(home, 'theirs');
  mkdirSync(folder);
  const scratch = join(home, 'run', 'import');
  const released: string[] = [];
  const hold = () => (isFree ? { release: () => void released.push('released') } : undefined);
  const deps = {
    store,
    clock,
    readers: async () => readers,
    takers: async () => ({}) as Takers,
    place: { scratch, hold },
  };
  const signal = new AbortController().signal;
  const request: ImportRequest = {
    source: 'flux',
    folder,
    isDry: false,
    only: undefined,
    activates: false,
    owner: admin,
    signal,
  };
  const actions = async () => (await store.audit.list({}, 10)).map(({ action, outcome }) => `${action} ${outcome}`);
  return { deps, request, scratch, released, actions, admin: terminalActor(admin), member: terminalActor(member) };
}

test('a run leaves a row in the audit trail, and nothing of its copies', async () => {
  const { deps, request, scratch, released, actions, admin } = await kit([reader('flux', 3)]);
  mkdirSync(join(scratch, 'left by one that was killed'), { recursive: true });
  expect(await runImport(deps, admin, request)).toMatchObject({ label: 'flux itself', remarks: [{ text: 'read' }] });
  expect([existsSync(scratch), released, await actions()]).toEqual([false, ['released'], ['import.run ok']]);
});

test('a folder of another kind is refused with the command that fits, and that is in the audit trail', async () => {
  const readers = [reader('flux', 0), reader('nanoclaw', 2), reader('openclaw', 5)];
  const { deps, request, released, actions, admin } = await kit(readers);
  await expect(runImport(deps, admin, request)).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('claw import openclaw ') as string,
  });
  expect([released, await actions()]).toEqual([['released'], ['import.run failed']]);
});

test('a layout that is newer is refused', async () => {
  const { deps, request, admin } = await kit([reader('flux', 3, 'It is newer.')]);
  await expect(runImport(deps, admin, request)).rejects.toMatchObject({
    code: 'data-invalid',
    message: 'It is newer.',
  });
});

test('one import runs at a time, and only for those who may manage users', async () => {
  const { deps, request, admin, member } = await kit([reader('flux', 3)], false);
  await expect(runImport(deps, admin, request)).rejects.toMatchObject({ code: 'locked' });
  await expect(runImport(deps, member, request)).rejects.toMatchObject({ code: 'permission-denied' });
});
