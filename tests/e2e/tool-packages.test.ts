/** The packages that ship with claw, and those of a stranger, from the publisher's desk to another's home. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ROOT, runClawJson, temporaryDirectory } from './run-claw.ts';

// Many processes one after the other; a busy machine may take its time.
vi.setConfig({ testTimeout: 240_000 });

const PACKAGES: readonly (readonly [string, object, unknown])[] = [
  ['unit_converter', { value: 5, from: 'km', to: 'm' }, { value: 5000, unit: 'm' }],
  ['json_formatter', { text: '{"a":1}', action: 'check' }, { valid: true }],
  ['text_translator', { text: 'abc', to: 'reverse' }, 'cba'],
  ['csv_parser', { rows: [['a', 'b']] }, 'a,b\r\n'],
  ['timer', { action: 'convert', duration: '2h' }, { seconds: 7200, words: '2h' }],
  ['random_generator', { kind: 'integer', min: 4, max: 4 }, [4]],
  ['base_converter', { value: '255', to: 2 }, { value: '11111111', base: 2, is_exact: true }],
  ['text_stats', { text: '한글' }, expect.objectContaining({ characters: 2, words: 1 })],
  ['color_converter', { color: '#f00' }, expect.objectContaining({ name: 'red' })],
  ['hash_generator', { text: '', algorithm: 'md5' }, 'd41d8cd98f00b204e9800998ecf8427e'],
];

async function homeWith(env: Readonly<Record<string, string>> = {}) {
  const home = await temporaryDirectory();
  return async (...args: string[]) => {
    const { code, json } = await runClawJson(args, { home, env, timeoutMs: 60_000 });
    return { code, json: json as Record<string, unknown> & { error: { message: string } } };
  };
}

test('each of the ten packages that ship installs with a plain yes, wants nothing, and runs', async () => {
  const claw = await homeWith();
  const listed = (await claw('tool', 'search')).json as unknown as { name: string; key_id: string }[];
  const publisher = JSON.parse(readFileSync(join(ROOT, 'marketplace', 'publisher.json'), 'utf8')) as { key_id: string };
  expect(listed.map(({ name }) => name)).toEqual(PACKAGES.map(([name]) => name).toSorted());
  expect(new Set(listed.map(({ key_id }) => key_id))).toEqual(new Set([publisher.key_id]));
  for (const [name, input, output] of PACKAGES) {
    const { code, json } = await claw('tool', 'install', name, '--yes');
    expect([name, code, json]).toMatchObject([name, 0, { state: 'active', version: '1.0.0' }]);
    const run = await claw('tool', 'run', name, '--input', JSON.stringify(input));
    expect([name, run.json]).toMatchObject([name, { status: 'ok', output }]);
  }
});

test('what one home publishes another installs, updates, and switches off when it is called back', async () => {
  const publisher = await homeWith();
  const folder = join(await temporaryDirectory(), 'registry');
  mkdirSync(folder);
  const source = join(folder, '..', 'greet_me.ts');
  const write = (words: string) =>
    writeFileSync(
      source,
      `import { defineTool, z } from 'claw/tool';
export default defineTool({ name: 'greet_me', description: 'Greets.', input: z.object({}), examples: [{ input: {}, output: '${words}' }], run: () => '${words}' });
`,
    );
  const publish = (version: string) =>
    publisher('tool', 'publish', source, '--registry', folder, '--author', 'Ada Example', '--version', version);
  const user = await homeWith({ MARKETPLACE_REGISTRIES: folder });
  const { json: key } = await publisher('tool', 'key', 'create');

  write('Hello');
  expect((await publish('1.0.0')).code).toBe(0);
  expect((await user('tool', 'install', 'greet_me', '--yes')).code).not.toBe(0);
  expect((await user('tool', 'install', 'greet_me', '--yes', '--trust', String(key['key_id']))).code).toBe(0);
  expect((await user('tool', 'run', 'greet_me')).json).toMatchObject({ output: 'Hello' });

  write('Good day');
  expect((await publish('1.1.0')).code).toBe(0);
  expect((await user('tool', 'update', 'greet_me', '--yes')).code).toBe(0);
  expect((await user('tool', 'run', 'greet_me')).json).toMatchObject({ output: 'Good day' });

  await publisher('tool', 'revoke', 'greet_me', '--registry', folder, '--reason', 'It was rude.');
  await user('tool', 'search');
  const run = await user('tool', 'run', 'greet_me');
  expect(JSON.stringify(run.json)).not.toContain('Good day');
  const again = await user('tool', 'install', 'greet_me', '--yes');
  expect(again.json.error.message).toMatch(/revoked: It was rude\./);
});
