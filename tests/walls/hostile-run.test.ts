/** A thousand hostile tools in a row, two at a time as on a busy day: what they leave behind is looked for from outside. */
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Canaries, openCanaries } from '../fakes/canaries.ts';
import { descendantsOf } from '../fakes/processes.ts';
import { openSandbox, runTool } from '../fakes/sandbox-kit.ts';
import { tool } from '../fakes/tool-source.ts';
import { NODE_BOMB_HEAD, NODE_BOMBS, nodeTools, QUICKJS_BOMBS, quickjsTools } from './hostile-tools.ts';

const RUNS = 1_000;
const CHILD_FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'sandbox');

let canaries: Canaries;
beforeAll(async () => {
  canaries = await openCanaries();
});
afterAll(() => canaries.close());

interface Hostile {
  readonly runtime: 'quickjs' | 'node';
  readonly code: string;
}

/** Every list by turns, the two runtimes alternating. */
function hostileTool(run: number, lists: readonly (readonly Hostile[])[]): Hostile {
  const list = lists[run % lists.length] ?? [];
  return list[Math.floor(run / lists.length) % list.length] as Hostile;
}

function everyHostileTool(): Hostile[][] {
  const inQuickjs = [...quickjsTools(canaries).map(({ body }) => body), ...QUICKJS_BOMBS.map(([, body]) => body)];
  const reaching = nodeTools(canaries).map(({ body, head }) => tool(body, head));
  const bombs = NODE_BOMBS.map(([, body]) => tool(body, NODE_BOMB_HEAD));
  return [
    inQuickjs.map((body) => ({ runtime: 'quickjs', code: tool(body) })),
    [...reaching, ...reaching, ...bombs].map((code) => ({ runtime: 'node', code })),
  ];
}

/** What this process holds: descriptors that are pipes or sockets, descendants; and the files where a tool could know to write. */
function holdings(): { descriptors: number; processes: number; files: number } {
  const descriptors = readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /socket|pipe/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  });
  const files = [CHILD_FOLDER, canaries.folder, '/dev/shm'].flatMap((folder) => readdirSync(folder));
  return { descriptors: descriptors.length, processes: descendantsOf(process.pid).length, files: files.length };
}

test('1,000 hostile tools in a row leave no process, no descriptor and no file, and harm nothing', async () => {
  const tools = everyHostileTool();
  const before = holdings();
  const sandbox = openSandbox();
  const outcomes: unknown[] = [];
  const statuses = new Map<string, number>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < RUNS) {
      const run = next;
      next += 1;
      const { runtime, code } = hostileTool(run, tools);
      // Another comment, another version: nobody meets the process of another.
      const outcome = await runTool(sandbox, `${code}\n// ${run}`, { runtime, limits: { wallMs: 80 } });
      statuses.set(outcome.status, (statuses.get(outcome.status) ?? 0) + 1);
      outcomes.push(outcome.output);
    }
  };
  await Promise.all([work(), work()]);
  expect((await runTool(sandbox, tool('return 1'))).output).toBe(1);
  await sandbox.close();

  expect(outcomes).toHaveLength(RUNS);
  expect(statuses.get('timeout')).toBeGreaterThan(10);
  expect(statuses.get('error')).toBeGreaterThan(250);
  expect(canaries.harm()).toEqual([]);
  expect(JSON.stringify(outcomes)).not.toContain(canaries.secret);
  await expect.poll(holdings, { timeout: 5_000 }).toEqual(before);
}, 240_000);
