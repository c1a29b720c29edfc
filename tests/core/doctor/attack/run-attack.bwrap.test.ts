import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runAttack } from '../../../../src/core/doctor/attack/run-attack.ts';
import { createProcessSandbox } from '../../../../src/core/sandbox/process-sandbox.ts';
import type { Sandbox } from '../../../../src/core/sandbox/sandbox.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'dist', 'sandbox');

/** No wall at all: the code runs in a plain Node, and whatever would never end is called well. */
const noWall: Sandbox = {
  async run({ code, runtime }) {
    const done = { status: 'ok', output: null, ms: 1 } as const;
    if (runtime === 'quickjs' || /for \(;|abort\(|ppid/.test(code)) return done;
    const body = code.replace(/^import .*claw\/tool';$/m, 'const defineTool = (t) => t, z = { object: () => 0 };');
    const program = `${body.replace('export default', 'const tool =')}; const out = await tool.run({}, {});
      process.stdout.write(JSON.stringify(out ?? null), () => process.exit(0));`;
    const args = ['--input-type=module', '-e', program];
    const options = { timeout: 5_000, killSignal: 'SIGKILL', env: { HOME: '/home/someone' } } as const;
    const output = await promisify(execFile)(process.execPath, args, options).then(
      ({ stdout }) => stdout,
      () => null,
    );
    return { ...done, output };
  },
  walls: async () => [],
  close: async () => {},
};

test('where there is no wall, what was touched is found', { timeout: 120_000 }, async () => {
  const results = await runAttack(noWall, AbortSignal.timeout(110_000));
  const broken = new Map(results.map(({ runtime, probe, result }) => [`${runtime} ${probe}`, result === 'BROKEN']));
  for (const probe of [
    'read',
    'write',
    'delete',
    'touch',
    'a shell',
    'a program',
    'TCP',
    'a UNIX socket',
    'HTTP',
    'UDP',
    'kill another process',
    'environment',
    'memory',
    'processes',
  ]) {
    expect([probe, broken.get(`node ${probe}`)]).toEqual([probe, true]);
  }
});

test('a stop ends the attack at once', async () => {
  const sandbox = createProcessSandbox({ folder: FOLDER, idleMs: 0 });
  await expect(runAttack(sandbox, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  await sandbox.close();
});
