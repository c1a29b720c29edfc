/** Builds homes of NanoClaw: `store/messages.db` as its versions left it, folders of groups, sessions of Claude Code, `.env`. */
import { join } from 'node:path';
import { type Row, writeDatabase, writeFiles } from './foreign-home.ts';

/** The tables of a recent 1.x version. */
export const SCHEMA = `
CREATE TABLE chats (jid TEXT PRIMARY KEY, name TEXT, last_message_time TEXT, channel TEXT, is_group INTEGER DEFAULT 0);
CREATE TABLE messages (id TEXT, chat_jid TEXT, sender TEXT, sender_name TEXT, content TEXT, timestamp TEXT,
  is_from_me INTEGER, is_bot_message INTEGER DEFAULT 0, PRIMARY KEY (id, chat_jid));
CREATE TABLE scheduled_tasks (id TEXT PRIMARY KEY, group_folder TEXT NOT NULL, chat_jid TEXT NOT NULL, prompt TEXT NOT NULL,
  schedule_type TEXT NOT NULL, schedule_value TEXT NOT NULL, next_run TEXT, last_run TEXT, last_result TEXT,
  status TEXT DEFAULT 'active', created_at TEXT NOT NULL, context_mode TEXT DEFAULT 'isolated');
CREATE TABLE task_run_logs (id INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL, run_at TEXT NOT NULL,
  duration_ms INTEGER NOT NULL, status TEXT NOT NULL, result TEXT, error TEXT);
CREATE TABLE router_state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE sessions (group_folder TEXT PRIMARY KEY, session_id TEXT NOT NULL);
CREATE TABLE registered_groups (jid TEXT PRIMARY KEY, name TEXT NOT NULL, folder TEXT NOT NULL, trigger_pattern TEXT NOT NULL,
  added_at TEXT NOT NULL, container_config TEXT, requires_trigger INTEGER DEFAULT 1, is_main INTEGER DEFAULT 0);
`;

/** The first versions: no channels, no marks of what the assistant said, no modes of tasks; groups and sessions in JSON files. */
export const OLD_SCHEMA = `
CREATE TABLE chats (jid TEXT PRIMARY KEY, name TEXT, last_message_time TEXT);
CREATE TABLE messages (id TEXT, chat_jid TEXT, sender TEXT, sender_name TEXT, content TEXT, timestamp TEXT, is_from_me INTEGER);
CREATE TABLE scheduled_tasks (id TEXT PRIMARY KEY, group_folder TEXT NOT NULL, chat_jid TEXT NOT NULL, prompt TEXT NOT NULL,
  schedule_type TEXT NOT NULL, schedule_value TEXT NOT NULL, next_run TEXT, last_run TEXT, last_result TEXT,
  status TEXT DEFAULT 'active', created_at TEXT NOT NULL);
`;

export const MAIN = 'tg:4200001';
export const FAMILY = 'tg:-1002003004';
export const FRIENDS = 'tg:-1002003005';
export const TEAM = 'dc:5550001110';

const added = '2026-01-05T08:00:00.000Z';

export function group(jid: string, name: string, folder: string, more: Row = {}): Row {
  return {
    jid,
    name,
    folder,
    trigger_pattern: '@Andy',
    added_at: added,
    container_config: null,
    requires_trigger: 1,
    ...more,
  };
}

export function message(
  id: string,
  chat_jid: string,
  sender_name: string,
  content: string | null,
  timestamp: string,
  more: Row = {},
): Row {
  const sender = String(7_000_000 + (sender_name.codePointAt(0) ?? 0));
  return { id, chat_jid, sender, sender_name, content, timestamp, is_from_me: 0, ...more };
}

export function task(id: string, schedule_type: string, schedule_value: string, more: Row = {}): Row {
  const place = { group_folder: 'family', chat_jid: FAMILY, prompt: `Do ${id}.`, created_at: added };
  return { id, ...place, schedule_type, schedule_value, status: 'active', ...more };
}

export const GROUPS: readonly Row[] = [
  group(MAIN, 'Me', 'main', { requires_trigger: 0, is_main: 1 }),
  group(FAMILY, 'Family', 'family'),
  group(FRIENDS, 'Friends', 'family', { trigger_pattern: '@Buddy' }),
  group(TEAM, 'Team', 'team-ops', {
    requires_trigger: 0,
    container_config: JSON.stringify({
      additionalMounts: [{ hostPath: '~/projects/site', readonly: true }],
      timeout: 600_000,
    }),
  }),
];

const MESSAGES: readonly Row[] = [
  message('1', FAMILY, 'Alice', 'Who buys the bread?', '2026-01-06T09:00:00.000Z'),
  message('2', FRIENDS, 'Bora', '@Buddy 안녕', '2026-01-06T09:00:01.000Z'),
  message('3', FAMILY, 'Alice', '@Andy what did we say?', '2026-01-06T09:00:02.000Z'),
  message('4', FAMILY, 'Carl', 'same instant', '2026-01-06T09:00:02.000Z'),
  message('5', FAMILY, 'Andy', 'Andy: Alice buys the bread.', '2026-01-06T09:00:05.000Z', {
    is_from_me: 1,
    is_bot_message: 1,
  }),
  message('6', TEAM, 'Dora', 'The site is up.', '2026-01-07T10:00:00.000Z'),
  message('7', 'tg:777', 'Eve', 'a chat that was never registered', '2026-01-07T10:00:00.000Z'),
];

const TASKS: readonly Row[] = [
  task('task-weekdays', 'cron', '0 9 * * 1-5', { context_mode: 'group' }),
  task('task-hourly', 'interval', '3600000', { status: 'paused' }),
  task('task-once', 'once', '2099-02-01T15:30:00.000Z'),
  task('task-done', 'once', '2026-01-08T15:30:00.000Z', { status: 'completed' }),
];

const at = (second: number): string => `2026-01-06T09:00:${String(second).padStart(2, '0')}.000Z`;

/** A session of Claude Code in the group `family`. */
const SESSION: readonly unknown[] = [
  { type: 'queue-operation', operation: 'enqueue', timestamp: at(0), sessionId: 'session-1' },
  {
    type: 'user',
    uuid: 'u1',
    parentUuid: null,
    timestamp: at(2),
    message: {
      role: 'user',
      content:
        '<messages>\n<message sender="Alice &amp; co" time="2026-01-06T09:00:02.000Z">@Andy what did we say? &lt;3</message>\n</messages>',
    },
  },
  {
    type: 'assistant',
    uuid: 'u2',
    parentUuid: 'u1',
    timestamp: at(3),
    message: {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'secret thoughts' },
        { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } },
      ],
    },
  },
  {
    type: 'user',
    uuid: 'u3',
    parentUuid: 'u2',
    timestamp: at(4),
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'CLAUDE.md' }] },
  },
  '{"type":"assistant","message":{"role":"assis',
  {
    type: 'assistant',
    uuid: 'u4',
    parentUuid: 'u3',
    timestamp: at(5),
    message: { role: 'assistant', content: [{ type: 'text', text: 'Alice buys the bread.' }] },
  },
  {
    type: 'assistant',
    uuid: 'u5',
    isSidechain: true,
    timestamp: at(6),
    message: { role: 'assistant', content: [{ type: 'text', text: 'a helper of the agent' }] },
  },
];

export interface NanoclawOptions {
  readonly schema?: string;
  readonly rows?: Readonly<Record<string, readonly Row[]>>;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly keepOpen?: boolean;
}

/** A home with three rooms, two of them on one folder, talk, tasks, memory files, a skill and a session. */
export async function writeNanoclawHome(folder: string, options: NanoclawOptions = {}) {
  await writeFiles(folder, {
    '.env':
      'ASSISTANT_NAME="Andy"\nTZ=Asia/Seoul\nTELEGRAM_BOT_TOKEN=made-up-telegram-token\nCLAUDE_CODE_OAUTH_TOKEN=made-up-oauth-token\nOBSIDIAN_PATH=/srv/notes\n',
    'groups/global/CLAUDE.md': '# Andy\nYou are Andy. Be kind.\n',
    'groups/main/CLAUDE.md': '# Main\nThe admin talks here.\n',
    'groups/family/CLAUDE.md': '# Family\nAlice likes rye bread.\n',
    'groups/family/conversations/2026-01-06-bread.md': '# Bread\nAlice buys it.\n',
    'groups/family/shopping.md': '- rye\n',
    'groups/family/logs/container-1.log': 'prompt in full\n',
    'groups/family/skills/baking/SKILL.md': '---\nname: baking\ndescription: How to bake.\n---\nKnead.\n',
    'container/skills/agent-browser/SKILL.md': '---\nname: agent-browser\n---\nShipped with the program.\n',
    'data/sessions/family/.claude/projects/-workspace-group/session-1.jsonl': SESSION,
    'data/sessions/family/.claude/.credentials.json': { claudeAiOauth: { accessToken: 'made-up-access-token' } },
    'data/ipc/family/messages/1.json': { type: 'message' },
    ...options.files,
  });
  const rows = { registered_groups: GROUPS, messages: MESSAGES, scheduled_tasks: TASKS, chats: [], ...options.rows };
  return writeDatabase(join(folder, 'store/messages.db'), options.schema ?? SCHEMA, rows, options.keepOpen);
}
