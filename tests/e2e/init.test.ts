import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

test('init --defaults makes a home that is ready to use, and may be run again without losing anything', async () => {
  const home = await temporaryDirectory();
  const { json, code } = await runClawJson(['init', '--defaults'], { home });
  expect([code, json]).toEqual([0, { home, created: ['instruction.md'], set: [], next: 'claw chat' }]);
  const instruction = join(home, 'instruction.md');
  expect(statSync(instruction).mode & 0o777).toBe(0o600);
  writeFileSync(instruction, 'mine');
  expect((await runClawJson(['init', '--defaults'], { home })).json).toMatchObject({ created: [] });
  expect(readFileSync(instruction, 'utf8')).toBe('mine');
});

test('without a terminal init asks nothing and says what to add', async () => {
  const home = await temporaryDirectory();
  const run = await runClaw(['init'], { home });
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('--defaults');
  expect(existsSync(join(home, 'instruction.md'))).toBe(false);
});
