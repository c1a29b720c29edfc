/** Builds homes of flux-openclaw in its documented layout: real SQLite files, JSON, Markdown and Python, friendly or hostile. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';

export const ANNA_KEY = `flux_${'ab12'.repeat(16)}`;
export const BORA_KEY = `flux_${'cd34'.repeat(16)}`;
export const ANNA = 'a1a1a1a1-0000-4000-8000-000000000001';
const BORA = 'b0b0b0b0-0000-4000-8000-000000000002';
const CARL = 'c3c3c3c3-0000-4000-8000-000000000003';
export const KOREAN = '내일 오후에 한강 공원에서 자전거를 타기로 했어요';

const SCHEMAS = {
  users: `create table users (id text primary key, username text unique not null, display_name text default '',
    role text not null default 'user', api_key_hash text not null, api_key_prefix text not null,
    max_daily_calls integer default 100, is_active integer default 1, created_at text not null, updated_at text not null)`,
  conversations: `create table conversations (id text primary key, interface text not null default 'cli',
    created_at text not null, updated_at text not null, metadata_json text default '{}', user_id text default 'default')`,
  messages: `create table messages (id integer primary key autoincrement, conversation_id text not null,
    role text not null, content_json text not null, token_count integer default 0, created_at text not null)`,
  tags: 'create table conversation_tags (conversation_id text not null, tag text not null)',
  webhooks: `create table webhooks (id text primary key, user_id text not null, url text not null,
    events text not null default '[]', secret text not null, is_active integer default 1, failure_count integer default 0,
    max_retries integer default 3, created_at text not null, updated_at text not null)`,
} as const;

const AT = '2025-03-04T05:06:07.891011';

/** Writes a file below `folder`, with its folders. */
export async function put(folder: string, path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

/** Opens (and creates) a database below `folder` and closes it after `work`. */
export async function inDatabase(
  folder: string,
  path: string,
  work: (database: Sqlite.Database) => void,
): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  const database = new Sqlite(join(folder, path));
  try {
    work(database);
  } finally {
    database.close();
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Anna may all, Bora is a user, Carl is switched off. */
export function addUsers(folder: string): Promise<void> {
  return inDatabase(folder, 'data/auth.db', (database) => {
    database.exec(SCHEMAS.users);
    const add = database.prepare('insert into users values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    add.run(ANNA, 'anna', 'Anna', 'admin', hashOf(ANNA_KEY), ANNA_KEY.slice(0, 13), 100, 1, AT, AT);
    add.run(BORA, '보라', '', 'user', hashOf(BORA_KEY), BORA_KEY.slice(0, 13), 25, 1, AT, AT);
    add.run(CARL, 'carl', '', 'readonly', hashOf('flux_gone'), 'flux_00000000', 100, 0, AT, AT);
  });
}

/** Makes the tables of conversations.db; `work` fills them. */
export function addConversations(folder: string, work: (database: Sqlite.Database) => void): Promise<void> {
  return inDatabase(folder, 'data/conversations.db', (database) => {
    for (const name of ['conversations', 'messages', 'tags'] as const) database.exec(SCHEMAS[name]);
    work(database);
  });
}

const ADD_MESSAGE = 'insert into messages (conversation_id, role, content_json, created_at) values (?, ?, ?, ?)';

/** Adds a message; `content`: a text, or blocks. */
export function say(database: Sqlite.Database, conversation: string, role: string, content: unknown, at = AT): void {
  sayRaw(database, [conversation, role, JSON.stringify(content), at]);
}

/** Adds a row of messages as it is. */
export function sayRaw(database: Sqlite.Database, values: readonly unknown[]): void {
  database.prepare(ADD_MESSAGE).run(...values);
}

export function begin(database: Sqlite.Database, id: string, user = 'default', place = 'cli', metadata = '{}'): void {
  database.prepare('insert into conversations values (?, ?, ?, ?, ?, ?)').run(id, place, AT, AT, metadata, user);
}

export const TALK = '11111111-0000-4000-8000-000000000001';

/** A home as people have it: everything once or twice. */
export async function buildFluxHome(folder: string): Promise<void> {
  await addUsers(folder);
  await addConversations(folder, (database) => {
    begin(database, TALK, 'default');
    say(database, TALK, 'user', '안녕! What is the weather in Busan?');
    const call = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Busan' } };
    say(database, TALK, 'assistant', [{ type: 'text', text: 'Let me look.' }, call]);
    say(database, TALK, 'user', [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'sunny' }]);
    say(database, TALK, 'assistant', 'It is sunny in Busan.');
    say(database, TALK, 'user', KOREAN);
    begin(database, '22222222-0000-4000-8000-000000000002', BORA, 'telegram');
    say(database, '22222222-0000-4000-8000-000000000002', 'user', 'Only for Bora: the safe is behind the lighthouse.');
    begin(
      database,
      '33333333-0000-4000-8000-000000000003',
      'default',
      'cli',
      '{"original_file":"history_20250101_101112.json"}',
    );
    say(database, '33333333-0000-4000-8000-000000000003', 'user', 'moved over by flux itself');
    begin(database, '44444444-0000-4000-8000-000000000004');
    database.prepare('insert into conversation_tags values (?, ?)').run(TALK, 'Weather');
  });
  const history = (words: string): string =>
    JSON.stringify({ timestamp: '20250102_101112', messages: [{ role: 'user', content: words }] });
  await put(folder, 'history/history_20250101_101112.json', history('moved over by flux itself'));
  await put(folder, 'history/history_20250102_101112.json', history('from before there was a database'));
  const memory = (id: string, category: string, key: string, value: string, more: object = {}) => ({
    id,
    category,
    key,
    value,
    created_at: AT,
    updated_at: AT,
    expires_at: null,
    importance: 4,
    source: 'ai_tool',
    ...more,
  });
  const memories = [
    memory('m-1', 'user_info', '이름', '켈리', { importance: 5 }),
    memory('m-2', 'preferences', 'editor', 'vim'),
    memory('m-3', 'reminders', 'long gone', 'see the doctor', { expires_at: '2025-03-05T00:00:00' }),
    memory('m-4', 'plans', 'x', 'a category that is none'),
    ...Array.from({ length: 25 }, (_, index) =>
      memory(`m-u${index}`, 'user_info', `key ${index}`, `v${index}`, { importance: 1 }),
    ),
  ];
  await put(folder, 'memory/memories.json', JSON.stringify(memories));
  await put(folder, 'memory/memory.md', '# 기억\n\n## 사용자 정보\n- 이름: 켈리\n\n## 메모\n- 비밀번호는 적지 않기\n');
  await put(folder, 'memory/instruction.md', 'You are Kelly, a cheerful helper. Python tools live in tools/.');
  const document = {
    id: 'd-1',
    title: 'Garden',
    content: 'The tulips stand beside the greenhouse.',
    source: 'user',
    created_at: AT,
    chunks: [],
  };
  await put(folder, 'knowledge/docs/d-1.json', JSON.stringify(document));
  await put(folder, 'knowledge/docs/d-2.json', JSON.stringify({ ...document, id: 'd-2' }));
  await put(
    folder,
    'tools/roll_dice.py',
    'SCHEMA = {\n  "name": "roll_dice",\n  "description": "Rolls dice {really}",\n  "input_schema": {"type": "object", "properties": {}},\n}\n\ndef main():\n    return 4\n',
  );
  await put(
    folder,
    'tools/greet.ts',
    "import { defineTool, z } from 'claw/tool';\nexport default defineTool({ name: 'greet', description: 'greets', input: z.object({}), async run() { return 'hello'; } });\n",
  );
  await put(folder, 'tools/memory_manage.py', 'SCHEMA = {"name": "memory_manage"}\n');
  const schedule = (id: string, more: object) => ({
    id,
    cron: null,
    next_run: '',
    enabled: true,
    description: '',
    ...more,
  });
  const remind = { action: 'remind', content: '회의 시작', tool_name: null, tool_args: null };
  const schedules = [
    schedule('5c000001-1', { type: 'recurring', cron: '30 9 * * 1-5', task: remind }),
    schedule('5c000002-1', { type: 'once', next_run: '2025-02-12T09:30:00', task: remind }),
    schedule('5c000003-1', { type: 'once', next_run: '2199-02-12T09:30:00', task: remind }),
    schedule('5c000004-1', { type: 'recurring', cron: '61 * * * *', task: remind }),
    schedule('5c000005-1', {
      type: 'recurring',
      cron: '0 9 13 * 5',
      task: { ...remind, action: 'tool', tool_name: 'roll_dice', tool_args: {} },
    }),
  ];
  await put(folder, 'schedules.json', JSON.stringify(schedules));
  await inDatabase(folder, 'data/webhooks.db', (database) => {
    database.exec(SCHEMAS.webhooks);
    const add = database.prepare('insert into webhooks values (?, ?, ?, ?, ?, ?, 0, 3, ?, ?)');
    add.run('w-1', ANNA, 'https://hooks.example.com/a', '["chat.completed"]', 'made-up-webhook-secret', 1, AT, AT);
    add.run('w-2', ANNA, 'http://10.0.0.1/inside', '[]', 'made-up-webhook-secret', 1, AT, AT);
    add.run('w-3', ANNA, 'https://hooks.example.com/off', '[]', 'made-up-webhook-secret', 0, AT, AT);
  });
  await put(
    folder,
    '.env',
    `ANTHROPIC_API_KEY=made-up-key-of-nobody-0123456789\nOPENAI_API_KEY=your-api-key-here\nMAX_TOKENS=2048\nWS_HOST=0.0.0.0\nTELEGRAM_ALLOWED_USERS=4242\nNO_SUCH_THING=1\n`,
  );
  await put(
    folder,
    'config.json',
    JSON.stringify({ max_tokens: 9999, default_model: 'some-model', tool_timeout_seconds: 45 }),
  );
  await put(folder, 'usage_data.json', '{}');
}
