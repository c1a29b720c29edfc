/** `claw security audit` and `harden` through the binary: a home that is weak on purpose gets better, and the change can be taken back. */
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireKnown } from '../core/doctor/known-command.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

interface Report {
  readonly score: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly evidence: string;
    readonly fix: string | null;
    readonly is_auto_fixable: boolean;
  }[];
}

const WEAK = {
  EXEC_LEVEL: 'full',
  EXEC_ALLOW: ['git status', 'python3'],
  CORS_ALLOWED_ORIGINS: ['*'],
  WS_ALLOWED_ORIGINS: ['https://chat.example.com', '*'],
  LOG_LEVEL: 'debug',
  LOG_KEEP_DAYS: 0,
  AUDIT_KEEP_DAYS: 0,
  MAX_DAILY_CALLS: 0,
  BACKUP_EVERY_HOURS: 0,
  CRASH_BACKOFF: false,
  LOGIN_RATE_LIMIT: 100_000,
  UNSAFE_TESTS: true,
  MAX_HISTORY: 40,
};
const MENDED = `backup.off budget.no-calls crash.no-back-off exec.full exec.interpreter exec.unsafe-tests
  file.readable file.writable log.content origin.any-site origin.any-websocket rate.no-limit secret.env-readable`.split(
  /\s+/,
);

async function weakHome(): Promise<string> {
  const home = await temporaryDirectory();
  writeFileSync(join(home, 'config.json'), `${JSON.stringify(WEAK, null, 2)}\n`, { mode: 0o600 });
  writeFileSync(join(home, '.env'), 'OPENAI_API_KEY=made-up-key-of-a-test\n');
  chmodSync(join(home, '.env'), 0o644);
  mkdirSync(join(home, 'tools'));
  chmodSync(join(home, 'tools'), 0o777);
  chmodSync(home, 0o755);
  return home;
}

async function audit(home: string, args: readonly string[] = []): Promise<Report & { readonly code: number | null }> {
  const run = await runClawJson(['security', 'audit', ...args], { home });
  return { ...(run.json as Report), code: run.code };
}

const idsOf = ({ findings }: Report): string[] => findings.map(({ id }) => id);

test('a weak home gets better by hardening, and one undo brings the settings back', async () => {
  const home = await weakHome();
  const before = await audit(home);
  expect(before.code).toBe(0);
  expect(before.score).toBe(0);
  expect(idsOf(before)).toEqual(expect.arrayContaining(MENDED));
  expect(JSON.stringify(before)).not.toContain('made-up-key');
  for (const { fix } of before.findings) if (fix !== null) await requireKnown(fix);

  const trial = await runClawJson(['security', 'harden', '--dry-run'], { home });
  expect(trial.json).toMatchObject({ dry_run: true, score_before: 0, score_after: null, snapshot: null, undo: null });
  expect(readFileSync(join(home, 'config.json'), 'utf8')).toBe(`${JSON.stringify(WEAK, null, 2)}\n`);

  const refused = await runClaw(['security', 'harden'], { home });
  expect(refused.code).toBe(2);

  const hardened = await runClawJson(['security', 'harden', '--yes'], { home });
  expect(hardened.code).toBe(0);
  const report = hardened.json as { undo: string; score_after: number; changes: { name: string; before: unknown }[] };
  expect(report.changes).toContainEqual(
    expect.objectContaining({ finding: 'exec.full', name: 'EXEC_LEVEL', before: 'full', after: 'ask' }),
  );
  const after = await audit(home);
  expect(after.score).toBe(report.score_after);
  expect(after.score).toBeGreaterThan(before.score);
  expect(idsOf(after).filter((id) => MENDED.includes(id))).toEqual([]);
  expect(after.findings.every(({ is_auto_fixable }) => !is_auto_fixable)).toBe(true);
  expect(JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'))).toEqual({
    EXEC_LEVEL: 'ask',
    EXEC_ALLOW: ['git status'],
    WS_ALLOWED_ORIGINS: ['https://chat.example.com'],
    LOG_KEEP_DAYS: 0,
    AUDIT_KEEP_DAYS: 0,
    MAX_HISTORY: 40,
  });
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect(statSync(join(home, '.env')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(home, '.env'), 'utf8')).toBe('OPENAI_API_KEY=made-up-key-of-a-test\n');
  const { json: trail } = await runClawJson(['audit', 'list', '--action', 'security.harden'], { home });
  expect(trail).toMatchObject([{ action: 'security.harden', outcome: 'ok' }]);

  expect((await runClaw(report.undo.split(' ').slice(1), { home })).code).toBe(0);
  expect(JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'))).toEqual(WEAK);
  expect(idsOf(await audit(home))).toEqual(expect.arrayContaining(['exec.full', 'origin.any-site', 'log.content']));

  await runClaw(['security', 'harden', '--yes'], { home });
  const again = await runClawJson(['security', 'harden', '--yes'], { home });
  expect(again.json).toMatchObject({ changes: [], snapshot: null, undo: null });
}, 90_000);

test('--fail-on ends with 10 for that severity and worse', async () => {
  const home = await temporaryDirectory();
  chmodSync(home, 0o700);
  expect((await audit(home)).code).toBe(0);
  writeFileSync(join(home, 'config.json'), '{"EXEC_LEVEL": "full"}', { mode: 0o600 });
  expect((await audit(home, ['--fail-on', 'critical'])).code).toBe(10);
  expect((await runClaw(['security', 'audit', '--fail-on', 'grave'], { home })).code).toBe(2);
});

test('a home that is broken is judged all the same, and what is not known is not called safe', async () => {
  const home = await temporaryDirectory();
  chmodSync(home, 0o700);
  writeFileSync(join(home, 'claw.db'), 'no database, but long enough to be read as if it were one of SQLite', {
    mode: 0o600,
  });
  writeFileSync(join(home, 'config.json'), '{"EXEC_LEVEL": ', { mode: 0o600 });
  const { code, score, findings } = await audit(home);
  expect(code).toBe(0);
  expect(score).toBeLessThan(80);
  expect(findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['unknown.people', 'unknown.keeping', 'unknown.tools', 'unknown.secrets']),
  );
});
