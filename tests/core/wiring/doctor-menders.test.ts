import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLogPaths } from '../../../src/core/doctor/look-at-home.ts';
import { homePaths } from '../../../src/core/kernel/paths.ts';
import { menders, type MenderNeeds } from '../../../src/core/wiring/doctor-menders.ts';

test('a link among the logs has nothing outside of the home changed, and does not keep the logs themselves open', async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'claw-mend-')));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const paths = homePaths(join(base, 'home'));
  const theirs = join(base, 'theirs');
  mkdirSync(paths.logs, { recursive: true });
  for (const file of [theirs, paths.log]) {
    writeFileSync(file, 'x');
    chmodSync(file, 0o644);
  }
  symlinkSync(theirs, join(paths.logs, 'a-planted.log'));
  const facts = { home: { openLogs: () => openLogPaths(paths) } };
  const all = menders({ config: { paths } } as MenderNeeds, facts as never);
  const mender = all.find(({ check }) => check === 'log-files');
  await expect(mender?.mend()).rejects.toThrow('"a-planted.log" is a symbolic link');
  expect([theirs, paths.log].map((file) => statSync(file).mode & 0o777)).toEqual([0o644, 0o600]);
});
