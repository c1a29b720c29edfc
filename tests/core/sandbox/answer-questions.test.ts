import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProcessSandbox } from '../../../src/core/sandbox/process-sandbox.ts';
import { runTool } from '../../fakes/sandbox-kit.ts';

/** A program in the tool's place that asks a thousand things and reads no answer. */
const DEAF = `const fs = process.getBuiltinModule('node:fs');
  const say = (frame) => fs.writeSync(1, JSON.stringify(frame) + '\\n');
  say({ type: 'ready' });
  fs.readSync(0, Buffer.alloc(65536));
  for (let id = 1; id <= 1000; id += 1) say({ type: 'ask', id, service: 'x', method: 'y', args: '{}' });
  setInterval(() => {}, 1000);`;

test('answers that a tool does not take stay few, however many it asks for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'claw-deaf-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'quickjs-child.js'), DEAF);
  const sandbox = createProcessSandbox({ folder, idleMs: 0 });
  onTestFinished(() => sandbox.close());
  let asked = 0;
  const ask = async (): Promise<string> => {
    asked += 1;
    return 'x'.repeat(1_000_000);
  };
  const outcome = await runTool(sandbox, '', { ask, limits: { wallMs: 800 } });
  expect(outcome.status).toBe('timeout');
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(16);
});
