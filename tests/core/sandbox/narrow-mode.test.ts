import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { narrowMode } from '../../../src/core/sandbox/narrow-mode.ts';

let base = '';
let home = '';
let foreign = '';

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'claw-mode-')));
  home = join(base, 'home');
  foreign = join(base, 'foreign');
  mkdirSync(join(home, 'logs'), { recursive: true });
  mkdirSync(foreign);
  for (const file of [join(home, 'logs', 'claw.log'), join(foreign, 'theirs')]) writeFileSync(file, 'x');
  for (const each of [home, join(home, 'logs'), foreign]) chmodSync(each, 0o755);
  for (const file of [join(home, 'logs', 'claw.log'), join(foreign, 'theirs')]) chmodSync(file, 0o644);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

test('the folder, what lies in it and a file elsewhere lose what is to go, and keep the rest', async () => {
  await narrowMode(home, home, 0o077);
  await narrowMode(home, join(home, 'logs'), 0o022);
  await narrowMode(home, join(home, 'logs', 'claw.log'), 0o077);
  await narrowMode(home, join(foreign, 'theirs'), 0o004);
  const all = [home, join(home, 'logs'), join(home, 'logs', 'claw.log'), join(foreign, 'theirs')];
  expect(all.map(modeOf)).toEqual(['700', '755', '600', '640']);
});

test('a home that is itself a link is narrowed where it lies', async () => {
  renameSync(home, join(base, 'disk'));
  symlinkSync(join(base, 'disk'), home);
  await narrowMode(home, home, 0o077);
  await narrowMode(home, join(home, 'logs', 'claw.log'), 0o077);
  expect([join(base, 'disk'), join(base, 'disk', 'logs', 'claw.log')].map(modeOf)).toEqual(['700', '600']);
});

test('a link to a file of somebody else changes nothing there', async () => {
  symlinkSync(join(foreign, 'theirs'), join(home, 'logs', 'planted'));
  await expect(narrowMode(home, join(home, 'logs', 'planted'), 0o077)).rejects.toThrow('"planted" is a symbolic link');
  expect(modeOf(join(foreign, 'theirs'))).toBe('644');
});

test('a folder of the home that is a link leads nowhere', async () => {
  rmSync(join(home, 'logs'), { recursive: true });
  symlinkSync(foreign, join(home, 'logs'));
  for (const path of [join(home, 'logs'), join(home, 'logs', 'theirs')])
    await expect(narrowMode(home, path, 0o077)).rejects.toThrow('symbolic link');
  expect([foreign, join(foreign, 'theirs')].map(modeOf)).toEqual(['755', '644']);
});

test('a second name of a file of somebody else changes nothing there', async () => {
  linkSync(join(foreign, 'theirs'), join(home, 'logs', 'planted'));
  await expect(narrowMode(home, join(home, 'logs', 'planted'), 0o077)).rejects.toThrow('hard link');
  expect(modeOf(join(foreign, 'theirs'))).toBe('644');
});
