import { expect, test } from 'vitest';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { cutAudit } from '../../../src/core/retention/cut-audit.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { fill, openTrail, owner, verdictOf } from '../audit/audit-kit.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const DAY = 86_400_000;

const cutAt = (store: Store, keepDays: number, now: number): Promise<number> =>
  cutAudit(store, { clock: { ...systemClock, now: () => now }, rest: async () => {} }, keepDays, neverAborted);

const neverAborted = new AbortController().signal;

test('rows of days beyond the limit go once a day, told in a row of their own, and the rest is whole', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  const now = 1000 * DAY + 5;
  for (const day of [600, 634, 635, 999]) {
    await store.audit.append({ at: day * DAY + 7, by: owner, action: 'config.set' });
  }
  expect(await cutAt(store, 0, now)).toBe(0);
  expect(await cutAt(store, 365, now)).toBe(2);
  expect(await cutAt(store, 365, now + DAY / 2)).toBe(0);
  expect((await store.audit.list({}, 10)).map(({ seq, action }) => [seq, action])).toEqual([
    [5, 'audit.cut'],
    [4, 'config.set'],
    [3, 'config.set'],
  ]);
  expect(await verdictOf(store, home)).toMatchObject({ isWhole: true, rows: 3 });
  expect(await cutAt(store, 365, now + DAY)).toBe(1);
  await store.close();
});

test('a cut of many rows goes by small steps, each of which leaves a trail that is whole', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  await fill(store, 250);
  const verdicts: boolean[] = [];
  const rest = async (): Promise<void> => void verdicts.push((await verdictOf(store, home)).isWhole);
  const pace = { clock: { ...systemClock, now: () => 400 * DAY }, rest };
  expect(await cutAudit(store, pace, 365, neverAborted)).toBe(250);
  expect(verdicts.length).toBeGreaterThan(1);
  expect(new Set(verdicts)).toEqual(new Set([true]));
  expect(await store.audit.list({}, 10)).toMatchObject([
    { action: 'audit.cut', detail: expect.stringContaining('"rows":250') as string },
  ]);
  await store.close();
});
