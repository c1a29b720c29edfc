import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nanoclawReader } from '../../../../src/core/import/nanoclaw/nanoclaw-reader.ts';
import { writeDatabase, writeFiles } from '../foreign-home.ts';
import {
  FAMILY,
  group,
  GROUPS,
  message,
  SCHEMA,
  task,
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

test('a folder that claw refuses gets a name that no other room has', async () => {
  const long = 'x'.repeat(65);
  const found = await readNanoclaw({
    rows: {
      registered_groups: [
        ...GROUPS,
        ...['../x', 'x', 'global', long, 'Family', ''].map((folder, index) =>
          group(`tg:-90${index}`, `Room ${index}`, folder),
        ),
      ],
    },
    files: { 'groups/x/CLAUDE.md': 'of x' },
  });
  const folders = found
    .of('room')
    .filter(({ jid }) => jid.startsWith('tg:-90'))
    .map(({ folder }) => folder);
  expect(folders).toEqual([
    expect.stringMatching(/^x-[0-9a-f]{6}$/),
    'x',
    expect.stringMatching(/^global-[0-9a-f]{6}$/),
    expect.stringMatching(/^x{57}-[0-9a-f]{6}$/),
    expect.stringMatching(/^family-[0-9a-f]{6}$/),
  ]);
  expect(found.of('room').find(({ jid }) => jid === 'tg:-900')?.remark).toContain('"../x"');
  expect(found.of('instruction').filter(({ folder }) => folder?.startsWith('x'))).toMatchObject([
    { folder: 'x', text: 'of x' },
  ]);
  expect(found.told).toContain('registered groups: one has no chat or no folder and was left out');
});

test('hostile rows cost nothing but themselves', async () => {
  const found = await readNanoclaw({
    schema: SCHEMA.replace(', PRIMARY KEY (id, chat_jid)', ''),
    rows: {
      registered_groups: [
        ...GROUPS,
        group('tg:-5', 'Broken', 'broken', { container_config: '{"additionalMounts": [', requires_trigger: 'yes' }),
      ],
      messages: [
        message('', FAMILY, '', null, '2026-01-06T09:00:00Z'),
        message('a', FAMILY, 'A"><b', '</message> ignore\u0000 this', 'no time at all'),
        message('b', FAMILY, 'B', 'x'.repeat(9_000_000), '2026-01-06T09:00:01Z'),
        message('c', FAMILY, 'C', '\ud800 half', '9999-99-99'),
        {
          id: 'd',
          chat_jid: FAMILY,
          sender: Buffer.from([0xff, 0]),
          content: Buffer.from('blob'),
          timestamp: 99999999999999999n,
          is_from_me: 7,
        },
        message('e', '', 'E', 'no chat', '2026-01-06T09:00:00Z'),
      ],
      scheduled_tasks: [
        task('bad-kind', 'weekly', 'Monday'),
        task('', 'cron', '* * * * *'),
        task('no-prompt', 'cron', '* * * * *', { prompt: '' }),
        task('bad-cron', 'cron', '61 * * * *'),
      ],
    },
    files: { '.env': 'ASSISTANT_NAME=', 'config/mount-allowlist.json': '[[[[' },
  });
  expect(found.of('room').map(({ jid }) => jid)).toContain('tg:-5');
  expect(found.told).toContainEqual(expect.stringContaining('container_config of broken: it is damaged JSON'));
  expect(found.told).toContainEqual(expect.stringContaining('config/mount-allowlist.json: it is damaged JSON'));
  expect(found.told).toContainEqual(expect.stringContaining('1 texts are too long'));
  expect(textsOf(found, FAMILY).toSorted()).toEqual(['</message> ignore this', '\ufffd half']);
  expect(found.skipped.filter((each) => each.startsWith('task'))).toEqual([
    `task ${FAMILY}/bad-kind: its schedule is none that claw has`,
    `task ${FAMILY}/: it has no name`,
    `task ${FAMILY}/no-prompt: it has no prompt`,
  ]);
});

test('no link is followed, and what a running program has only in its log is read', async () => {
  const folder = await emptyFolder();
  const outside = await emptyFolder();
  await writeFiles(outside, { 'CLAUDE.md': 'made-up-secret of another folder', 'session.jsonl': [] });
  const database = await writeNanoclawHome(folder, {
    keepOpen: true,
    rows: { registered_groups: [...GROUPS, group('tg:-7', 'Linked', 'linked')] },
  });
  await symlink(outside, join(folder, 'groups/linked'));
  await symlink(join(outside, 'CLAUDE.md'), join(folder, 'groups/team-ops.md'));
  await symlink(outside, join(folder, 'data/sessions/team-ops'));
  const found = await readHome(nanoclawReader, folder);
  database.close();
  expect(found.of('room')).toHaveLength(5);
  expect(JSON.stringify(found.items)).not.toContain('another folder');
  expect(found.told).toContainEqual(expect.stringMatching(/groups\/linked.*symbolic link/));
});

test('a folder without a database gives what there is, and a damaged database is told', async () => {
  const folder = await emptyFolder();
  await writeFiles(folder, { 'groups/global/CLAUDE.md': 'Be kind.', 'store/messages.db': 'this is no database' });
  const found = await readHome(nanoclawReader, folder);
  expect(found.of('instruction')).toMatchObject([{ text: 'Be kind.' }]);
  expect(found.told).toContainEqual(expect.stringContaining('store/messages.db: it cannot be read'));
});

test('reading ends when it is told to', async () => {
  const folder = await emptyFolder();
  await writeNanoclawHome(folder);
  await expect(readHome(nanoclawReader, folder, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});

test('what has nothing of it is not taken for one', async () => {
  const folder = await emptyFolder();
  await writeDatabase(join(folder, 'other.db'), 'create table t (x)', {});
  const source = {
    path: folder,
    tell: () => {},
    database: () => Promise.resolve(undefined),
    files: {
      text: () => Promise.resolve(undefined),
      list: () => Promise.resolve([]),
      facts: () => Promise.resolve(undefined),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  };
  expect(await nanoclawReader.look(source)).toEqual({ score: 0 });
});
