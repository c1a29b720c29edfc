import { expect, test } from 'vitest';
import { nanoclawReader, rustclawReader } from '../../../../src/core/import/nanoclaw/nanoclaw-reader.ts';
import { openSource } from '../../../../src/core/import/open-source.ts';
import { writeNanoclawHome } from '../nanoclaw-home.ts';
import { emptyFolder, type Findings, readHome } from '../read-home.ts';
import { HQ, OPS, writeRustclawHome } from '../rustclaw-home.ts';

async function readRustclaw(): Promise<Findings> {
  const folder = await emptyFolder();
  await writeRustclawHome(folder);
  return readHome(rustclawReader, folder);
}

const textsOf = (found: Findings, conversation: string): string[] =>
  found
    .of('message')
    .filter((each) => each.conversation === conversation)
    .map(({ parts: [part] }) => (part?.type === 'text' ? part.text : ''));

test('chats of Discord get the one form of claw, and the main folder is the one that is set', async () => {
  const found = await readRustclaw();
  expect(found.of('room')).toMatchObject([
    { jid: HQ, name: 'HQ', folder: 'hq', isMain: true, requiresTrigger: false },
    { jid: OPS, name: 'Ops', folder: 'ops', trigger: '@폴', isMain: false, requiresTrigger: true },
  ]);
  expect(found.skipped).toEqual(['room main@local: claw has no channel for chats of the command line']);
  expect(found.of('instruction')).toMatchObject([{ folder: 'hq', text: '# HQ\n한국어로 답한다.\n' }]);
});

test('what the assistant said is told from what other bots said', async () => {
  const found = await readRustclaw();
  expect(
    found
      .of('message')
      .slice(0, 3)
      .map(({ role }) => role),
  ).toEqual(['user', 'assistant', 'user']);
  expect(textsOf(found, OPS)).toEqual([
    '<message sender="철수" time="2026-02-19 19:00">@폴 안녕</message>',
    '안녕하세요.',
    '<message sender="OtherBot" time="2026-02-19 19:00">build failed</message>',
  ]);
});

test('a transcript of Codex is a conversation', async () => {
  const found = await readRustclaw();
  expect(textsOf(found, 'session rollout-2026-02-19-abc')).toEqual([
    '철수: @폴 로그 봐줘',
    '[Used shell: {"command":["tail","log"]}]',
    '[shell answered: all is well]',
    '문제없습니다.',
  ]);
  expect(found.told.join('\n')).toContain('a sign-in is not copied; sign in with: claw auth login codex');
});

test('weekdays are taken as they are written, and the day on which they ran is told', async () => {
  const found = await readRustclaw();
  const tasks = found.of('task');
  expect(tasks.map(({ name, type, value, zone, isActive }) => [name, type, value, zone, isActive])).toEqual([
    ['weekly', 'cron', '0 9 * * 1', 'Asia/Seoul', true],
    ['named', 'cron', '0 9 * * MON-FRI', 'Asia/Seoul', true],
    ['seconds', 'cron', '0 30 8 * * *', 'Asia/Seoul', true],
    ['daily', 'cron', '*/5 * * * *', 'Asia/Seoul', false],
    ['reminder', 'once', '2099-01-01T00:00:00.000Z', 'Asia/Seoul', true],
  ]);
  expect(tasks.map(({ remark }) => remark)).toEqual([
    'Weekday 1 counts from 0 for Sunday, as crontab does; RustClaw ran it a day earlier.',
    ...Array.from({ length: 4 }, () => undefined),
  ]);
});

test('settings and tokens are taken under their names here, the rest is told', async () => {
  const found = await readRustclaw();
  expect(found.of('setting').map(({ name, value }) => [name, value])).toEqual([
    ['ASSISTANT_NAME', '폴'],
    ['TIMEZONE', 'Asia/Seoul'],
  ]);
  expect(found.of('secret').map(({ name }) => name)).toEqual(['DISCORD_BOT_TOKEN']);
  expect(found.told.join('\n')).toMatch(/claw has no setting for UPBIT_SECRET_KEY/);
  expect(JSON.stringify([found.told, found.skipped])).not.toContain('made-up');
});

test('a home of one is not taken for one of the other', async () => {
  const looks = async (write: (folder: string) => Promise<unknown>): Promise<number[]> => {
    const folder = await emptyFolder();
    await write(folder);
    await using source = await openSource(folder, { scratch: await emptyFolder(), tell: () => {} });
    return [(await nanoclawReader.look(source)).score, (await rustclawReader.look(source)).score];
  };
  const [nano = 0, rust = 0] = await looks(writeNanoclawHome);
  expect(nano).toBeGreaterThan(rust);
  const [asNano = 0, asRust = 0] = await looks(writeRustclawHome);
  expect(asRust).toBeGreaterThan(asNano);
});
