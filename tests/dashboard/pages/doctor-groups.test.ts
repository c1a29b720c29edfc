import { expect, test } from 'vitest';
import { grouped } from '../../../src/dashboard/pages/doctor-groups.ts';

test('checks stand in groups in their order, and one that is new is not lost', () => {
  const checks = ['home', 'backups', 'store', 'made-up', 'schema', 'server'].map((check) => ({ check }));
  expect(grouped(checks).map(([group, found]) => [group, found.map(({ check }) => check)])).toEqual([
    ['server', ['server']],
    ['store', ['store', 'schema']],
    ['backups', ['backups']],
    ['home', ['home', 'made-up']],
  ]);
});
