import { readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../../../src/core/tools/registry/tool-folder.ts';
import { registryKit, toolSource } from './registry-kit.ts';

test('a dropped file that wants nothing runs at the next look', async () => {
  const kit = await registryKit();
  expect(await kit.states()).toEqual({});
  kit.write(
    'greet.ts',
    toolSource(
      'greet',
      '`hello ${input.who as string}`',
      "inputSchema: { type: 'object', properties: { who: { type: 'string' } } },",
    ),
  );
  expect(await kit.states()).toEqual({ greet: 'active' });
  expect(await kit.run('greet', { who: 'Ada' })).toMatchObject({ status: 'ok', output: 'hello Ada' });
});

test('one that wants more waits, does not run, and runs once approved; any byte asks again', async () => {
  const kit = await registryKit();
  const wants = "permissions: { net: ['api.example.com'] },";
  kit.write('weather2.ts', toolSource('weather2', '1', wants));
  expect(await kit.states()).toEqual({ weather2: 'pending' });
  expect(await kit.run('weather2')).toMatchObject({
    status: 'refused',
    error: expect.stringContaining('claw tool approve weather2') as string,
  });
  expect(kit.sandbox.ran).toEqual([]);
  await kit.admin.approve('weather2', { id: 'u1' });
  expect(await kit.run('weather2')).toMatchObject({ status: 'ok', output: 1 });
  kit.write('weather2.ts', toolSource('weather2', '2', wants));
  expect(await kit.states()).toEqual({ weather2: 'pending' });
  expect(await kit.run('weather2')).toMatchObject({ status: 'refused' });
});

test('an edit that keeps size and time is seen, and so is delete-and-recreate', async () => {
  const kit = await registryKit();
  const path = kit.write('one.ts', toolSource('one', '1'));
  const { atime, mtime } = statSync(path);
  expect(await kit.run('one')).toMatchObject({ output: 1 });
  writeFileSync(path, toolSource('one', '2'));
  utimesSync(path, atime, mtime);
  expect(await kit.run('one')).toMatchObject({ output: 2 });
  rmSync(path);
  expect(await kit.states()).toEqual({});
  kit.write('one.ts', toolSource('one', '3', "permissions: { exec: ['date'] },"));
  expect(await kit.run('one')).toMatchObject({ status: 'refused' });
});

test('a running turn keeps its snapshot while the file changes and goes', async () => {
  const kit = await registryKit();
  const path = kit.write('one.ts', toolSource('one', '1'));
  const snapshot = await kit.tools.snapshot('u1');
  kit.write('one.ts', toolSource('one', '2'));
  expect(await kit.run('one')).toMatchObject({ output: 2 });
  rmSync(path);
  const call = { callId: 'c', name: 'one', input: {}, userId: 'u1', conversationId: 'x', turnId: 't', timeoutMs: 5000 };
  expect(await snapshot.call({ ...call, signal: AbortSignal.timeout(5000) })).toEqual({ status: 'ok', output: '1' });
});

test('a name that shadows a shipped tool or another file is refused with the reason', async () => {
  const kit = await registryKit();
  kit.write('mine.ts', toolSource('add_two_numbers', '666'));
  kit.write('a.ts', toolSource('same', "'a'"));
  expect(await kit.run('same')).toMatchObject({ output: 'a' });
  kit.write('0.ts', toolSource('same', "'0'"));
  const entries = (await kit.registry.entries()).filter(({ state }) => state === 'shadowed');
  expect(entries.map(({ name, reason }) => [name, reason])).toEqual([
    ['add_two_numbers', 'a tool that ships with claw has the name add_two_numbers; rename one of them'],
    ['same', 'a.ts has the name same; rename one of them'],
  ]);
  expect(await kit.run('add_two_numbers', { a: 1, b: 2 })).toMatchObject({ output: 3 });
  expect(await kit.run('same')).toMatchObject({ output: 'a' });
  rmSync(join(kit.folder, 'a.ts'));
  expect(await kit.run('same')).toMatchObject({ output: '0' });
});

test('what does not parse, load or pass its own examples is a draft with the reason, and runs nothing', async () => {
  const kit = await registryKit();
  kit.write('broken.ts', 'export default {{{');
  kit.write('throws.ts', "throw new Error('at load')");
  kit.write('liar.ts', toolSource('liar', '3', 'examples: [{ input: {}, output: 4 }],'));
  kit.write('greedy.ts', toolSource('greedy', '1', "permissions: { files: [{ folder: '/etc', mode: 'read' }] },"));
  kit.write('BadName.ts', toolSource('BadName', '1'));
  expect(await kit.states()).toEqual({
    broken: 'draft',
    throws: 'draft',
    liar: 'draft',
    greedy: 'draft',
    BadName: 'draft',
  });
  expect((await kit.entry('throws'))?.reason).toContain('at load');
  expect((await kit.entry('liar'))?.reason).toBe('example 1 answered 3, expected 4');
  expect((await kit.entry('greedy'))?.reason).toContain('/etc');
  expect(await kit.run('liar')).toMatchObject({
    status: 'refused',
    error: expect.stringContaining('expected 4') as string,
  });
});

test('a link, a folder and an oversized file in the tools folder are not read', async () => {
  const kit = await registryKit();
  const outside = join(kit.folder, '..', 'outside.ts');
  writeFileSync(outside, toolSource('outside', '1'));
  symlinkSync(outside, join(kit.folder, 'linked.ts'));
  kit.write('huge.ts', ' '.repeat(300_000));
  expect(await kit.states()).toEqual({ linked: 'draft', huge: 'draft' });
  expect((await kit.entry('linked'))?.reason).toBe('it is a symbolic link');
});

test('the same bytes are examined once, however often and from however many turns they are looked at', async () => {
  const kit = await registryKit();
  kit.write('one.ts', toolSource('one', '1'));
  await Promise.all([kit.states(), kit.states(), kit.states()]);
  await kit.states();
  expect(kit.sandbox.described).toHaveLength(1);
});

test('rollback puts the earlier bytes back, and a version by number may be chosen', async () => {
  const kit = await registryKit();
  const path = kit.write('one.ts', toolSource('one', '1'));
  await kit.states();
  kit.write('one.ts', toolSource('one', '2'));
  await kit.states();
  kit.write('one.ts', toolSource('one', '3'));
  expect(await kit.run('one')).toMatchObject({ output: 3 });
  await kit.admin.rollback('one', { id: 'u1' });
  expect(await kit.run('one')).toMatchObject({ output: 2 });
  expect(readFileSync(path, 'utf8')).toBe(toolSource('one', '2'));
  await kit.admin.rollback('one', { id: 'u1' }, 3);
  expect(await kit.run('one')).toMatchObject({ output: 3 });
  expect((await kit.admin.versions('one')).map(({ version, state }) => [version, state])).toEqual([
    [3, 'active'],
    [2, 'superseded'],
    [1, 'superseded'],
  ]);
});

test('a version that fails three times in a row goes back to the good one by itself', async () => {
  const kit = await registryKit();
  kit.write('one.ts', toolSource('one', '1'));
  await kit.states();
  const bad = toolSource('one', "{ throw new Error('bad day') }");
  kit.write('one.ts', bad);
  expect(await kit.run('one')).toMatchObject({ status: 'error', error: 'bad day' });
  await kit.run('one');
  expect(await kit.run('one')).toMatchObject({
    status: 'error',
    error: expect.stringContaining('went back to version 1') as string,
  });
  expect(await kit.run('one')).toMatchObject({ status: 'ok', output: 1 });
  kit.write('one.ts', bad);
  expect(await kit.run('one')).toMatchObject({
    status: 'refused',
    error: expect.stringContaining('quarantined') as string,
  });
});

test('without a good version before it, it goes into quarantine; a wrong input or a success in between does not count', async () => {
  const kit = await registryKit();
  const schema = "inputSchema: { type: 'object', properties: { bad: { type: 'boolean' } }, required: ['bad'] },";
  kit.write('one.ts', toolSource('one', "{ if (input.bad) throw new Error('no'); return 1 }", schema));
  const inputs = [{ bad: true }, { bad: true }, { bad: false }, { bad: 1 }, { bad: true }, { bad: 'x' }, { bad: true }];
  for (const input of inputs) await kit.run('one', input);
  expect(await kit.states()).toEqual({ one: 'active' });
  expect(await kit.run('one', { bad: true })).toMatchObject({ error: expect.stringContaining('quarantine') as string });
  expect(await kit.states()).toEqual({ one: 'quarantined' });
  await kit.admin.enable('one', { id: 'u1' });
  expect(await kit.states()).toEqual({ one: 'active' });
});

test('a name that is switched off stays off when its bytes change, until it is switched on', async () => {
  const kit = await registryKit();
  kit.write('one.ts', toolSource('one', '1'));
  await kit.states();
  await kit.admin.disable('one', { id: 'u1' });
  kit.write('one.ts', toolSource('one', '2'));
  expect(await kit.states()).toEqual({ one: 'disabled' });
  await kit.admin.enable('one', { id: 'u1' });
  expect(await kit.run('one')).toMatchObject({ output: 2 });
});

test('a rejected version stays rejected when its file comes back', async () => {
  const kit = await registryKit();
  const path = kit.write('one.ts', toolSource('one', '1', "permissions: { net: ['example.com'] },"));
  await kit.states();
  await kit.admin.reject('one', { id: 'u1' });
  renameSync(path, join(kit.folder, 'other.ts'));
  expect(await kit.states()).toEqual({ one: 'rejected' });
  await expect(kit.admin.approve('one', { id: 'u1' })).rejects.toThrow(/nothing to approve/);
});

test('a shipped tool has no versions to decide on', async () => {
  const kit = await registryKit();
  await expect(kit.admin.disable('add_two_numbers', { id: 'u1' })).rejects.toThrow(/ships with claw/);
  await expect(kit.admin.approve('nothing_here', { id: 'u1' })).rejects.toThrow(/no tool named/);
});

test('a hundred tools add at most 5 ms to a turn', async () => {
  const kit = await registryKit();
  for (let at = 0; at < 100; at += 1) {
    const name = `tool_${at}`;
    const source = `${toolSource(name, String(at))}// ${'x'.repeat(1500)}`;
    kit.write(`${name}.js`, source);
    const description = await kit.sandbox.describe(source);
    await kit.registry.store({
      text: {
        source,
        language: 'js',
      },
      hash: sha256(source),
      file: `${name}.js`,
      origin: 'user',
      by: null,
      examined: {
        verdict: 'passed',
        reason: null,
        code: source,
        description,
        findings: [],
        trials: [],
      },
    });
  }
  expect(Object.keys(await kit.states())).toHaveLength(100);
  const times: number[] = [];
  for (let round = 0; round < 30; round += 1) {
    const started = performance.now();
    expect((await kit.tools.snapshot('u1')).tools).toHaveLength(101);
    times.push(performance.now() - started);
  }
  const median = times.toSorted((a, b) => a - b)[15] ?? Infinity;
  expect(median).toBeLessThan(5);
});
