import { existsSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createHome, findHome } from '../../../src/core/config/home.ts';
import { isDesktop } from '../../../src/core/config/desktop.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

test('the home is that of the flag, then CLAW_HOME, then ~/.claw', () => {
  expect(findHome('/a', { CLAW_HOME: '/b' })).toBe('/a');
  expect(findHome(undefined, { CLAW_HOME: '/b/' })).toBe('/b');
  expect(findHome(undefined, { CLAW_HOME: '' })).toBe(join(homedir(), '.claw'));
  expect(findHome('~/x', {})).toBe(join(homedir(), 'x'));
  expect(findHome('x', {})).toBe(resolve('x'));
});

test('a CLAW_HOME that would change with the working directory is refused', () => {
  expect(() => findHome(undefined, { CLAW_HOME: 'relative' })).toThrow(/not an absolute path: relative/);
  expect(() => findHome(' ', {})).toThrow('--home needs a folder');
});

test('a new home is for its owner only; an existing one is left alone', () => {
  const home = join(temporaryHome(), 'a', 'home');
  createHome(home);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  createHome(home);
  expect(existsSync(home)).toBe(true);
});

test('a home that cannot be is told with a next step', () => {
  const file = join(temporaryHome(), 'file');
  writeFileSync(file, '');
  expect(() => createHome(join(file, 'home'))).toThrow(/cannot be created/);
});

test('a keychain is asked only where somebody sees windows', () => {
  expect(isDesktop({}, 'linux')).toBe(false);
  expect(isDesktop({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' }, 'linux')).toBe(false);
  expect(isDesktop({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x', DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(isDesktop({}, 'darwin')).toBe(true);
  expect(isDesktop({ SSH_CONNECTION: '127.0.0.1 1 127.0.0.1 2' }, 'darwin')).toBe(false);
});
