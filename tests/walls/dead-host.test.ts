/** claw dies without a word, while tools run: nobody may be left who answers to no one. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { descendantsOf, isProcessAlive } from '../fakes/processes.ts';
import { tool } from '../fakes/tool-source.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const HOST = `import { createProcessSandbox } from ${JSON.stringify(join(ROOT, 'src/core/sandbox/process-sandbox.ts'))};
import { DEFAULT_LIMITS } from ${JSON.stringify(join(ROOT, 'src/core/sandbox/sandbox.ts'))};
const sandbox = createProcessSandbox({ folder: ${JSON.stringify(join(ROOT, 'dist/sandbox'))} });
const run = (runtime, code) => sandbox.run({ code, runtime, input: {}, limits: DEFAULT_LIMITS, ask: async () => null, signal: new AbortController().signal });
await run('quickjs', ${JSON.stringify(tool('return 1'))});
void run('quickjs', ${JSON.stringify(tool('for (;;);'))});
void run('node', ${JSON.stringify(tool('for (;;);'))});
setInterval(() => {}, 1000);`;

test('when claw is killed, its tools die too, even those that never look up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'claw-host-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'host.mts'), HOST);
  const host = spawn(process.execPath, ['--no-warnings', join(folder, 'host.mts')], { stdio: 'ignore' });
  const pid = host.pid ?? 0;
  onTestFinished(() => void host.kill('SIGKILL'));
  const busy = () => descendantsOf(pid).filter(({ command }) => /node .*-child\.js$/.test(command));
  await expect.poll(() => busy().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
  const family = descendantsOf(pid);
  host.kill('SIGKILL');
  await expect.poll(() => family.filter((each) => isProcessAlive(each.pid)), { timeout: 5_000 }).toEqual([]);
});
