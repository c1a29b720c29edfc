import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nanoclawReader } from '../../../../src/core/import/nanoclaw/nanoclaw-reader.ts';
import { type Row, writeDatabase, writeFiles } from '../foreign-home.ts';
import { FAMILY, writeNanoclawHome } from '../nanoclaw-home.ts';
import { emptyFolder, type Findings, readHome } from '../read-home.ts';

const CENTRAL = `
CREATE TABLE agent_groups (id TEXT PRIMARY KEY, name TEXT NOT NULL, folder TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL);
CREATE TABLE messaging_groups (id TEXT PRIMARY KEY, channel_type TEXT NOT NULL, platform_id TEXT NOT NULL, name TEXT, is_group INTEGER DEFAULT 0, created_at TEXT NOT NULL);
CREATE TABLE messaging_group_agents (id TEXT PRIMARY KEY, messaging_group_id TEXT NOT NULL, agent_group_id TEXT NOT NULL, engage_mode TEXT, engage_pattern TEXT, created_at TEXT NOT NULL);
CREATE TABLE sessions (id TEXT PRIMARY KEY, agent_group_id TEXT NOT NULL, messaging_group_id TEXT, thread_id TEXT, created_at TEXT NOT NULL);
`;
const INBOUND =
  'CREATE TABLE messages_in (id TEXT PRIMARY KEY, seq INTEGER UNIQUE, kind TEXT NOT NULL, timestamp TEXT NOT NULL, status TEXT, process_after TEXT, recurrence TEXT, series_id TEXT, content TEXT NOT NULL)';
const OUTBOUND =
  'CREATE TABLE messages_out (id TEXT PRIMARY KEY, seq INTEGER UNIQUE, timestamp TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL)';

const created_at = '2026-05-01T08:00:00.000Z';
const at = (second: number): string => `2026-05-02T09:00:0${second}.000Z`;
const chat = (id: string, channel_type: string, platform_id: string, name: string | null): Row => ({
  id,
  channel_type,
  platform_id,
  name,
  created_at,
});
const wired = (
  id: string,
  messaging_group_id: string,
  agent_group_id: string,
  engage_mode: string,
  engage_pattern: string | null,
): Row => ({ id, messaging_group_id, agent_group_id, engage_mode, engage_pattern, created_at });

async function writeSecondHome(folder: string): Promise<void> {
  await writeFiles(folder, {
    '.env': 'ASSISTANT_NAME=Andy\nTZ=Asia/Seoul\n',
    'groups/bakers/CLAUDE.md': 'made anew at each start',
    'groups/bakers/CLAUDE.local.md': 'Rye only.',
  });
  await writeDatabase(join(folder, 'data/v2.db'), CENTRAL, {
    agent_groups: [{ id: 'ag-1', name: 'Bakers', folder: 'bakers', created_at }],
    messaging_groups: [
      chat('mg-1', 'telegram', 'telegram:-1005', 'Baking'),
      chat('mg-2', 'discord', 'discord:900:7001', 'general'),
      chat('mg-3', 'discord', 'discord:@me:7002', null),
      chat('mg-4', 'whatsapp', '1@g.us', 'Friends'),
    ],
    messaging_group_agents: [
      wired('w1', 'mg-1', 'ag-1', 'pattern', '^@Andy\\b'),
      wired('w2', 'mg-2', 'ag-1', 'mention', null),
      wired('w3', 'mg-3', 'ag-1', 'pattern', '.'),
      wired('w4', 'mg-4', 'ag-1', 'pattern', '(a+)+'),
      wired('w5', 'mg-9', 'ag-1', 'mention', null),
    ],
    sessions: [
      { id: 'sess-1', agent_group_id: 'ag-1', messaging_group_id: 'mg-1', created_at },
      { id: '../sess-2', agent_group_id: 'ag-1', messaging_group_id: 'mg-2', created_at },
      { id: 'sess-3', agent_group_id: 'ag-1', messaging_group_id: null, created_at },
    ],
  });
  const session = join(folder, 'data/v2-sessions/ag-1/sess-1');
  const line = (id: string, seq: number, kind: string, content: unknown, more: Row = {}): Row => ({
    id,
    seq,
    kind,
    timestamp: at(seq),
    content: JSON.stringify(content),
    ...more,
  });
  await writeDatabase(join(session, 'inbound.db'), INBOUND, {
    messages_in: [
      line('i1', 2, 'chat', { text: '@Andy rye?', sender: 'Alice', senderId: 'telegram:1' }),
      line('i2', 4, 'chat', { text: 'thanks', sender: 'Bora' }),
      line(
        't1',
        6,
        'task',
        { prompt: 'Bake.', script: null },
        { status: 'pending', recurrence: '0 6 * * *', series_id: 't1', process_after: at(9) },
      ),
      line('t2', 8, 'task', { prompt: 'Once.' }, { status: 'paused', process_after: '2099-01-01T00:00:00.000Z' }),
      line('t0', 9, 'task', { prompt: 'Old.' }, { status: 'completed', recurrence: '0 6 * * *' }),
    ],
  });
  await writeDatabase(join(session, 'outbound.db'), OUTBOUND, {
    messages_out: [line('o1', 3, 'chat', { text: 'Rye.' }), line('o2', 5, 'system', { action: 'x' })],
  });
}

async function readSecond(): Promise<Findings> {
  const folder = await emptyFolder();
  await writeSecondHome(folder);
  return readHome(nanoclawReader, folder);
}

test('each chat that is wired to an agent is a room on its folder', async () => {
  const found = await readSecond();
  expect(
    found
      .of('room')
      .map(({ jid, name, folder, trigger, requiresTrigger }) => [jid, name, folder, trigger, requiresTrigger]),
  ).toEqual([
    ['tg:-1005', 'Baking', 'bakers', '@Andy', true],
    ['dc:7001', 'general', 'bakers', undefined, true],
    ['dc:7002', 'bakers', 'bakers', undefined, false],
  ]);
  expect(found.skipped).toEqual(['room whatsapp:1@g.us: claw has no channel for WhatsApp']);
  expect(found.of('instruction')).toMatchObject([{ folder: 'bakers', text: 'Rye only.' }]);
});

test('what both sides of a session said is one conversation in its order', async () => {
  const found = await readSecond();
  expect(found.of('conversation')).toEqual([
    {
      kind: 'conversation',
      sourceId: 'session sess-1',
      title: 'Baking',
      origin: 'telegram',
      createdAt: Date.parse(at(2)),
      folder: 'bakers',
    },
  ]);
  expect(found.of('message').map(({ role, parts: [part] }) => [role, part?.type === 'text' ? part.text : ''])).toEqual([
    ['user', '<message sender="Alice" time="2026-05-02 18:00">@Andy rye?</message>'],
    ['assistant', 'Rye.'],
    ['user', '<message sender="Bora" time="2026-05-02 18:00">thanks</message>'],
  ]);
});

test('tasks that wait keep their schedule; those that are over are left', async () => {
  const found = await readSecond();
  expect(
    found
      .of('task')
      .map(({ name, prompt, type, value, zone, jid, isActive }) => [name, prompt, type, value, zone, jid, isActive]),
  ).toEqual([
    ['t1', 'Bake.', 'cron', '0 6 * * *', 'Asia/Seoul', 'tg:-1005', true],
    ['t2', 'Once.', 'once', '2099-01-01T00:00:00.000Z', 'Asia/Seoul', 'tg:-1005', false],
  ]);
});

test('a home that went on from the first version gives both', async () => {
  const folder = await emptyFolder();
  await writeNanoclawHome(folder);
  await writeSecondHome(folder);
  const found = await readHome(nanoclawReader, folder);
  const jids = found.of('room').map(({ jid }) => jid);
  expect(jids).toEqual(expect.arrayContaining([FAMILY, 'tg:-1005']));
  expect(new Set(jids).size).toBe(jids.length);
});
