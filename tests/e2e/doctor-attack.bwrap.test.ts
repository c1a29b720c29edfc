import { expect, test } from 'vitest';
import { runClaw } from './run-claw.ts';

test('claw doctor --attack says of more than sixty probes that they held', { timeout: 120_000 }, async () => {
  const run = await runClaw(['doctor', '--attack', '--json'], { timeoutMs: 110_000 });
  const results = JSON.parse(run.stdout) as { probe: string; runtime: string; result: string; ms: number }[];
  expect(results.length).toBeGreaterThan(60);
  expect(results.filter(({ result }) => result !== 'held')).toEqual([]);
  expect(new Set(results.map(({ runtime }) => runtime))).toEqual(new Set(['quickjs', 'node']));
  expect(run.stderr).toContain('held');
  expect(run.code).toBe(0);
});
