/** Builds homes of OpenClaw: its configuration in JSON5, sessions as JSON lines or in its newer databases, workspace, jobs, pairing stores. */
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { type Row, writeDatabase, writeFiles } from './foreign-home.ts';

export const GROUP = 'tg:-1009008007';
export const CHANNEL = 'dc:7770001112';
export const SLACK = 'slack:C0TEAM';

/** As people write it: comments, names without quotes, commas at the end. */
export const CONFIG = `{
  // who it is
  identity: { name: 'Samantha', theme: "helpful sloth", emoji: "🦥" },
  env: { OPENAI_API_KEY: "made-up-openai-key", vars: { GROQ_API_KEY: "made-up-groq-key" } },
  agents: {
    defaults: {
      workspace: "~/.openclaw/workspace",
      userTimezone: "Europe/Berlin",
      model: { primary: "anthropic/claude-sonnet-4-5", fallbacks: ["openai/gpt-5.2", "minimax/MiniMax-M2.1"] },
    },
    list: [{ id: "main", default: true }, { id: "work", workspace: "~/work-agent" }],
  },
  channels: {
    telegram: {
      enabled: true,
      botToken: "made-up-telegram-token",
      allowFrom: ["4200001", "tg:4200002", "@alice", "*"],
      groups: { "*": { requireMention: true }, "-1009008007": { requireMention: false, systemPrompt: "Speak of bread only." }, "-1": { enabled: false } },
    },
    discord: {
      token: "\${DISCORD_BOT_TOKEN}",
      dm: { allowFrom: ["310000000000000001"] },
      guilds: { "900": { requireMention: true, channels: { "7770001112": { allow: true, requireMention: false }, general: { allow: true } } } },
    },
    slack: { botToken: "made-up-slack-bot", appToken: "made-up-slack-app", channels: { C0TEAM: { allow: true }, "#random": { allow: true } } },
    whatsapp: { allowFrom: ["+15555550123"] },
  },
  tools: { exec: { security: "full" }, elevated: { enabled: true } },
  gateway: { auth: { mode: "token", token: "made-up-gateway-token" } },
  hooks: { token: "made-up-hook-token" },
}
`;

const at = (minute: number): string => new Date(Date.UTC(2026, 1, 3, 12, minute)).toISOString();

const entry = (id: string, parentId: string | null, minute: number, message: unknown) => ({
  type: 'message',
  id,
  parentId,
  timestamp: at(minute),
  message,
});
const text = (role: string, words: string) => ({ role, content: [{ type: 'text', text: words }] });

/** A transcript with tools, a branch that was given up, and what is no message. */
const TRANSCRIPT: readonly unknown[] = [
  { type: 'session', version: 3, id: 'session-a', timestamp: at(0), cwd: '/home/user/.openclaw/workspace' },
  {
    type: 'model_change',
    id: 'm0',
    parentId: null,
    timestamp: at(0),
    provider: 'anthropic',
    modelId: 'claude-sonnet-4-5',
  },
  entry('m1', 'm0', 1, text('user', 'What is in the folder?')),
  entry('m2', 'm1', 2, {
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'secret thoughts' },
      { type: 'toolCall', id: 'c1', name: 'exec', arguments: { command: 'ls' } },
    ],
  }),
  entry('m3', 'm2', 3, {
    role: 'toolResult',
    toolCallId: 'c1',
    toolName: 'exec',
    content: [{ type: 'text', text: 'bread.md' }],
    isError: false,
  }),
  entry('x1', 'm3', 4, text('assistant', 'an answer that was taken back')),
  entry('m4', 'm3', 5, text('assistant', 'There is bread.md.')),
  { type: 'custom', id: 'k1', parentId: 'm4', customType: 'model-snapshot', data: {} },
  entry('m5', 'k1', 6, { role: 'user', content: '고마워' }),
];

const GROUP_TRANSCRIPT: readonly unknown[] = [
  { type: 'session', id: 'session-g', timestamp: at(10) },
  { type: 'message', timestamp: at(11), message: text('user', '[Telegram Baking] Alice: rye?') },
  { type: 'message', timestamp: at(12), message: text('assistant', 'Rye.') },
];

const JOBS: readonly unknown[] = [
  {
    id: 'job-1',
    name: 'Morning brief',
    enabled: true,
    schedule: { kind: 'cron', expr: '0 7 * * 1-5', tz: 'Europe/Berlin' },
    sessionTarget: 'isolated',
    payload: { kind: 'agentTurn', message: 'Brief me.' },
    delivery: { mode: 'announce', channel: 'telegram', to: '-1009008007' },
    state: {},
  },
  {
    id: 'job-2',
    name: 'Every half hour',
    enabled: false,
    schedule: { kind: 'every', everyMs: 1_800_000 },
    sessionTarget: 'main',
    payload: { kind: 'systemEvent', text: 'Look at the mail.' },
    state: {},
  },
  {
    id: 'job-3',
    name: 'Dentist',
    enabled: true,
    schedule: { kind: 'at', atMs: Date.UTC(2099, 0, 2, 8) },
    payload: { kind: 'agentTurn', message: 'Remind me.', channel: 'discord', to: 'channel:7770001112' },
    state: {},
  },
  {
    id: 'job-4',
    name: 'Over',
    enabled: false,
    schedule: { kind: 'at', at: '2026-01-01T08:00:00Z' },
    payload: { kind: 'agentTurn', message: 'Past.' },
    state: { lastRunAtMs: Date.UTC(2026, 0, 1, 8) },
  },
  {
    id: 'job-5',
    name: 'Shell',
    enabled: true,
    schedule: { kind: 'cron', expr: '* * * * *' },
    payload: { kind: 'command', argv: ['rm', '-rf', '/'] },
  },
  {
    id: 'job-6',
    name: 'Morning brief',
    enabled: true,
    schedule: { kind: 'on-exit', command: 'sleep 1' },
    payload: { kind: 'agentTurn', message: 'x' },
  },
];

export async function writeOpenclawHome(folder: string, files: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await writeFiles(folder, {
    'openclaw.json': CONFIG,
    'identity/device.json': { deviceId: 'made-up-device' },
    'agents/main/sessions/sessions.json': {
      'agent:main:main': { sessionId: 'session-a', updatedAt: Date.UTC(2026, 1, 3), chatType: 'direct' },
      'agent:main:telegram:group:-1009008007': { sessionId: 'session-g', displayName: 'Baking', chatType: 'group' },
      'agent:main:telegram:group:-1006005004': { sessionId: 'session-h', subject: 'Hiking' },
      'agent:main:slack:channel:c0team': { sessionId: 'session-s' },
    },
    'agents/main/sessions/session-a.jsonl': TRANSCRIPT,
    'agents/main/sessions/session-g.jsonl': GROUP_TRANSCRIPT,
    'agents/main/sessions/session-h.jsonl': [
      { type: 'session', id: 'session-h' },
      '{ damaged',
      { type: 'message', message: text('user', 'Which hill?') },
    ],
    'agents/main/sessions/session-old.jsonl.reset.2026-01-01T00-00-00Z': [
      JSON.stringify({ type: 'message', message: text('user', 'before /new') }),
    ].join('\n'),
    'agents/main/sessions/session-gone.jsonl.deleted.2026-01-01T00-00-00Z': JSON.stringify({
      type: 'message',
      message: text('user', 'was deleted'),
    }),
    'agents/main/agent/auth-profiles.json': {
      version: 1,
      profiles: {
        'anthropic:default': { type: 'api_key', provider: 'anthropic', key: 'made-up-anthropic-key' },
        'anthropic:me': {
          type: 'oauth',
          provider: 'anthropic',
          access: 'made-up-access',
          refresh: 'made-up-refresh',
          expires: 1,
        },
        'groq:default': { type: 'api_key', provider: 'groq', key: 'made-up-groq-key' },
      },
    },
    'credentials/telegram-allowFrom.json': { version: 1, allowFrom: ['4200003', '4200001'] },
    'credentials/telegram-pairing.json': {
      version: 1,
      requests: [{ id: '4200009', code: 'ABCDEFGH', createdAt: at(0), lastSeenAt: at(0) }],
    },
    'credentials/oauth.json': { anthropic: { access: 'made-up-access' } },
    'exec-approvals.json': {
      version: 1,
      socket: { token: 'made-up-socket-token' },
      defaults: { security: 'deny' },
      agents: { main: { allowlist: [{ pattern: '~/bin/rg' }, { pattern: '/usr/bin/git' }] } },
    },
    'devices/paired.json': { one: {}, two: {} },
    'cron/jobs.json': { version: 1, jobs: JOBS },
    'skills/weather/SKILL.md': '---\nname: weather\n---\nLook up.\n',
    'workspace/SOUL.md': '# Soul\nYou are warm.\n',
    'workspace/IDENTITY.md': '- **Name:** Samantha\n',
    'workspace/USER.md':
      '# USER.md\n- **Name:** Alice Example\n- **What to call them:** Alice\n- **Pronouns:** _(optional)_\n- **Timezone:**\n',
    'workspace/MEMORY.md': '# Memory\n- Alice likes **rye** bread.\n- The oven is broken.\n\nSome prose.\n',
    'workspace/AGENTS.md': '# How to work\nRead SOUL.md first.\n',
    'workspace/memory/2026-02-03.md': '# Today\nBaked.\n',
    'workspace/memory/deep/notes.txt': 'deep notes\n',
    'workspace/memory/picture.png': 'no text',
    'workspace/skills/baking/SKILL.md': '---\nname: baking\n---\nKnead.\n',
    'workspace/skills/baking/references/flour.md': 'rye\n',
    ...files,
  });
}

const AGENT_SCHEMA = `
CREATE TABLE session_nodes (session_key TEXT NOT NULL PRIMARY KEY, current_session_id TEXT NOT NULL, entry_json TEXT NOT NULL, updated_at INTEGER NOT NULL, label TEXT, display_name TEXT) STRICT;
CREATE TABLE session_windows (session_id TEXT NOT NULL PRIMARY KEY, session_key TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE TABLE transcript_events (session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, event_zstd BLOB, created_at INTEGER NOT NULL, PRIMARY KEY (session_id, seq)) STRICT;
`;
const STATE_SCHEMA = `
CREATE TABLE cron_jobs (store_key TEXT NOT NULL, job_id TEXT NOT NULL, name TEXT NOT NULL, enabled INTEGER NOT NULL, schedule_kind TEXT NOT NULL, schedule_expr TEXT, schedule_tz TEXT, every_ms INTEGER, at TEXT, payload_kind TEXT NOT NULL, payload_message TEXT, last_run_at_ms INTEGER, job_json TEXT NOT NULL, sort_order INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (store_key, job_id));
CREATE TABLE exec_approvals_config (config_key TEXT NOT NULL PRIMARY KEY, raw_json TEXT NOT NULL);
CREATE TABLE channel_pairing_allow_entries (channel_key TEXT NOT NULL, account_id TEXT NOT NULL, entry TEXT NOT NULL, sort_order INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE device_pairing_paired (device_id TEXT NOT NULL PRIMARY KEY, public_key TEXT NOT NULL);
`;

/** The newer versions: sessions, jobs, grants and pairings in databases. */
export async function writeOpenclawDatabases(folder: string): Promise<void> {
  const events = (session: string, lines: readonly unknown[]): Row[] =>
    lines.map((line, seq) => ({
      session_id: session,
      seq,
      event_json: seq % 2 === 0 ? JSON.stringify(line) : null,
      event_zstd: seq % 2 === 0 ? null : zstdCompressSync(JSON.stringify(line)),
      created_at: seq,
    }));
  await writeDatabase(join(folder, 'agents/main/agent/openclaw-agent.sqlite'), AGENT_SCHEMA, {
    session_nodes: [
      {
        session_key: 'agent:main:telegram:group:-1009008007',
        current_session_id: 'session-g',
        entry_json: '{}',
        updated_at: 1,
        display_name: 'Baking',
      },
    ],
    session_windows: [
      { session_id: 'session-g', session_key: 'agent:main:telegram:group:-1009008007', created_at: 1, updated_at: 1 },
    ],
    // Not in the order of their numbers.
    transcript_events: [
      ...events('session-g', GROUP_TRANSCRIPT).toReversed(),
      ...events('session-a', TRANSCRIPT),
      { session_id: 'session-a', seq: 99, event_json: '{ damaged', created_at: 1 },
    ],
  });
  await writeDatabase(join(folder, 'state/openclaw.sqlite'), STATE_SCHEMA, {
    cron_jobs: [
      {
        store_key: 's',
        job_id: 'job-1',
        name: 'Renamed',
        enabled: 0,
        schedule_kind: 'cron',
        schedule_expr: '0 7 * * 1-5',
        schedule_tz: 'Europe/Berlin',
        payload_kind: 'agentTurn',
        payload_message: 'Brief me.',
        job_json: JSON.stringify(JOBS[0]),
      },
      {
        store_key: 's',
        job_id: 'job-7',
        name: 'Columns only',
        enabled: 1,
        schedule_kind: 'every',
        every_ms: 60_000,
        payload_kind: 'agentTurn',
        payload_message: 'Look.',
        job_json: '{',
        sort_order: 1,
      },
    ],
    exec_approvals_config: [
      { config_key: 'k', raw_json: JSON.stringify({ agents: { main: { allowlist: [{ pattern: '/usr/bin/jq' }] } } }) },
    ],
    channel_pairing_allow_entries: [
      { channel_key: 'telegram', account_id: 'default', entry: '4200004', sort_order: 0, updated_at: 1 },
    ],
    device_pairing_paired: [{ device_id: 'd', public_key: 'p' }],
  });
}
