import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import { userHolder } from '../../src/core/memory/memory.ts';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { startModelServer } from '../fakes/llm/model-server.ts';
import { spoken } from '../fakes/llm/wire.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

const add = (home: string, key: string, value: string, ...more: string[]) =>
  runClawJson(['memory', 'add', '--category', 'facts', '--key', key, '--value', value, ...more], { home });

test('what was added on the command line is used offline in a new conversation', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  expect((await add(home, 'wifi_password', 'plum-tree')).json).toMatchObject({ key: 'wifi_password', replaced: null });
  expect((await add(home, 'wifi_password', 'pear-tree')).json).toMatchObject({ replaced: 'plum-tree' });
  const { json } = await runClawJson(['chat', '-p', 'what is the wifi password?'], { home });
  expect((json as { text: string }).text).toContain('pear-tree');
  await runClaw(['chat', '-p', '내 생일은 5월 3일이야. 기억해 줘'], { home });
  const asked = await runClaw(['chat', '-p', '내 생일이 언제였지?'], { home });
  expect(asked.stdout).toContain('5월 3일');
  const rows = (await runClawJson(['memory', 'list'], { home })).json as { key: string; why: string; origin: string }[];
  expect(rows.map(({ key, origin }) => [key, origin])).toEqual([
    ['wifi_password', 'person'],
    ['생일', 'tool'],
  ]);
  expect(rows[1]?.why).toMatch(/memory_manage saved it in conversation .* for owner/);
});

test('a model is told, in every request the same way, and removal can be undone', { timeout: 60_000 }, async () => {
  const server = await startModelServer(['One.', 'Two.'].map((text) => spoken(anthropicWire, { text: [text] })));
  onTestFinished(() => server.close());
  const home = await temporaryDirectory();
  const env = {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: server.url,
    LLM_MODEL: 'anthropic/claude-sonnet-5',
  };
  await add(home, 'city', 'Busan');
  const first = await runClawJson(['chat', '-p', 'hello'], { home, env });
  const { conversation_id: id } = first.json as { conversation_id: string };
  await runClawJson(['chat', '-p', 'again', '--resume', id], { home, env });
  const [one, two] = server.requests.map(({ body }) => JSON.stringify(body));
  expect(one).toContain('<memory>\\n- facts/city: Busan\\n</memory>');
  expect(two?.split('facts/city: Busan')).toHaveLength(2);

  expect((await runClaw(['memory', 'remove', 'facts/city'], { home })).code).toBe(0);
  expect((await runClawJson(['memory', 'list'], { home })).json).toEqual([]);
  await runClaw(['memory', 'restore'], { home });
  expect((await runClawJson(['memory', 'search', 'busan'], { home })).json).toMatchObject([{ value: 'Busan' }]);
});

test('wrong use says what to do', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const bad = await runClaw(['memory', 'add', '--category', 'gossip', '--key', 'k', '--value', 'v'], { home });
  expect(bad.code).toBe(2);
  expect((await runClaw(['memory', 'show', 'nothing'], { home })).code).toBe(6);
  expect((await runClaw(['memory', 'remove'], { home })).code).toBe(2);
  expect((await runClawJson(['memory', 'stats'], { home })).json).toMatchObject({ active: 0, index: 'ok' });
});

test('conversations are searched and tagged', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const said = await runClawJson(['chat', '-p', '기차표는 plum 상자 안에 있어'], { home });
  const { conversation_id: id } = said.json as { conversation_id: string };
  const search = async (...args: string[]) => (await runClawJson(['conversation', 'search', ...args], { home })).json;
  expect(await search('기차표')).toMatchObject([{ conversation_id: id, role: 'user', message: 1 }]);
  expect(await search('plum', '--from', '2999-01-01')).toEqual([]);
  expect(await search('')).toEqual([]);
  const tag = async (...args: string[]) => (await runClawJson(['conversation', 'tag', ...args], { home })).json;
  expect(await tag('add', id, ' Work')).toEqual({ added: true, tags: ['work'] });
  expect(await tag('add', id, 'work')).toEqual({ added: false, tags: ['work'] });
  expect(await search('plum', '--tag', 'work')).toHaveLength(1);
  expect(await tag('list')).toEqual([{ tag: 'work', conversations: 1 }]);
});

test(
  'a damaged index is shown by the doctor and made anew; a search without hits says why',
  { timeout: 60_000 },
  async () => {
    const home = await temporaryDirectory();
    await runClaw(['chat', '-p', 'the plum tree stands in the garden'], { home });
    await add(home, 'tree', 'a plum');
    const found = async () => (await runClawJson(['conversation', 'search', 'plum'], { home })).json as unknown[];
    expect(await found()).not.toEqual([]);

    const app = await openApp({ home, overrides: {} });
    const store = await app.store();
    const [row] = await store.memories.list(userHolder((await app.user()).id).name, {});
    if (row === undefined) throw new Error('nothing is remembered');
    await store.memories.index({ ...row, key: 'x', value: 'y' });
    await store.search.index({ id: 1, owner_id: 'nobody', role: 'user', parts: '[]' }, 'z');
    await app.close();

    const doctor = (await runClawJson(['doctor'], { home })).json as { check: string; status: string; fix: string }[];
    const rows = doctor.filter(({ check, status }) => check.endsWith('-index') && status !== 'ok');
    expect(rows.map(({ check, status, fix }) => [check, status, fix])).toEqual([
      ['memory-index', 'error', 'claw memory reindex'],
      ['conversation-index', 'error', 'claw conversation reindex'],
    ]);
    for (const topic of ['memory', 'conversation']) {
      expect((await runClaw([topic, 'reindex', '--check'], { home })).code).toBe(10);
      expect((await runClawJson([topic, 'reindex'], { home })).json).toMatchObject({ ok: true, problems: [] });
    }
    expect(await found()).not.toEqual([]);

    const nothing = await runClaw(['conversation', 'search', 'plum', '--from', '2999-01-01'], { home });
    expect([nothing.code, nothing.stdout]).toEqual([0, '']);
    expect(nothing.stderr).toContain('Nothing found with these filters; without them there are hits.');
    expect((await runClaw(['conversation', 'search', 'quince'], { home })).stderr).toContain(
      'none of these words was said',
    );
    expect((await runClaw(['conversation', 'search', '***'], { home })).stderr).toContain('Nothing to look for');
    expect((await runClaw(['conversation', 'search', 'quince', '--json'], { home })).stdout.trim()).toBe('[]');
  },
);
