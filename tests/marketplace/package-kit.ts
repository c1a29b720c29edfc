/** A tool of the marketplace in the real wall, as a turn would call it. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { JsonObject } from '../../src/core/kernel/messages.ts';
import { createProcessSandbox } from '../../src/core/sandbox/process-sandbox.ts';
import { NO_PERMISSIONS } from '../../src/core/tools/permissions.ts';
import { readSource } from '../../src/core/tools/source/read-source.ts';
import { validateInput } from '../../src/core/tools/validate-input.ts';
import { createToolSandbox } from '../../src/core/tools/walled-sandbox.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Calls the newest version of the tool; what it throws is thrown. One process serves the calls of a file, each in an engine of its own. */
export function openTool(name: string): <Answer = unknown>(input: object) => Promise<Answer> {
  const walls = createProcessSandbox({ folder: join(ROOT, 'dist', 'sandbox') });
  const sandbox = createToolSandbox(walls);
  afterAll(() => walls.close());
  const turn = crypto.randomUUID();
  const [file = ''] = globSync(`marketplace/packages/${name}/*/${name}.ts`, { cwd: ROOT }).toSorted().toReversed();
  const opened = readSource({ source: readFileSync(join(ROOT, file), 'utf8'), language: 'ts' }).then(
    async ({ code }) => ({ code: code ?? '', description: await sandbox.describe(code ?? '', undefined, turn) }),
  );
  return async <Answer>(input: object) => {
    const { code, description } = await opened;
    const valid = validateInput(description.inputSchema, input as JsonObject);
    if (!valid.ok) throw new Error(valid.problem);
    const run = await sandbox.run({
      code,
      runtime: 'quickjs',
      input: valid.input,
      grant: NO_PERMISSIONS,
      timeoutMs: 10_000,
      signal: AbortSignal.timeout(20_000),
      turn,
    });
    if (run.status !== 'ok') throw new Error(`${run.status}: ${run.error ?? ''}`);
    return run.output as Answer;
  };
}
