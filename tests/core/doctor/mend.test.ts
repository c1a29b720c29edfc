import { describe, expect, it } from 'vitest';
import { mendAll, type MendDeps, type Mender } from '../../../src/core/doctor/mend.ts';
import type { CheckResult } from '../../../src/core/doctor/run-checks.ts';

const MEND = 'claw doctor --fix';
const fine = (check: string): CheckResult => ({ check, status: 'ok', detail: 'fine', fix: null });
const ill = (check: string, fix = MEND): CheckResult => ({ check, status: 'warning', detail: `${check} is ill`, fix });

/** Checks that are ill until their mender has run. */
function house(names: readonly string[], more: Partial<Mender> = {}, deps: Partial<MendDeps> = {}) {
  const done: string[] = [];
  const menders = names.map((check): Mender => {
    const mend = async (): Promise<string> => {
      done.push(check);
      return `${check} was mended.`;
    };
    return { check, inPlaceOf: [MEND], mend, ...more };
  });
  const all: MendDeps = {
    check: async () => names.map((name) => (done.includes(name) ? fine(name) : ill(name))),
    menders,
    isServerRunning: async () => false,
    snapshot: async () => {
      done.push('snapshot');
      return '/h/backups/before-fix';
    },
    ...deps,
  };
  return { done, run: () => mendAll(all) };
}

describe('mending', () => {
  it('keeps a copy before anything else, and says of each what was done', async () => {
    const { done, run } = house(['home', 'env-files']);
    const report = await run();
    expect(done).toEqual(['snapshot', 'home', 'env-files']);
    expect(report.snapshot).toBe('/h/backups/before-fix');
    expect(report.results).toMatchObject([
      { check: 'home', outcome: 'fixed', detail: 'home was mended.', fix: null },
      { check: 'env-files', outcome: 'fixed' },
    ]);
    expect((await run()).snapshot).toBeNull();
    expect(done).toHaveLength(3);
  });

  it('changes nothing when the copy cannot be made', async () => {
    const snapshot = () => Promise.reject(new Error('no room'));
    const { done, run } = house(['home'], {}, { snapshot });
    await expect(run()).rejects.toThrow('no room');
    expect(done).toEqual([]);
  });

  it('leaves to a stopped server what needs one', async () => {
    const { done, run } = house(['store'], { needsStop: true }, { isServerRunning: async () => true });
    expect((await run()).results).toMatchObject([{ outcome: 'not-fixed', fix: 'claw service stop' }]);
    expect(done).toEqual(['snapshot']);
  });

  it('goes on after a repair that fails, and does not call fixed what is still ill', async () => {
    const failing: Mender = { check: 'a', inPlaceOf: [MEND], mend: () => Promise.reject(new Error('no right')) };
    const idle: Mender = { check: 'b', inPlaceOf: [MEND], mend: async () => 'Tried.' };
    const deps = { menders: [failing, idle], check: async () => [ill('a'), ill('b'), ill('c', 'claw init')] };
    expect((await house([], {}, deps).run()).results).toMatchObject([
      { check: 'a', outcome: 'not-fixed', detail: expect.stringContaining('no right') },
      { check: 'b', outcome: 'not-fixed', detail: 'Tried. It is still not well: b is ill' },
      { check: 'c', outcome: 'needs-you', fix: 'claw init' },
    ]);
  });
});
