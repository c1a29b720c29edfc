/** Homes of earlier schemas through the built program: upgraded, killed in the middle of it, and taken back. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { asBefore, type Contents, contentsOf, makeOldHome, NEWEST } from '../core/store/sqlite/old-home.ts';
import { bareEnvironment, CLAW, ROOT, runClaw, runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';

const KILLER = join(ROOT, 'tests', 'fakes', 'kill-at-upgrade.ts');

function look<T>(file: string, work: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(file, { fileMustExist: true });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const schemaOf = (file: string): number =>
  look(file, (database) => database.pragma('user_version', { simple: true }) as number);

const isWhole = (file: string, before: Contents): void =>
  look(file, (database) => {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(asBefore(contentsOf(database), before)).toEqual(before);
  });

const snapshotsIn = (home: string): string[] =>
  readdirSync(join(home, 'backups')).filter((name) => name.startsWith('before-migration-'));

test.each([1, 8, 15, NEWEST - 1])(
  'a home of schema %i is opened with everything that was in it',
  { timeout: 60_000 },
  async (version) => {
    const home = await temporaryDirectory();
    const before = makeOldHome(home, version);
    const { code, stderr } = await runClaw(['user', 'list', '--json'], { home });
    expect(code, stderr).toBe(0);
    expect(schemaOf(join(home, 'claw.db'))).toBe(NEWEST);
    isWhole(join(home, 'claw.db'), before);
    const [snapshot = '', ...more] = snapshotsIn(home);
    expect(more).toEqual([]);
    expect(schemaOf(join(home, 'backups', snapshot))).toBe(version);
    isWhole(join(home, 'backups', snapshot), before);
  },
);

test.each([
  ['copy:before', 'old'],
  ['copy:after', 'old'],
  ['rename:before', 'old'],
  ['rename:after', 'old'],
  ['change-1:after', 'old'],
  ['change-2:before', 'old'],
  ['change-2:after', 'old'],
  ['version-1:after', 'old'],
  ['version-2:after', 'old'],
  ['release:before', 'new'],
] as const)(
  'an upgrade that is killed at %s leaves the %s schema, no copy that is none, and the next start finishes it',
  { timeout: 60_000 },
  async (killAt, expected) => {
    const home = await temporaryDirectory();
    const old = NEWEST - 2;
    const before = makeOldHome(home, old);
    const killed = await startClaw(['user', 'list'], {
      home,
      nodeArgs: ['--import', KILLER],
      env: { KILL_AT: killAt },
    });
    const signal = await new Promise((resolve) => killed.once('exit', (_, by) => resolve(by)));
    expect(signal).toBe('SIGKILL');
    expect(schemaOf(join(home, 'claw.db'))).toBe(expected === 'old' ? old : NEWEST);
    isWhole(join(home, 'claw.db'), before);
    for (const name of snapshotsIn(home)) isWhole(join(home, 'backups', name), before);
    expect((await runClaw(['user', 'list'], { home })).code).toBe(0);
    expect(schemaOf(join(home, 'claw.db'))).toBe(NEWEST);
    isWhole(join(home, 'claw.db'), before);
    const [snapshot = '', ...more] = snapshotsIn(home);
    expect(more).toEqual([]);
    isWhole(join(home, 'backups', snapshot), before);
  },
);

test('of several processes that start at once one upgrades, and all of them work', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const before = makeOldHome(home, 3);
  const runs = await Promise.all([1, 2, 3, 4].map(() => runClaw(['user', 'list'], { home, timeoutMs: 60_000 })));
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, '']));
  isWhole(join(home, 'claw.db'), before);
  expect(snapshotsIn(home)).toHaveLength(1);
});

test(
  'without room for the copy, or a folder for it, the upgrade is refused and nothing is changed',
  { timeout: 60_000 },
  async () => {
    const home = await temporaryDirectory();
    const before = makeOldHome(home, 3);
    const backups = join(home, 'backups');
    // Files of this process can hold 40 blocks of 1,024 bytes.
    const limited = ['-c', 'ulimit -f 40; exec "$0" "$@"', process.execPath, CLAW, 'user', 'list'];
    const full = await promisify(execFile)('bash', limited, { env: bareEnvironment(home), cwd: home }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(full).toMatchObject({ code: 5, stderr: expect.stringContaining('Nothing was changed') as string });
    expect(snapshotsIn(home)).toEqual([]);
    expect(readdirSync(backups).filter((name) => name.startsWith('.tmp-'))).toEqual([]);
    rmSync(backups, { recursive: true });
    writeFileSync(backups, 'in the way');
    const blocked = await runClaw(['user', 'list'], { home });
    expect([blocked.code, blocked.stderr]).toEqual([5, expect.stringContaining('Nothing was changed')]);
    expect(schemaOf(join(home, 'claw.db'))).toBe(3);
    isWhole(join(home, 'claw.db'), before);
  },
);

test(
  'a home of a newer claw is refused with the way back, and the copy of before its upgrade is put back',
  { timeout: 60_000 },
  async () => {
    const home = await temporaryDirectory();
    await runClaw(['chat', '-p', 'remember my cat is called Momo'], { home });
    // What a newer claw does: a copy, and then a schema that this one does not know.
    const name = `before-migration-${NEWEST}-to-${NEWEST + 1}-1-1.db`;
    mkdirSync(join(home, 'backups'), { recursive: true });
    look(join(home, 'claw.db'), (database) => {
      database.prepare('VACUUM INTO ?').run(join(home, 'backups', name));
      database.exec(`create table of_the_future (x); pragma user_version = ${NEWEST + 1}`);
    });
    const refused = await runClaw(['memory', 'list'], { home });
    expect([refused.code, refused.stderr]).toEqual([10, expect.stringContaining(`claw backup restore ${name}`)]);
    const restored = await runClawJson(['backup', 'restore', name, '--yes'], { home });
    expect([restored.code, restored.json]).toEqual([0, expect.objectContaining({ schema: NEWEST })]);
    expect((await runClaw(['memory', 'list'], { home })).stdout).toContain('Momo');
    expect((await runClawJson(['audit', 'verify'], { home })).json).toMatchObject({ ok: true });
    // What the newer one had is kept beside.
    const aside = readdirSync(home).find((each) => each.startsWith('.before-restore-')) ?? '';
    expect(schemaOf(join(home, aside, 'claw.db'))).toBe(NEWEST + 1);
  },
);
