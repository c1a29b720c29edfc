import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allChecks, type DoctorFacts } from '../../../src/core/doctor/checks.ts';
import { type CheckResult, NotLookedAt, runChecks } from '../../../src/core/doctor/run-checks.ts';
import { GOOD, settingsOf } from './good-facts.ts';
import { requireKnown } from './known-command.ts';
import { type Change, STATES } from './spoiled-states.ts';

async function examine(change: Change): Promise<CheckResult[]> {
  const facts = Object.fromEntries(
    Object.entries(GOOD).map(([family, parts]) => [family, { ...parts, ...change[family as keyof DoctorFacts] }]),
  ) as unknown as DoctorFacts;
  return runChecks(allChecks(facts));
}

describe('the checks of an installation', () => {
  it('find nothing where all is well', async () => {
    const results = await examine({});
    expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(results.every(({ fix }) => fix === null)).toBe(true);
    expect(new Set(results.map(({ check }) => check)).size).toBe(results.length);
  });

  it.each(STATES)('%s tells of what is wrong: %s, %s', async (check, status, fix, change) => {
    const results = await examine(change);
    const result = results.find((each) => each.check === check);
    expect(result).toMatchObject({ status });
    expect(result?.fix).toMatch(fix);
    await requireKnown(result?.fix ?? '');
  });

  it('have a spoiled state in this list each, but for those that are tried on real files', async () => {
    const tried = new Set(STATES.map(([check]) => check));
    const others = (await examine({})).map(({ check }) => check).filter((check) => !tried.has(check));
    expect(others).toEqual(['outranked-settings', 'working-directory']);
  });

  it('take a setting out of the file in which it stands', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'claw-doctor-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const config = join(folder, 'config.json');
    const fixOf = async (check: string, settings = settingsOf({ MAX_HISTORY: '7' }, config)) =>
      (await examine({ settings: { settings: () => settings, config } })).find((each) => each.check === check)?.fix;
    writeFileSync(config, '{"MAX_TOKENS": "many", "MAX_HISTORY": 9, "MAX_TOKNES": 1}');
    expect(await fixOf('settings')).toBe('claw config unset MAX_TOKENS');
    expect(await fixOf('setting-names')).toBe('claw config unset MAX_TOKNES');
    expect(await fixOf('outranked-settings')).toBe('claw config unset MAX_HISTORY');
    writeFileSync(config, '{"MAX_TOKENS": ');
    expect(await fixOf('settings')).toBe('claw config undo');
  });
});

describe('running checks', () => {
  it('makes a check that fails a finding, and goes on with the others', async () => {
    const results = await examine({ store: { walBytes: () => Promise.reject(new Error('no such file')) } });
    expect(results.find(({ check }) => check === 'write-ahead-log')).toEqual({
      check: 'write-ahead-log',
      status: 'error',
      detail: 'The check itself failed: no such file',
      fix: 'claw doctor --only write-ahead-log',
    });
    expect(results.filter(({ status }) => status !== 'ok')).toHaveLength(1);
  });

  it('says of what could not be looked at why, with the command for that', async () => {
    const because = new NotLookedAt('the database cannot be opened.', 'claw doctor --only store');
    const [result] = await runChecks([{ check: 'tasks', run: () => Promise.reject(because) }]);
    expect(result).toMatchObject({ status: 'warning', detail: 'Not looked at: the database cannot be opened.' });
    await requireKnown(result?.fix ?? '');
  });

  it('waits for no check longer than its deadline', async () => {
    const never = { check: 'slow', run: () => new Promise<never>(() => {}) };
    const quick = { check: 'quick', run: () => ({ status: 'ok' as const, detail: 'fine', fix: null }) };
    const [slow, other] = await runChecks([never, quick], 20);
    expect(slow).toMatchObject({ status: 'warning', fix: 'claw doctor --only slow' });
    expect(other).toMatchObject({ status: 'ok' });
  });
});
