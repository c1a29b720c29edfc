/** Builds homes of RustClaw: NanoClaw's tables and folders, chats of Discord, sessions of Codex, a Cargo project. */
import { join } from 'node:path';
import { type Row, writeDatabase, writeFiles } from './foreign-home.ts';
import { group, message } from './nanoclaw-home.ts';

const SCHEMA = `
CREATE TABLE chats (jid TEXT PRIMARY KEY, name TEXT, last_message_time TEXT);
CREATE TABLE messages (id TEXT NOT NULL, chat_jid TEXT NOT NULL, sender TEXT NOT NULL, sender_name TEXT NOT NULL, content TEXT NOT NULL,
  timestamp TEXT NOT NULL, is_from_me INTEGER NOT NULL DEFAULT 0, is_bot_message INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, chat_jid));
CREATE TABLE scheduled_tasks (id TEXT PRIMARY KEY, group_folder TEXT NOT NULL, chat_jid TEXT NOT NULL, prompt TEXT NOT NULL, schedule_type TEXT NOT NULL,
  schedule_value TEXT NOT NULL, context_mode TEXT NOT NULL DEFAULT 'isolated', next_run TEXT, last_run TEXT, last_result TEXT, status TEXT NOT NULL DEFAULT 'active', created_at TEXT NOT NULL);
CREATE TABLE sessions (group_folder TEXT PRIMARY KEY, session_id TEXT NOT NULL);
CREATE TABLE registered_groups (jid TEXT PRIMARY KEY, name TEXT NOT NULL, folder TEXT NOT NULL UNIQUE, trigger_pattern TEXT NOT NULL, added_at TEXT NOT NULL,
  container_config TEXT, requires_trigger INTEGER DEFAULT 1);
`;

export const HQ = 'dc:123456789012345678';
export const OPS = 'dc:223456789012345678';

const at = (second: number): string => `2026-02-19T10:00:0${second}.000Z`;

function task(id: string, schedule_type: string, schedule_value: string, more: Row = {}): Row {
  const place = { group_folder: 'ops', chat_jid: '223456789012345678@discord', prompt: `Do ${id}.`, created_at: at(0) };
  return { id, ...place, schedule_type, schedule_value, ...more };
}

export async function writeRustclawHome(folder: string): Promise<void> {
  await writeFiles(folder, {
    'Cargo.toml': '[package]\nname = "rust_claw"\n',
    '.env':
      'ASSISTANT_NAME=폴\nMAIN_GROUP_FOLDER=hq\nTIMEZONE=Asia/Seoul\nDISCORD_BOT_TOKEN=made-up-discord-token\nUPBIT_SECRET_KEY=made-up-upbit-key\nCODEX_MODEL=gpt-5.2\nAUTO_REGISTER_MAIN_JID=123456789012345678@discord\n',
    'groups/hq/AGENTS.md': '# HQ\n한국어로 답한다.\n',
    'groups/global/skills/skill-creator/SKILL.md': '# How to make one\n',
    'data/sessions/ops/.codex/auth.json': { tokens: { access_token: 'made-up-access' } },
    'data/sessions/ops/.codex/sessions/2026/02/19/rollout-2026-02-19-abc.jsonl': [
      { timestamp: at(0), type: 'session_meta', payload: { id: 'abc', instructions: 'long' } },
      {
        timestamp: at(0),
        type: 'response_item',
        payload: {
          type: 'message',
          role: 'user',
          content: [{ type: 'input_text', text: '<environment_context>\n</environment_context>' }],
        },
      },
      {
        timestamp: at(1),
        type: 'response_item',
        payload: {
          type: 'message',
          role: 'user',
          content: [
            {
              type: 'input_text',
              text: '<messages>\n<message sender="철수" time="x">@폴 로그 봐줘</message>\n</messages>',
            },
          ],
        },
      },
      {
        timestamp: at(2),
        type: 'response_item',
        payload: { type: 'reasoning', summary: [], encrypted_content: 'secret thoughts' },
      },
      {
        timestamp: at(2),
        type: 'response_item',
        payload: { type: 'function_call', name: 'shell', arguments: '{"command":["tail","log"]}', call_id: 'c1' },
      },
      {
        timestamp: at(3),
        type: 'response_item',
        payload: { type: 'function_call_output', call_id: 'c1', output: 'all is well' },
      },
      { timestamp: at(3), type: 'event_msg', payload: { type: 'token_count' } },
      {
        timestamp: at(4),
        type: 'response_item',
        payload: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: '문제없습니다.' }] },
      },
    ],
  });
  await writeDatabase(join(folder, 'store/messages.db'), SCHEMA, {
    registered_groups: [
      group('123456789012345678@discord', 'HQ', 'hq', { requires_trigger: 0 }),
      group('223456789012345678', 'Ops', 'ops', { trigger_pattern: '@폴' }),
      group('main@local', 'Local', 'local'),
    ],
    messages: [
      message('1', '223456789012345678@discord', '철수', '@폴 안녕', at(1)),
      message('2', '223456789012345678@discord', '폴', '안녕하세요.', at(2), { is_from_me: 1, is_bot_message: 1 }),
      message('3', '223456789012345678@discord', 'OtherBot', 'build failed', at(3), { is_bot_message: 1 }),
    ],
    scheduled_tasks: [
      task('weekly', 'cron', '0 9 * * 1'),
      task('named', 'cron', '0 9 * * MON-FRI'),
      task('seconds', 'cron', '0 30 8 * * *'),
      task('daily', 'cron', '*/5 * * * *', { status: 'paused' }),
      task('reminder', 'once', 'once', { next_run: '2099-01-01T00:00:00.000Z' }),
    ],
  });
}
