import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findCodex } from '../../../src/core/config/codex.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

it('finds the first program of that name in PATH that may be run', () => {
  const home = temporaryHome();
  for (const [folder, mode] of [
    ['a', 0o644],
    ['b', 0o755],
    ['c', 0o755],
  ] as const) {
    mkdirSync(join(home, folder));
    writeFileSync(join(home, folder, 'codex'), '');
    chmodSync(join(home, folder, 'codex'), mode);
  }
  mkdirSync(join(home, 'd', 'codex'), { recursive: true });
  const path = ['d', 'a', 'b', 'c'].map((folder) => join(home, folder));
  expect(findCodex({ PATH: ['relative', ...path].join(':') }).program).toBe(join(home, 'b', 'codex'));
  expect(findCodex({ PATH: `${path[0]}:${path[1]}` }).program).toBeUndefined();
  expect(findCodex({}).program).toBeUndefined();
});

it('knows where it keeps its sign-in', () => {
  expect(findCodex({ HOME: '/home/a' }).authFile).toBe('/home/a/.codex/auth.json');
  expect(findCodex({ HOME: '/home/a', CODEX_HOME: '/srv/codex' }).authFile).toBe('/srv/codex/auth.json');
  expect(findCodex({ HOME: '/home/a', CODEX_HOME: '' }).authFile).toBe('/home/a/.codex/auth.json');
});

it('gives it the environment of a program of the user, and nothing of claw', () => {
  const given = { PATH: '/bin', HOME: '/home/a', HTTPS_PROXY: 'http://127.0.0.1:1' };
  const kept = { ANTHROPIC_API_KEY: 'canary', CLAW_MASTER_KEY: 'canary', OPENAI_API_KEY: 'canary', LD_PRELOAD: '/x' };
  expect(findCodex({ ...given, ...kept }).environment).toEqual(given);
});
