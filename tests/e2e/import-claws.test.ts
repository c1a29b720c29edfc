import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Row, writeFiles } from '../core/import/foreign-home.ts';
import { FAMILY, FRIENDS, group, MAIN, writeNanoclawHome } from '../core/import/nanoclaw-home.ts';
import { GROUP, writeOpenclawDatabases, writeOpenclawHome } from '../core/import/openclaw-home.ts';
import { OPS, writeRustclawHome } from '../core/import/rustclaw-home.ts';
import { type ClawRun, runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

interface Report {
  readonly kinds: readonly { kind: string; found: number; new: number; already: number; skipped: number }[];
  readonly skipped: readonly { kind: string; reason: string; examples: readonly string[] }[];
  readonly remarks: readonly { kind: string | null; remark: string }[];
}

interface Imported {
  readonly home: string;
  readonly dry: Report;
  readonly first: Report;
  readonly second: Report;
  /** Everything that was printed. */
  readonly printed: string;
}

/** What is shared by the tests of the file goes after the last of them. */
const cleanups: (() => Promise<void> | void)[] = [];
const forGood = { onEnd: (clean: () => Promise<void> | void) => void cleanups.push(clean) };
const limit = { timeoutMs: 120_000 };

afterAll(async () => {
  for (const clean of cleanups) await clean();
});

/** A dry run, a run and another run of it into one new home. */
async function importAll(source: string, folder: string): Promise<Imported> {
  const home = await temporaryDirectory(forGood.onEnd);
  const runs: (ClawRun & { json: unknown })[] = [];
  for (const flags of [['--dry-run'], [], []]) {
    const run = await runClawJson(['import', source, folder, ...flags], { home, ...limit, ...forGood });
    expect(run).toMatchObject({ code: 0 });
    runs.push(run);
  }
  const text = await runClaw(['import', source, folder], { home, ...limit, ...forGood });
  const [dry, first, second] = runs.map(({ json }) => json as Report);
  if (dry === undefined || first === undefined || second === undefined) throw new Error('a run is missing');
  const printed = [...runs, text].map(({ stdout, stderr }) => stdout + stderr).join('\n');
  return { home, dry, first, second, printed };
}

async function list(args: readonly string[], { home }: Imported): Promise<Record<string, unknown>[]> {
  const { json, code } = await runClawJson(args, { home, ...limit });
  expect(code).toBe(0);
  return json as Record<string, unknown>[];
}

/** All that a dry run, a run and its repetition promise of each other. */
function expectSteady({ dry, first, second }: Imported): void {
  const found = first.kinds.map((each) => [each.kind, each.found, each.skipped]);
  expect(dry.kinds).toEqual(first.kinds);
  expect(first.kinds.reduce((sum, each) => sum + each.new, 0)).toBeGreaterThan(0);
  expect(second.kinds.map((each) => each.new)).toEqual(second.kinds.map(() => 0));
  expect(second.kinds.map((each) => [each.kind, each.found, each.skipped])).toEqual(found);
}

/** What stands in the files of a home, apart from the store of secrets. */
function plainTextOf(home: string): string {
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => !name.startsWith('secrets.') && statSync(join(home, name)).isFile());
  return files.map((name) => readFileSync(join(home, name), 'latin1')).join('\n');
}

describe('a home of NanoClaw', () => {
  let moved: Imported;
  beforeAll(async () => {
    const folder = await temporaryDirectory(forGood.onEnd);
    const hostile: Row[] = ['../x', 'global', 'x'.repeat(65)].map((name, index) =>
      group(`tg:-90${index}`, `Room ${index}`, name),
    );
    const rooms: Row[] = [
      group(MAIN, 'Me', 'main', { requires_trigger: 0 }),
      group(FAMILY, 'Family', 'family'),
      group(FRIENDS, 'Friends', 'family', { trigger_pattern: '@Buddy' }),
    ];
    await writeNanoclawHome(folder, { rows: { registered_groups: [...rooms, ...hostile] } });
    moved = await importAll('nanoclaw', folder);
  }, 300_000);

  test('a dry run counts as a run does, and a second run adds nothing', () => expectSteady(moved));

  test('its rooms answer their triggers, and no other', async () => {
    const asked: readonly (readonly [string, string, boolean])[] = [
      [FAMILY, '@Andy hi', true],
      [FAMILY, 'hi Andy', false],
      [FRIENDS, '@Buddy 안녕', true],
      [FRIENDS, '@Andy hi', false],
      [MAIN, 'no trigger', true],
    ];
    for (const [jid, text, engages] of asked) {
      const { json } = await runClawJson(['group', 'test', '--jid', jid, '--text', text], {
        home: moved.home,
        ...limit,
      });
      expect([jid, text, json]).toEqual([jid, text, { engages, reason: expect.any(String) as string }]);
    }
    const inject = ['group', 'inject', '--jid', FAMILY, '--sender', '7000065', '--text', '@Andy hi'];
    expect(await runClaw(inject, { home: moved.home, ...limit })).toMatchObject({ code: 0 });
  });

  test('two chats on one folder are one conversation; folders that claw refuses get a name of their own', async () => {
    const conversations = await list(['conversation', 'list'], moved);
    expect(
      conversations.filter(({ origin }) => origin === 'telegram').map(({ title, messages }) => [title, messages]),
    ).toContainEqual(['Family, Friends', 5]);
    const folders = (await list(['group', 'list'], moved)).map(({ folder }) => folder);
    expect(folders.map(String).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'family',
      'family',
      expect.stringMatching(/^global-[0-9a-f]{6}$/),
      'main',
      expect.stringMatching(/^x-[0-9a-f]{6}$/),
      expect.stringMatching(/^x{57}-[0-9a-f]{6}$/),
    ]);
    expect(readdirSync(join(moved.home, 'groups')).every((name) => folders.includes(name))).toBe(true);
    expect(readFileSync(join(moved.home, 'groups/family/CLAUDE.md'), 'utf8')).toContain('rye bread');
  });

  test('its tasks rest, keep their zone and are due at the instants they were', async () => {
    const tasks = await list(['task', 'list'], moved);
    expect(tasks.map(({ id, state }) => [id, state])).toEqual(
      expect.arrayContaining([
        ['task-weekdays', 'paused'],
        ['task-hourly', 'paused'],
      ]),
    );
    const weekdays = tasks.find(({ id }) => id === 'task-weekdays');
    expect(weekdays).toMatchObject({ schedule_type: 'cron', schedule_value: '0 9 * * 1-5', tz: 'Asia/Seoul' });
    const schedule = [
      '--schedule-type',
      'cron',
      '--schedule-value',
      String(weekdays?.['schedule_value']),
      '--tz',
      String(weekdays?.['tz']),
    ];
    const preview = ['task', 'preview', ...schedule, '--from', '2026-01-09T12:00:00Z', '--count', '3'];
    const { stdout } = await runClawJson(preview, { home: moved.home, ...limit });
    expect(stdout.match(/2026-01-1\dT00:00:00(\.000)?Z/g)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('2026-01-12'),
        expect.stringContaining('2026-01-13'),
        expect.stringContaining('2026-01-14'),
      ]),
    );
  });

  test('what is secret stands in the store of secrets only', async () => {
    expect(moved.printed).not.toMatch(/made-up/);
    expect(plainTextOf(moved.home)).not.toMatch(/made-up/);
    expect(await list(['secret', 'list'], moved)).toMatchObject([{ name: 'TELEGRAM_BOT_TOKEN' }]);
    expect(moved.printed).toContain('claw auth login claude');
  });
});

describe('a home of RustClaw', () => {
  let moved: Imported;
  beforeAll(async () => {
    const folder = await temporaryDirectory(forGood.onEnd);
    await writeRustclawHome(folder);
    moved = await importAll('rustclaw', folder);
  }, 300_000);

  test('a dry run counts as a run does, and a second run adds nothing', () => expectSteady(moved));

  test('a Korean name wakes it in its room, and a weekday is the one that is written', async () => {
    const { json } = await runClawJson(['group', 'test', '--jid', OPS, '--text', '@폴 안녕'], {
      home: moved.home,
      ...limit,
    });
    expect(json).toMatchObject({ engages: true });
    const weekly = (await list(['task', 'list'], moved)).find(({ id }) => id === 'weekly');
    expect(weekly).toMatchObject({ schedule_value: '0 9 * * 1', tz: 'Asia/Seoul' });
    expect(moved.dry.remarks.map(({ remark }) => remark)).toContain(
      'Weekday 1 counts from 0 for Sunday, as crontab does; RustClaw ran it a day earlier.',
    );
    expect(moved.dry.remarks.map(({ remark }) => remark).join('\n')).not.toContain('Its chat is not known here');
  });
});

describe('a home of OpenClaw', () => {
  let moved: Imported;
  beforeAll(async () => {
    const folder = await temporaryDirectory(forGood.onEnd);
    await writeOpenclawHome(folder);
    await writeOpenclawDatabases(folder);
    moved = await importAll('openclaw', folder);
  }, 300_000);

  test('a dry run counts as a run does, and a second run adds nothing', () => expectSteady(moved));

  test('who the assistant is, what it remembers, said and planned is there', async () => {
    expect(readFileSync(join(moved.home, 'instruction.md'), 'utf8')).toContain('You are warm.');
    expect((await list(['memory', 'list'], moved)).map(({ value }) => value)).toEqual(
      expect.arrayContaining(['Alice Example', 'Alice likes rye bread.']),
    );
    expect(await list(['knowledge', 'list'], moved)).toHaveLength(5);
    expect((await list(['group', 'list'], moved)).find(({ jid }) => jid === GROUP)).toMatchObject({
      folder: 'telegram-1009008007',
      requires_trigger: false,
    });
    expect((await list(['conversation', 'list'], moved)).map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Baking', 'A talk with main, 2026-02-03']),
    );
    const search = await list(['conversation', 'search', 'bread'], moved);
    expect(JSON.stringify(search)).toContain('There is «bread».md.');
    expect((await list(['task', 'list'], moved)).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['Renamed', 'Columns-only', 'Dentist']),
    );
  });

  test('nothing that was granted there is granted here, and no secret is told', async () => {
    const settings = await list(['config', 'list'], moved);
    const valueOf = (name: string): unknown => settings.find((each) => each['name'] === name)?.['value'];
    expect(String(valueOf('TELEGRAM_ALLOWED_USERS'))).toBe('4200001,4200002,4200003,4200004');
    expect(valueOf('EXEC_LEVEL')).toBe('deny');
    expect(moved.printed).toContain('/usr/bin/git');
    expect(moved.printed).not.toMatch(/made-up/);
    expect(plainTextOf(moved.home)).not.toMatch(/made-up/);
  });
});

test('a folder of another kind is refused with the kind that it is', async () => {
  const folder = await temporaryDirectory();
  await writeFiles(folder, { 'openclaw.json': '{}', 'SOUL.md': 'x' });
  const run = await runClaw(['import', 'nanoclaw', folder], limit);
  expect(run.code).toBe(6);
  expect(run.stderr).toContain('is no home of NanoClaw');
  expect(run.stderr).toContain('claw import openclaw');
});
