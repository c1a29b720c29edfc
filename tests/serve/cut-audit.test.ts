import { expect, test } from 'vitest';
import { cutAudit } from '../../src/serve/cut-audit.ts';
import { openTrail, owner, verdictOf } from '../core/audit/audit-kit.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

const DAY = 86_400_000;

test('rows of days beyond the limit go once a day, told in a row of their own, and the rest is whole', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  const now = 1000 * DAY + 5;
  for (const day of [600, 634, 635, 999]) {
    await store.audit.append({ at: day * DAY + 7, by: owner, action: 'config.set' });
  }
  expect(await cutAudit(store, 0, now)).toBe(0);
  expect(await cutAudit(store, 365, now)).toBe(2);
  expect(await cutAudit(store, 365, now + DAY / 2)).toBe(0);
  expect((await store.audit.list({}, 10)).map(({ seq, action }) => [seq, action])).toEqual([
    [5, 'audit.cut'],
    [4, 'config.set'],
    [3, 'config.set'],
  ]);
  expect(await verdictOf(store, home)).toMatchObject({ isWhole: true, rows: 3 });
  expect(await cutAudit(store, 365, now + DAY)).toBe(1);
  await store.close();
});
