/** Documents over the API of a running server, by a model's tool, and by a folder that the server watches. */
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { type ReplySource, type SeenRequest, startModelServer } from '../fakes/llm/model-server.ts';
import type { SpokenAnswer } from '../fakes/llm/wire.ts';
import { pdf } from '../core/knowledge/read/sample-files.ts';
import { ask, type HttpAnswer, urlOf } from './http-kit.ts';
import { runClaw } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

interface Person {
  readonly headers: Readonly<Record<string, string>>;
}

interface Hit {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** The model does what the first message says: `knowledge_tool` with the JSON after `do:`; then it says what the tool answered. */
const reply: ReplySource = (asked) => {
  const said = JSON.stringify((asked.body as { messages: unknown[] }).messages.at(-1));
  const act = /do:(.*?)#/.exec(textOf(asked))?.[1];
  const answer: SpokenAnswer =
    act === undefined || said.includes('tool_result')
      ? { text: [`answered: ${said}`] }
      : { calls: [{ id: `call_${Math.random()}`, name: 'knowledge_tool', input: JSON.parse(act) as never }] };
  return { pieces: anthropicWire.speak(answer) };
};

function textOf({ body }: SeenRequest): string {
  const last = (body as { messages: { content: unknown }[] }).messages.at(-1)?.content;
  return Array.isArray(last) ? last.map((part: { text?: string }) => part.text ?? '').join('') : String(last);
}

let workspace = '';
const shared = sharedServe(async (onEnd) => {
  const server = await startModelServer([reply]);
  onEnd(() => server.close());
  return {
    env: {
      ANTHROPIC_API_KEY: 'made-up-key',
      ANTHROPIC_BASE_URL: server.url,
      LLM_RETRY_COUNT: '0',
      KNOWLEDGE_WATCH_SECONDS: '1',
      KNOWLEDGE_MAX_FILE_MB: '1',
    },
  };
});

const api = (path: string, options?: Parameters<typeof ask>[2]): Promise<HttpAnswer> =>
  ask(shared(), `/api/v1${path}`, options);
const add = (body: object, who: Partial<Person> = {}): Promise<HttpAnswer> => api('/knowledge', { body, ...who });
const search = async (words: string, who: Partial<Person> = {}): Promise<Hit[]> =>
  (await api(`/knowledge/search?q=${encodeURIComponent(words)}`, who)).json as Hit[];

async function newPerson(username: string, role: string): Promise<Person> {
  const { json } = await api('/users', { body: { username, role } });
  return { headers: { authorization: `Bearer ${(json as { api_key: string }).api_key}` } };
}

let alice: Person;
let bob: Person;
let rita: Person;

beforeAll(async () => {
  workspace = join(shared().home, 'groups', 'main');
  mkdirSync(workspace, { recursive: true });
  alice = await newPerson('alice', 'user');
  bob = await newPerson('bob', 'user');
  rita = await newPerson('rita', 'readonly');
});

test('a document is added, updated, found, shown, counted and removed, each act with its row in the audit trail', async () => {
  const body = { id: 'lease', title: '임대차', content: '# 기간\n\n전세 계약 기간은 2년이다.' };
  const added = await add(body, alice);
  expect([added.status, added.json]).toMatchObject([201, { id: 'lease', outcome: 'added', chunks: 1 }]);
  expect((await add(body, alice)).json).toMatchObject({ outcome: 'unchanged' });
  const longer = await add({ ...body, content: `${body.content}\n\n갱신은 한 번이다.` }, alice);
  expect(longer.json).toMatchObject({ outcome: 'updated', chunks: 2 });
  expect(await search('전세 계약은 몇 년인가요', alice)).toMatchObject([
    { id: 'lease', title: '임대차', place: '# 기간' },
  ]);
  expect((await api('/knowledge', alice)).json).toMatchObject([{ id: 'lease', chunks: 2, provenance: 'user' }]);
  expect((await api('/knowledge/lease', alice)).json).toMatchObject({
    id: 'lease',
    passages: [{ place: '# 기간', text: '전세 계약 기간은 2년이다.' }, { text: '갱신은 한 번이다.' }],
  });
  expect((await api('/knowledge/stats', alice)).json).toMatchObject({ documents: 1, chunks: 2, folders: 0 });
  expect((await api('/knowledge/lease', { method: 'DELETE', ...alice })).json).toEqual({ removed: 1 });
  expect(await search('전세', alice)).toEqual([]);
  const { json } = await api('/audit?action=knowledge.*&limit=10');
  const acts = (json as { action: string; target: string; username: string; via: string }[]).toReversed();
  expect(acts.map(({ action, target, username, via }) => [action, target, username, via])).toEqual([
    ['knowledge.add', 'lease', 'alice', 'api-key'],
    ['knowledge.update', 'lease', 'alice', 'api-key'],
    ['knowledge.remove', 'lease', 'alice', 'api-key'],
  ]);
});

test("another's document is not there, under its id and in a search", async () => {
  await add({ id: 'diary', content: 'The canary sings at dawn.' }, alice);
  for (const who of [bob, rita]) {
    expect((await api('/knowledge/diary', who)).status).toBe(404);
    expect(await search('canary', who)).toEqual([]);
    expect((await api('/knowledge', who)).json).toEqual([]);
  }
  expect((await api('/knowledge/diary', { method: 'DELETE', ...bob })).status).toBe(404);
  expect((await api('/knowledge/diary', { method: 'DELETE' })).status).toBe(404);
  expect(await search('canary', alice)).toHaveLength(1);
  expect((await add({ id: 'diary', content: "Bob's own diary." }, bob)).json).toMatchObject({ outcome: 'added' });
  expect(await search('canary', alice)).toHaveLength(1);
});

test.each<[string, object, number, string]>([
  ['a program by its name', { name: 'setup.exe', content: 'MZ' }, 422, '.exe'],
  ['a document larger than is read', { content: 'word '.repeat(300_000) }, 413, 'KNOWLEDGE_MAX_FILE_MB'],
  ['an empty text', { content: '   ' }, 422, 'no text'],
  ['an unknown field', { content: 'text', path: '/etc/passwd' }, 400, ''],
  ['a URL of this machine', { url: 'http://127.0.0.1:1/' }, 403, ''],
  ['a URL of the file system', { url: 'file:///etc/passwd' }, 400, ''],
])('%s is refused', async (_, body, status, reason) => {
  const answer = await add(body, alice);
  expect([answer.status, answer.text.includes(reason)]).toEqual([status, true]);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});

test('a body that says it is larger than is taken is refused before it is sent', async () => {
  const length = { 'content-type': 'application/json', 'content-length': String(17 * 1024 * 1024) };
  const asked = request(urlOf(shared(), '/api/v1/knowledge'), {
    method: 'POST',
    headers: { ...length, ...alice.headers },
  });
  asked.on('error', () => {}).write('{');
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(413);
  asked.destroy();
});

test('one who only reads may search and not add or remove', async () => {
  expect((await api('/knowledge', rita)).status).toBe(200);
  expect((await add({ content: 'text' }, rita)).status).toBe(403);
  expect((await api('/knowledge/diary', { method: 'DELETE', ...rita })).status).toBe(403);
});

test('a model adds, lists and searches with its tool, for the one who asks and from the workspace alone', async () => {
  const chat = async (act: object, who: Person): Promise<string> => {
    const answer = await api('/chat', { body: { message: `do:${JSON.stringify(act)}#` }, ...who });
    expect(answer.status).toBe(200);
    return (answer.json as { response: string }).response;
  };
  writeFileSync(join(workspace, 'report.txt'), 'The quarterly turnover was 1,234 euros.');
  expect(await chat({ action: 'add', path: 'report.txt', title: 'Report' }, alice)).toContain('added');
  expect(await chat({ action: 'search', query: 'what was the turnover' }, alice)).toContain('Report, line 1');
  expect(await chat({ action: 'list' }, alice)).toContain('Report');
  expect(await chat({ action: 'search', query: 'what was the turnover' }, bob)).toMatch(
    /no documents yet|None of these/,
  );
  expect(await chat({ action: 'add', path: '../claw.db' }, alice)).not.toContain('added');
  expect(await chat({ action: 'add', path: '/etc/passwd' }, alice)).not.toContain('added');
  const [row] = (await api('/audit?action=knowledge.add&limit=1')).json as object[];
  expect(row).toMatchObject({ username: 'alice', via: 'turn' });
});

test(
  'a file is added as it is: its bytes are the body, and its passages are found by page',
  { timeout: 30_000 },
  async () => {
    const send = (name: string, bytes: Uint8Array, type = 'application/octet-stream'): Promise<Response> =>
      fetch(urlOf(shared(), `/api/v1/knowledge/files?name=${encodeURIComponent(name)}`), {
        method: 'POST',
        headers: { 'content-type': type, ...alice.headers },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
    const made = pdf(['Of harbours.', 'The lighthouse was painted white.']);
    const answer = await send('보고서.pdf', made);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ title: '보고서.pdf', outcome: 'added' });
    expect(await (await send('보고서.pdf', made)).json()).toMatchObject({ outcome: 'unchanged' });
    expect(await search('lighthouse', alice)).toMatchObject([{ title: '보고서.pdf', place: 'page 2' }]);
    expect(await search('lighthouse', bob)).toEqual([]);
    expect((await send('a.exe', made)).status).toBe(422);
    expect((await send('a.txt', Buffer.from('x'), 'text/plain')).status).toBe(415);
    expect((await send('large.txt', Buffer.alloc(1024 * 1024 + 1, 'x'))).status).toBe(413);
    const other = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: '{"message":"hi"}' };
    expect((await fetch(urlOf(shared(), '/api/v1/chat'), other)).status).toBe(415);
  },
);

test('a watched folder is followed: a file that comes, changes and goes', { timeout: 30_000 }, async () => {
  const folder = join(shared().home, 'notes');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.md'), '# Birds\n\nA heron stood in the pond.');
  const run = await runClaw(['knowledge', 'add', folder, '--watch'], { home: shared().home });
  expect(run.code).toBe(0);
  expect(await search('heron')).toHaveLength(1);
  const within = { timeout: 8_000, interval: 100 };
  writeFileSync(join(folder, 'b.md'), 'A kingfisher dived.');
  await expect.poll(() => search('kingfisher'), within).toHaveLength(1);
  writeFileSync(join(folder, 'a.md'), '# Birds\n\nA bittern hid in the reeds today.');
  await expect.poll(() => search('bittern'), within).toHaveLength(1);
  expect(await search('heron')).toEqual([]);
  rmSync(join(folder, 'a.md'));
  await expect.poll(() => search('bittern'), within).toEqual([]);
  const { json } = await api('/audit?action=knowledge.*&limit=1');
  expect(json).toMatchObject([{ action: 'knowledge.remove', username: 'owner', via: 'folder', from: folder }]);
});
