/** `claw doctor` through the binary: homes that are broken in one way each, and what `--fix` makes of them. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { requireKnown } from '../core/doctor/known-command.ts';
import { bareEnvironment, CLAW, runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

interface Row {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
  readonly fix: string | null;
}

interface Mended {
  readonly snapshot: string | null;
  readonly results: readonly (Row & { readonly outcome: string })[];
  readonly checks: readonly Row[];
}

/** A home of which somebody said something once. */
async function usedHome(): Promise<string> {
  const home = await temporaryDirectory();
  chmodSync(home, 0o700);
  const { code } = await runClaw(['memory', 'add', '--category', 'facts', '--key', 'door', '--value', 'it is green'], {
    home,
  });
  expect(code).toBe(0);
  return home;
}

async function examine(home: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const run = await runClawJson(['doctor', ...args], { home, env });
  const rows = run.json as readonly Row[];
  for (const { fix } of rows) if (fix !== null) await requireKnown(fix);
  return { ...run, rows, of: (check: string) => rows.find((row) => row.check === check) };
}

async function mend(home: string) {
  const run = await runClawJson(['doctor', '--fix'], { home });
  const report = run.json as Mended;
  return { ...run, report, of: (check: string) => report.results.find((row) => row.check === check) };
}

/** Runs a command of claw that was proposed. */
function follow(fix: string, home: string, input = ''): number | null {
  const words = fix.split(' ').slice(1);
  return spawnSync(process.execPath, [CLAW, ...words], { env: bareEnvironment(home), cwd: home, input }).status;
}

test('a new home has no errors, and every warning names a command that runs', async () => {
  const home = await temporaryDirectory();
  chmodSync(home, 0o700);
  const { code, rows } = await examine(home);
  expect(rows.filter(({ status }) => status === 'error')).toEqual([]);
  expect(code).toBe(0);
  expect(rows.length).toBeGreaterThan(45);
  expect(rows.every(({ status, fix }) => (status === 'ok') === (fix === null))).toBe(true);
});

test('--fix mends modes, leftovers and stale locks, keeps a copy first, and the second time has nothing to do', async () => {
  const home = await usedHome();
  chmodSync(home, 0o755);
  chmodSync(join(home, 'claw.db'), 0o644);
  writeFileSync(join(home, '.env'), 'MAX_TOKENS=9\n', { mode: 0o644 });
  mkdirSync(join(home, '.restoring-0000'));
  utimesSync(join(home, '.restoring-0000'), 1, 1);
  mkdirSync(join(home, 'run'), { recursive: true });
  writeFileSync(join(home, 'run', 'config.lock'), '999999999:1 nonce\n');
  writeFileSync(join(home, 'run', 'serve.json'), '{}');

  const before = await examine(home);
  expect(before.code).toBe(10);
  const wrong = before.rows.filter(({ fix }) => fix === 'claw doctor --fix').map(({ check }) => check);
  expect(wrong).toEqual(['home', 'temporary-files', 'env-files', 'stale-files']);

  const { code, report } = await mend(home);
  expect(code).toBe(0);
  expect(report.results.filter(({ outcome }) => outcome === 'fixed').map(({ check }) => check)).toEqual(wrong);
  expect(report.results.every(({ outcome, fix }) => (outcome === 'fixed') === (fix === null))).toBe(true);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect(statSync(join(home, '.env')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(home, '.env'), 'utf8')).toBe('MAX_TOKENS=9\n');
  expect(existsSync(join(home, '.restoring-0000'))).toBe(false);
  expect(readdirSync(report.snapshot ?? '')).toEqual(['claw.db']);
  const copy = new Sqlite(join(report.snapshot ?? '', 'claw.db'), { readonly: true });
  expect(copy.prepare('select count(*) from memories').pluck().get()).toBe(1);
  copy.close();

  const again = await mend(home);
  expect(again.report.snapshot).toBeNull();
  expect(again.report.results.map(({ outcome }) => outcome)).not.toContain('fixed');
});

test('every command that claw proposes and can run makes its check well', async () => {
  const home = await usedHome();
  writeFileSync(join(home, 'config.json'), '{"MAX_TOKNES": 5, "LOG_LEVEL": "info"}', { mode: 0o600 });
  const database = new Sqlite(join(home, 'claw.db'));
  database.exec('delete from memory_index; delete from memories_to_index');
  database.close();
  const wanted = ['setting-names', 'memory-index', 'backups', 'backup-proof', 'providers'];
  for (const check of wanted) {
    const before = (await examine(home, ['--only', check])).of(check);
    expect(before?.status, `${check}: ${before?.detail}`).not.toBe('ok');
    expect(follow(before?.fix ?? '', home, 'made-up-key-of-a-test\n'), before?.fix ?? '').toBe(0);
    expect((await examine(home, ['--only', check])).of(check)).toMatchObject({ check, status: 'ok', fix: null });
  }
}, 60_000);

/** Makes one index of a home claim to be over another column: what is in it is wrong then. */
function damageIndex(home: string): void {
  const database = new Sqlite(join(home, 'claw.db'));
  database.unsafeMode();
  database.pragma('writable_schema = on');
  const sql = 'create index memories_by_user on memories (value)';
  const damage = database.prepare("update sqlite_schema set sql = ? where name = 'memories_by_user'");
  const { changes } = damage.run(sql);
  database.close();
  expect(changes).toBe(1);
}

test('a damaged index of the database is made anew, but not beside a server that runs', async () => {
  const home = await usedHome();
  damageIndex(home);
  const before = (await examine(home, ['--only', 'store'])).of('store');
  expect(before).toMatchObject({ status: 'error', fix: 'claw doctor --fix' });
  const server = await startServe({ home });
  const refused = (await mend(home)).of('store');
  expect(refused).toMatchObject({ outcome: 'not-fixed', fix: 'claw service stop' });
  await server.stop();
  expect((await mend(home)).of('store')).toMatchObject({ outcome: 'fixed' });
  expect((await runClaw(['memory', 'list'], { home })).stdout).toContain('green');
}, 60_000);

test('a damaged configuration is told with its line, hides nothing else, and is taken back or put aside', async () => {
  const home = await usedHome();
  writeFileSync(join(home, 'config.json'), '{"MAX_TOKENS": ', { mode: 0o600 });
  const { code, of } = await examine(home);
  expect(code).toBe(10);
  expect(of('settings')).toMatchObject({ status: 'error', fix: 'claw doctor --fix' });
  expect(of('store')).toMatchObject({ status: 'ok' });
  expect(of('wall-quickjs')).toMatchObject({ status: 'ok' });
  const mended = await mend(home);
  expect(mended.of('settings')).toMatchObject({ outcome: 'fixed' });
  expect(readdirSync(home).filter((name) => name.startsWith('config.json.broken-'))).toHaveLength(1);
});

test('a database that is none is told, with the backup that can take its place, and the rest is looked at', async () => {
  const home = await usedHome();
  expect((await runClaw(['backup', 'create'], { home })).code).toBe(0);
  writeFileSync(join(home, 'claw.db'), 'this is no database, but a text that is long enough to be read as one page');
  for (const end of ['-wal', '-shm'])
    if (existsSync(join(home, `claw.db${end}`))) writeFileSync(join(home, `claw.db${end}`), '');
  const { code, of } = await examine(home);
  expect(code).toBe(10);
  const store = of('store');
  expect(store).toMatchObject({ status: 'error' });
  expect(store?.fix).toMatch(/^claw backup restore \S+ --yes$/);
  expect(of('tasks')).toMatchObject({ status: 'warning', fix: 'claw doctor --only store' });
  expect(of('disk-space')).toMatchObject({ status: 'ok' });
  expect(follow(store?.fix ?? '', home)).toBe(0);
  expect((await examine(home, ['--only', 'store'])).of('store')).toMatchObject({ status: 'ok' });
  expect((await runClaw(['memory', 'list'], { home })).stdout).toContain('green');
});

test('a home that cannot be made is one error with the command that makes it', async () => {
  const folder = await temporaryDirectory();
  writeFileSync(join(folder, 'file'), '');
  const { code, rows } = await examine(folder, [], { CLAW_HOME: join(folder, 'file', 'home') });
  expect(code).toBe(10);
  expect(rows).toMatchObject([{ check: 'home', status: 'error' }]);
});

test('commands are for the home that --home names', async () => {
  const [home, folder] = [await temporaryDirectory(), await temporaryDirectory()];
  const { rows } = await examine(folder, ['--home', home]);
  const ours = rows.filter(({ fix }) => fix?.startsWith('claw ') === true);
  expect(ours.length).toBeGreaterThan(0);
  expect(ours.every(({ fix }) => fix?.endsWith(` --home ${home}`) === true)).toBe(true);
});

test('a check that does not exist is refused with the names of those that do', async () => {
  const run = await runClaw(['doctor', '--only', 'everything']);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('There is no check everything.');
  expect(run.stderr).toContain('backup-proof');
});
