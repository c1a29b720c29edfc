import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/core/kernel/clock.ts';
import { deleteTool, saveDraft } from '../../../../src/core/tools/registry/draft-tool.ts';
import { registryKit, toolSource } from './registry-kit.ts';

const BY = { id: 'u1', username: 'owner' };
const WANTS = "permissions: { net: ['api.example.com'] },";

async function drafts() {
  const kit = await registryKit();
  const deps = { ...kit, clock: systemClock };
  const save = async (source: string) => {
    const text = { source, language: 'ts' } as const;
    return saveDraft(deps, text, await kit.examine(text), BY);
  };
  return { ...kit, save, remove: (name: string) => deleteTool(deps, name, BY) };
}

const audited = async ({ store }: Awaited<ReturnType<typeof registryKit>>) =>
  (await store.audit.list({}, 10)).map(({ action, target }) => `${action} ${target}`);

test('a draft is listed, has no file, does not run, and is used from its approval on', async () => {
  const kit = await drafts();
  const row = await kit.save(toolSource('one', '1'));
  expect(await kit.states()).toEqual({ one: 'pending' });
  expect(readdirSync(kit.folder)).toEqual([]);
  expect(await kit.run('one')).toMatchObject({ status: 'refused' });
  await kit.admin.approve('one', BY, 1, row.hash);
  expect(existsSync(join(kit.folder, 'one.ts'))).toBe(true);
  expect(await kit.run('one')).toMatchObject({ status: 'ok', output: 1 });
  expect(await audited(kit)).toEqual(expect.arrayContaining(['tool.draft one', 'tool.approve one']));
});

test('a new version waits beside the active one, which runs on until the yes', async () => {
  const kit = await drafts();
  await kit.save(toolSource('one', '1'));
  await kit.admin.approve('one', BY);
  const next = await kit.save(toolSource('one', '2', WANTS));
  expect(await kit.run('one')).toMatchObject({ output: 1 });
  await kit.admin.approve('one', BY, next.version, next.hash);
  expect(await kit.run('one')).toMatchObject({ output: 2 });
  await kit.admin.rollback('one', BY);
  expect(await kit.run('one')).toMatchObject({ output: 1 });
});

test('a yes is for the bytes that were looked at: a file that changed meanwhile is not approved', async () => {
  const kit = await drafts();
  kit.write('net.ts', toolSource('net', '1', WANTS));
  const seen = (await kit.entry('net'))?.head;
  kit.write('net.ts', toolSource('net', '2', WANTS));
  await expect(kit.admin.approve('net', BY, seen?.version, seen?.hash)).rejects.toMatchObject({ code: 'conflict' });
  await expect(kit.admin.reject('net', BY, seen?.version, seen?.hash)).rejects.toMatchObject({ code: 'conflict' });
  expect(await kit.states()).toEqual({ net: 'pending' });
  expect(await kit.run('net')).toMatchObject({ status: 'refused' });
});

test('what is not fit, ships with claw or is known already is not taken', async () => {
  const kit = await drafts();
  await expect(kit.save('export default 1;')).rejects.toMatchObject({ code: 'data-invalid' });
  await expect(kit.save(toolSource('add_two_numbers', '1'))).rejects.toMatchObject({ code: 'conflict' });
  await kit.save(toolSource('one', '1'));
  await kit.admin.approve('one', BY);
  await expect(kit.save(toolSource('one', '1'))).rejects.toThrow(/active/);
});

test('a tool is deleted with its file and its drafts, and may be handed in again', async () => {
  const kit = await drafts();
  await kit.save(toolSource('one', '1'));
  await kit.admin.approve('one', BY);
  await kit.save(toolSource('one', '2'));
  await kit.remove('one');
  expect(await kit.states()).toEqual({});
  expect(readdirSync(kit.folder)).toEqual([]);
  await expect(kit.run('one')).rejects.toMatchObject({ code: 'not-found' });
  await expect(kit.remove('add_two_numbers')).rejects.toMatchObject({ code: 'conflict' });
  await expect(kit.remove('nothing')).rejects.toMatchObject({ code: 'not-found' });
  await kit.save(toolSource('one', '1'));
  expect(await kit.states()).toEqual({ one: 'pending' });
  expect(await audited(kit)).toContain('tool.delete one');
});
