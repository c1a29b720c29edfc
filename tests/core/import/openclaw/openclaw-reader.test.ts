import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openclawReader } from '../../../../src/core/import/openclaw/openclaw-reader.ts';
import { writeFiles } from '../foreign-home.ts';
import { CHANNEL, CONFIG, GROUP, SLACK, writeOpenclawDatabases, writeOpenclawHome } from '../openclaw-home.ts';
import { emptyFolder, type Findings, readHome } from '../read-home.ts';

async function readOpenclaw(files: Readonly<Record<string, unknown>> = {}): Promise<Findings> {
  const folder = await emptyFolder();
  await writeOpenclawHome(folder, files);
  return readHome(openclawReader, folder);
}

const textsOf = (found: Findings, conversation: string): string[] =>
  found
    .of('message')
    .filter((each) => each.conversation === conversation)
    .map(({ parts: [part] }) => (part?.type === 'text' ? part.text : ''));
const settings = (found: Findings): Record<string, string> =>
  Object.fromEntries(found.of('setting').map(({ name, value }) => [name, value]));

test('the configuration is read as JSON5: name, zone, models, who may talk', async () => {
  const found = await readOpenclaw();
  expect(settings(found)).toEqual({
    ASSISTANT_NAME: 'Samantha',
    TIMEZONE: 'Europe/Berlin',
    LLM_MODEL: 'anthropic/claude-sonnet-4-5',
    FALLBACK_MODELS: 'openai/gpt-5.2',
    TELEGRAM_ALLOWED_USERS: '4200001, 4200002, 4200003',
    DISCORD_ALLOWED_USERS: '310000000000000001',
  });
  const told = found.told.join('\n');
  expect(told).toContain('telegram: @alice, * let in there is no id of a person');
  expect(told).toContain('1 people wait to be let in');
  expect(told).toContain('claw has no channel for whatsapp.');
  expect(told).toMatch(/whatsapp: .*\+15555550123/);
});

test('tokens and keys become secrets and stand nowhere else; sign-ins and grants are told only', async () => {
  const found = await readOpenclaw();
  expect(Object.fromEntries(found.of('secret').map(({ name, value }) => [name, value]))).toEqual({
    TELEGRAM_BOT_TOKEN: 'made-up-telegram-token',
    SLACK_BOT_TOKEN: 'made-up-slack-bot',
    SLACK_APP_TOKEN: 'made-up-slack-app',
    ANTHROPIC_API_KEY: 'made-up-anthropic-key',
    OPENAI_API_KEY: 'made-up-openai-key',
  });
  expect(JSON.stringify([found.items.filter(({ kind }) => kind !== 'secret'), found.told])).not.toMatch(/made-up/);
  const told = found.told.join('\n');
  expect(told).toContain(
    'channels.discord.token names another place of the token; set it with: claw secret set DISCORD_BOT_TOKEN',
  );
  expect(told).toContain('these programs ran without a question and do not here: ~/bin/rg, /usr/bin/git');
  expect(told).toContain('the level "full" is not taken over');
  expect(told).toContain('2 paired devices are not taken over');
  expect(told).toContain('the sign-in to anthropic is not copied');
  expect(told).toContain('hooks, gateway');
});

test('groups that are named by id become rooms, and those it talked in where any may', async () => {
  const found = await readOpenclaw();
  expect(found.of('room')).toEqual([
    {
      kind: 'room',
      sourceId: GROUP,
      jid: GROUP,
      name: 'Baking',
      folder: 'telegram-1009008007',
      requiresTrigger: false,
      isMain: false,
    },
    {
      kind: 'room',
      sourceId: CHANNEL,
      jid: CHANNEL,
      name: CHANNEL,
      folder: 'discord-7770001112',
      requiresTrigger: false,
      isMain: false,
    },
    {
      kind: 'room',
      sourceId: SLACK,
      jid: SLACK,
      name: SLACK,
      folder: 'slack-c0team',
      requiresTrigger: true,
      isMain: false,
    },
    {
      kind: 'room',
      sourceId: 'tg:-1006005004',
      jid: 'tg:-1006005004',
      name: 'Hiking',
      folder: 'telegram-1006005004',
      requiresTrigger: true,
      isMain: false,
    },
  ]);
  expect(found.of('instruction').map(({ folder, text }) => [folder, text])).toEqual([
    ['telegram-1009008007', 'Speak of bread only.\n'],
    [undefined, '- **Name:** Samantha\n\n# Soul\nYou are warm.\n'],
  ]);
});

test('a transcript is a conversation: the branch that counts, tools as lines, no thoughts', async () => {
  const found = await readOpenclaw();
  expect(
    found.of('conversation').map(({ sourceId, title, origin, folder }) => [sourceId, title, origin, folder]),
  ).toEqual([
    ['session session-a', 'A talk with main, 2026-02-03', 'openclaw', undefined],
    ['session session-g', 'Baking', 'telegram', 'telegram-1009008007'],
    ['session session-h', 'Hiking', 'telegram', 'telegram-1006005004'],
    ['session session-old.reset.2026-01-01T00-00-00Z', 'A talk with main', 'openclaw', undefined],
  ]);
  expect(textsOf(found, 'session session-a')).toEqual([
    'What is in the folder?',
    '[Used exec: {"command":"ls"}]',
    '[exec answered: bread.md]',
    'There is bread.md.',
    '고마워',
  ]);
  const [first] = found.of('message');
  expect(first).toMatchObject({
    sourceId: 'session session-a/m1',
    role: 'user',
    createdAt: Date.UTC(2026, 1, 3, 12, 1),
  });
  expect(found.told).toContain(
    'agents/main/sessions/session-h.jsonl: 1 damaged lines were left out, the first is line 2',
  );
});

test('jobs keep their schedule and zone and answer where they did; programs are left out', async () => {
  const found = await readOpenclaw();
  expect(found.of('task')).toEqual([
    {
      kind: 'task',
      sourceId: 'job-1',
      name: 'Morning brief',
      prompt: 'Brief me.',
      type: 'cron',
      value: '0 7 * * 1-5',
      zone: 'Europe/Berlin',
      context: 'isolated',
      isActive: true,
      jid: GROUP,
    },
    {
      kind: 'task',
      sourceId: 'job-2',
      name: 'Every half hour',
      prompt: 'Look at the mail.',
      type: 'interval',
      value: '1800000',
      context: 'group',
      isActive: false,
    },
    {
      kind: 'task',
      sourceId: 'job-3',
      name: 'Dentist',
      prompt: 'Remind me.',
      type: 'once',
      value: '2099-01-02T08:00:00.000Z',
      context: 'isolated',
      isActive: true,
      jid: CHANNEL,
    },
  ]);
  expect(found.skipped).toEqual([
    'task job-4: it has run and is over',
    'task job-5: it runs a program, and none is taken over',
    'task job-6: its schedule is none that claw has',
  ]);
});

test('the workspace becomes memories, documents and skills; one that lies elsewhere is told', async () => {
  const found = await readOpenclaw();
  expect(found.of('memory').map(({ category, key, value }) => [category, key, value])).toEqual([
    ['user_info', 'name', 'Alice Example'],
    ['user_info', 'what to call them', 'Alice'],
    ['facts', expect.stringMatching(/^alice likes rye bread [0-9a-f]{6}$/), 'Alice likes rye bread.'],
    ['facts', expect.stringMatching(/^the oven is broken [0-9a-f]{6}$/), 'The oven is broken.'],
  ]);
  expect(found.of('document').map(({ title }) => title)).toEqual(
    ['AGENTS.md', 'MEMORY.md', 'USER.md', 'memory/2026-02-03.md', 'memory/deep/notes.txt'].map(
      (path) => `${path} (OpenClaw, main)`,
    ),
  );
  expect(found.of('skill').map(({ name, files }) => [name, files.map(({ path }) => path)])).toEqual([
    ['baking', ['SKILL.md', 'references/flour.md']],
    ['weather', ['SKILL.md']],
  ]);
  expect(found.told).toContain(
    'workspace of work: ~/work-agent lies elsewhere; import it too: claw import openclaw FOLDER',
  );
});

test('the databases of newer versions count before the files they came from', async () => {
  const folder = await emptyFolder();
  await writeOpenclawHome(folder);
  await writeOpenclawDatabases(folder);
  const found = await readHome(openclawReader, folder);
  expect(textsOf(found, 'session session-g')).toEqual(['[Telegram Baking] Alice: rye?', 'Rye.']);
  expect(textsOf(found, 'session session-a')).toHaveLength(5);
  expect(
    found
      .of('conversation')
      .map(({ sourceId }) => sourceId)
      .toSorted(),
  ).toEqual([
    'session session-a',
    'session session-g',
    'session session-h',
    'session session-old.reset.2026-01-01T00-00-00Z',
  ]);
  expect(found.of('task').slice(0, 2)).toMatchObject([
    { sourceId: 'job-1', name: 'Renamed', isActive: false, zone: 'Europe/Berlin' },
    { sourceId: 'job-7', name: 'Columns only', type: 'interval', value: '60000' },
  ]);
  expect(settings(found)['TELEGRAM_ALLOWED_USERS']).toBe('4200001, 4200002, 4200003, 4200004');
  const told = found.told.join('\n');
  expect(told).toContain('1 damaged events were left out');
  expect(told).toContain('/usr/bin/jq');
  expect(told).toContain('3 paired devices');
});

test('homes of the names it had before, and a workspace alone, are read', async () => {
  const before = await emptyFolder();
  await writeFiles(before, {
    'clawdbot.json':
      "{ agent: { workspace: '~/clawd', model: 'openai/gpt-5.2' }, identity: { name: 'Clawd' }, telegram: { botToken: 'made-up', groups: { '-100': {} } } }",
    'sessions/sessions.json': { main: { sessionId: 'one' } },
    'sessions/one.jsonl': [{ type: 'message', message: { role: 'user', content: 'hello' } }],
    'cron/jobs.json': [{ id: 'a', prompt: 'x', schedule: { kind: 'every', everyMs: 1000 } }],
  });
  const old = await readHome(openclawReader, before);
  expect(settings(old)).toEqual({ ASSISTANT_NAME: 'Clawd', LLM_MODEL: 'openai/gpt-5.2' });
  expect(old.of('room')).toMatchObject([{ jid: 'tg:-100', requiresTrigger: true }]);
  expect(textsOf(old, 'session one')).toEqual(['hello']);
  expect(old.of('task')).toMatchObject([{ name: 'job-a', value: '1000' }]);
  expect(old.told).toContain('workspace of main: ~/clawd lies elsewhere; import it too: claw import openclaw FOLDER');

  const alone = await emptyFolder();
  await writeFiles(alone, { 'SOUL.md': 'Be warm.', 'AGENTS.md': 'Work.', 'memory/1.md': 'note' });
  const workspace = await readHome(openclawReader, alone);
  expect(workspace.of('instruction')).toMatchObject([{ text: 'Be warm.\n' }]);
  expect(workspace.of('document')).toHaveLength(2);
});

test('damage and hostility cost nothing but themselves, and no link is followed', async () => {
  const folder = await emptyFolder();
  const outside = await emptyFolder();
  await writeFiles(outside, { 'SOUL.md': 'of another folder', 'x.jsonl': '' });
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  await writeOpenclawHome(folder, {
    'openclaw.json': CONFIG.replace('identity:', '__proto__: { polluted: true }, identity:'),
    'cron/jobs.json': {
      jobs: [
        null,
        7,
        { id: 'a' },
        { id: 'b', prompt: 'x', schedule: { kind: 'every', everyMs: -5 } },
        { id: 'c', prompt: 'y', schedule: { kind: 'cron', expr: 'x'.repeat(9999) }, name: ['no', 'name'] },
      ],
    },
    'agents/main/sessions/deep.jsonl': [
      `{"type":"message","message":{"role":"assistant","content":[{"type":"toolCall","name":"x","arguments":${deep}}]}}`,
    ],
    'agents/main/sessions/loop.jsonl': [
      { type: 'message', id: 'a', parentId: 'b', message: { role: 'user', content: 'a' } },
      { type: 'message', id: 'b', parentId: 'a', message: { role: 'user', content: 'b' } },
    ],
    'agents/main/sessions/sessions.json': '{ damaged',
    'exec-approvals.json': '[[[',
    'workspace/MEMORY.md': Buffer.from([0xff, 0xfe, 0x00, 0x41]),
  });
  await symlink(join(outside, 'SOUL.md'), join(folder, 'workspace/memory/link.md'));
  await symlink(outside, join(folder, 'agents/linked'));
  const found = await readHome(openclawReader, folder);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(JSON.stringify(found.items)).not.toContain('another folder');
  expect(textsOf(found, 'session loop')).toEqual(['a', 'b']);
  expect(textsOf(found, 'session deep')).toHaveLength(1);
  expect(found.of('task').map(({ sourceId }) => sourceId)).toEqual(['c']);
  const told = found.told.join('\n');
  expect(told).toMatch(/sessions\.json: it is damaged JSON, at \d+:\d+/);
  expect(told).toMatch(/link\.md: it is a symbolic link/);
});

test('a configuration that is damaged is told, and the rest is read', async () => {
  const found = await readOpenclaw({ 'openclaw.json': '{ channels: { telegram: { botToken: "made-up-telegram-token"' });
  expect(found.told).toContainEqual(expect.stringMatching(/^openclaw\.json: it is damaged JSON, at \d+:\d+/));
  expect(found.told.join('\n')).not.toContain('made-up');
  expect(found.of('conversation').length).toBeGreaterThan(2);
});
