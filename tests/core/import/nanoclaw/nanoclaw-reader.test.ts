import { expect, test } from 'vitest';
import { nanoclawReader } from '../../../../src/core/import/nanoclaw/nanoclaw-reader.ts';
import {
  FAMILY,
  FRIENDS,
  MAIN,
  message,
  OLD_SCHEMA,
  SCHEMA,
  task,
  TEAM,
  writeNanoclawHome,
  type NanoclawOptions,
} from '../nanoclaw-home.ts';
import { emptyFolder, type Findings, readHome } from '../read-home.ts';

async function readNanoclaw(options: NanoclawOptions = {}): Promise<Findings> {
  const folder = await emptyFolder();
  const database = await writeNanoclawHome(folder, options);
  const found = await readHome(nanoclawReader, folder);
  if (options.keepOpen === true) database.close();
  return found;
}

const textsOf = (found: Findings, conversation: string): string[] =>
  found
    .of('message')
    .filter((each) => each.conversation === conversation)
    .map(({ parts: [part] }) => (part?.type === 'text' ? part.text : ''));

test('rooms keep their chat, name, folder, trigger and what they require', async () => {
  const found = await readNanoclaw();
  expect(found.of('room')).toEqual([
    {
      kind: 'room',
      sourceId: TEAM,
      jid: TEAM,
      name: 'Team',
      folder: 'team-ops',
      trigger: '@Andy',
      requiresTrigger: false,
      isMain: false,
    },
    {
      kind: 'room',
      sourceId: FAMILY,
      jid: FAMILY,
      name: 'Family',
      folder: 'family',
      trigger: '@Andy',
      requiresTrigger: true,
      isMain: false,
    },
    {
      kind: 'room',
      sourceId: FRIENDS,
      jid: FRIENDS,
      name: 'Friends',
      folder: 'family',
      trigger: '@Buddy',
      requiresTrigger: true,
      isMain: false,
    },
    {
      kind: 'room',
      sourceId: MAIN,
      jid: MAIN,
      name: 'Me',
      folder: 'main',
      trigger: '@Andy',
      requiresTrigger: false,
      isMain: true,
    },
  ]);
});

test('two chats on one folder are one conversation, in the order of time', async () => {
  const found = await readNanoclaw();
  const conversation = found.of('conversation').find(({ folder }) => folder === 'family');
  expect(conversation).toMatchObject({
    sourceId: FAMILY,
    title: 'Family, Friends',
    origin: 'telegram',
    createdAt: Date.UTC(2026, 0, 6, 9),
  });
  expect(textsOf(found, FAMILY)).toEqual([
    '<message sender="Alice" time="2026-01-06 18:00">Who buys the bread?</message>',
    '<message sender="Bora" time="2026-01-06 18:00">@Buddy 안녕</message>',
    '<message sender="Alice" time="2026-01-06 18:00">@Andy what did we say?</message>',
    '<message sender="Carl" time="2026-01-06 18:00">same instant</message>',
    'Alice buys the bread.',
  ]);
  const [first, , , , answer] = found.of('message').filter((each) => each.conversation === FAMILY);
  expect(first).toMatchObject({ sourceId: `${FAMILY}/1`, role: 'user', createdAt: Date.UTC(2026, 0, 6, 9) });
  expect(answer).toMatchObject({ role: 'assistant', createdAt: Date.UTC(2026, 0, 6, 9, 0, 5) });
});

test('messages of a chat that is no room are a conversation without a folder', async () => {
  const found = await readNanoclaw({ rows: { chats: [{ jid: 'tg:777', name: 'Eve' }] } });
  const conversation = found.of('conversation').find(({ sourceId }) => sourceId === 'tg:777');
  expect(conversation).toMatchObject({ title: 'Eve', origin: 'telegram' });
  expect(conversation).not.toHaveProperty('folder');
});

test('a session of the agent is a conversation; tools are lines of text, thoughts and helpers are left out', async () => {
  const found = await readNanoclaw();
  expect(found.of('conversation').at(-1)).toMatchObject({
    sourceId: 'session session-1',
    title: 'Agent of Family, 2026-01-06',
  });
  expect(textsOf(found, 'session session-1')).toEqual([
    'Alice & co: @Andy what did we say? <3',
    '[Used Bash: {"command":"ls"}]',
    '[Bash answered: CLAUDE.md]',
    'Alice buys the bread.',
  ]);
  expect(found.of('message').every(({ parts }) => parts.every(({ type }) => type === 'text'))).toBe(true);
  expect(found.told).toContainEqual(expect.stringContaining('1 damaged lines were left out, the first is line 5'));
});

test('schedules keep their kind, value, zone and state; what is over is left out', async () => {
  const found = await readNanoclaw();
  const common = { kind: 'task', jid: FAMILY, zone: 'Asia/Seoul', context: 'isolated', isActive: true };
  expect(found.of('task')).toEqual([
    {
      ...common,
      sourceId: `${FAMILY}/task-weekdays`,
      name: 'task-weekdays',
      prompt: 'Do task-weekdays.',
      type: 'cron',
      value: '0 9 * * 1-5',
      context: 'group',
    },
    {
      ...common,
      sourceId: `${FAMILY}/task-hourly`,
      name: 'task-hourly',
      prompt: 'Do task-hourly.',
      type: 'interval',
      value: '3600000',
      isActive: false,
    },
    {
      ...common,
      sourceId: `${FAMILY}/task-once`,
      name: 'task-once',
      prompt: 'Do task-once.',
      type: 'once',
      value: '2099-02-01T15:30:00.000Z',
    },
  ]);
  expect(found.skipped).toEqual([`task ${FAMILY}/task-done: it has run and is over`]);
});

test('memory files are instructions of the home and of each room, before the rooms; skills go to their room', async () => {
  const found = await readNanoclaw();
  const kinds = found.items.map(({ kind }) => kind);
  expect(kinds.lastIndexOf('instruction')).toBeLessThan(kinds.indexOf('room'));
  expect(found.of('instruction').map(({ folder, text }) => [folder, text])).toEqual([
    [undefined, '# Andy\nYou are Andy. Be kind.\n'],
    ['family', '# Family\nAlice likes rye bread.\n'],
    ['main', '# Main\nThe admin talks here.\n'],
  ]);
  expect(found.of('skill').map(({ name, folder, files }) => [name, folder, files.map(({ path }) => path)])).toEqual([
    ['baking', 'family', ['SKILL.md']],
  ]);
  expect(found.told).toContainEqual(expect.stringContaining('groups/family: 1 other files stay there'));
});

test('tokens become secrets; sign-ins, mounts and lists of people are told and not taken', async () => {
  const found = await readNanoclaw({
    files: {
      '.config/nanoclaw/mount-allowlist.json': {
        allowedRoots: [{ path: '~/projects', allowReadWrite: true }],
        blockedPatterns: [],
        nonMainReadOnly: true,
      },
      '.config/nanoclaw/sender-allowlist.json': {
        default: { allow: '*', mode: 'trigger' },
        chats: { [FAMILY]: { allow: ['111', '222'], mode: 'drop' } },
      },
    },
  });
  expect(found.of('secret')).toEqual([
    { kind: 'secret', sourceId: 'TELEGRAM_BOT_TOKEN', name: 'TELEGRAM_BOT_TOKEN', value: 'made-up-telegram-token' },
  ]);
  expect(found.of('setting').map(({ name, value }) => [name, value])).toEqual([
    ['ASSISTANT_NAME', 'Andy'],
    ['TIMEZONE', 'Asia/Seoul'],
  ]);
  const told = found.told.join('\n');
  expect(told).toContain('~/projects is not granted');
  expect(told).toContain('~/projects/site is not granted');
  expect(told).toContain(`111, 222 might talk in ${FAMILY}; nobody is let in by an import`);
  expect(told).toContain('.credentials.json: a sign-in is not copied; sign in with: claw auth login claude');
  expect(JSON.stringify([found.told, found.skipped])).not.toMatch(/made-up/);
  const withoutSecrets = found.items.filter(({ kind }) => kind !== 'secret');
  expect(JSON.stringify(withoutSecrets)).not.toMatch(/made-up/);
});

test('rooms in the JSON file of the first versions, and tables without the newer columns, are read', async () => {
  const found = await readNanoclaw({
    schema: OLD_SCHEMA,
    rows: {
      registered_groups: [],
      messages: [
        message('1', '777@g.us', 'Alice', '@Andy hi', '2025-12-01 10:00:00'),
        message('2', '777@g.us', 'Me', 'Andy: hello', '2025-12-01 10:00:01', { is_from_me: 1 }),
        message('3', '777@g.us', 'Me', 'my own words', '2025-12-01 10:00:02', { is_from_me: 1 }),
      ],
      scheduled_tasks: [task('task-1', 'cron', '0 8 * * *')],
    },
    files: {
      'data/registered_groups.json': {
        [MAIN]: { name: 'Me', folder: 'main', trigger: '@Andy', added_at: '2025-11-01T00:00:00Z' },
        '777@g.us': { name: 'Old friends', folder: 'old', trigger: '@Andy', added_at: '2025-11-02T00:00:00Z' },
      },
    },
  });
  expect(found.of('room')).toMatchObject([{ jid: MAIN, isMain: true, requiresTrigger: false }]);
  expect(found.skipped).toContain('room 777@g.us: claw has no channel for WhatsApp');
  const [conversation] = found.of('conversation');
  expect(conversation).toMatchObject({ sourceId: '777@g.us', title: 'Old friends', origin: 'nanoclaw' });
  expect(conversation).not.toHaveProperty('folder');
  expect(
    found
      .of('message')
      .slice(0, 3)
      .map(({ role }) => role),
  ).toEqual(['user', 'assistant', 'user']);
  expect(found.of('message')[0]?.createdAt).toBe(Date.UTC(2025, 11, 1, 10));
  expect(found.of('task')).toMatchObject([{ value: '0 8 * * *', context: 'isolated' }]);
});

test('people who talked are told with the way to let them in, and nobody is let in', async () => {
  const found = await readNanoclaw();
  const remarks = found.told.filter((text) => text.startsWith('On '));
  expect(remarks).toEqual([
    'On telegram, these people talked with the assistant and are not let in by an import: Me (4200001), Alice (7000065), Bora (7000066), Carl (7000067). To let them in: claw config set TELEGRAM_ALLOWED_USERS 4200001,7000065,7000066,7000067',
    'On discord, these people talked with the assistant and are not let in by an import: Dora (7000068). To let them in: claw config set DISCORD_ALLOWED_USERS 7000068',
  ]);
  expect(found.of('setting').map(({ name }) => name)).not.toContain('TELEGRAM_ALLOWED_USERS');
});

test('what an agent wrote down of a talk is a document, and a script before a task is told', async () => {
  const found = await readNanoclaw({
    schema: SCHEMA.replace("context_mode TEXT DEFAULT 'isolated'", "context_mode TEXT DEFAULT 'isolated', script TEXT"),
    rows: { scheduled_tasks: [task('scripted', 'cron', '0 9 * * *', { script: 'exit 1' })] },
  });
  expect(found.of('document')).toEqual([
    {
      kind: 'document',
      sourceId: `${FAMILY}/2026-01-06-bread.md`,
      title: 'groups/family/conversations/2026-01-06-bread.md (NanoClaw)',
      name: '2026-01-06-bread.md',
      content: '# Bread\nAlice buys it.\n',
    },
  ]);
  expect(found.of('task')).toMatchObject([
    { name: 'scripted', remark: expect.stringContaining('The script that ran before it') },
  ]);
});
