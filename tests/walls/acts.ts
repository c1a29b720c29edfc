/** Owns the ways in which the tests of the wall try an act: as a tool with Node's modules, as a hostile program in the tool's place, as a question to the broker. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerServices, Grant } from '../../src/core/sandbox/broker.ts';
import type { Layer } from '../../src/core/sandbox/child-command.ts';
import type { Ask, SandboxOutcome } from '../../src/core/sandbox/sandbox.ts';
import type { SandboxModules } from '../fakes/mutant.ts';
import { runTool } from '../fakes/sandbox-kit.ts';
import { tool } from '../fakes/tool-source.ts';

const DIST = join(import.meta.dirname, '..', '..', 'dist', 'sandbox');
const HEAD =
  "import fs from 'node:fs'; import cp from 'node:child_process'; import net from 'node:net'; import { setTimeout as later } from 'node:timers/promises';";

type RunOptions = Parameters<typeof runTool>[2];
/** Whether the harm was done. */
export type Act = (modules: SandboxModules) => Promise<boolean>;

/** What a tool with Node's modules says when it tries, in a wall that already lacks the layers that would hide the one under test. */
export async function tryInNode(
  modules: SandboxModules,
  body: string,
  without: readonly Layer[] = [],
): Promise<SandboxOutcome> {
  const sandbox = modules.processSandbox.createProcessSandbox({ folder: DIST, idleMs: 0, without: new Set(without) });
  try {
    return await runTool(sandbox, tool(body, HEAD), { runtime: 'node', limits: { wallMs: 2_000 } });
  } finally {
    await sandbox.close();
  }
}

/** What comes of a call whose process is a program of the enemy: it gets `say` and `done` to write frames with. */
export async function tryAsProgram(
  modules: SandboxModules,
  job: string,
  options: RunOptions = {},
): Promise<SandboxOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'claw-enemy-'));
  const program = `const fs = process.getBuiltinModule('node:fs');
    const raw = (text) => { for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(fs.writeSync(1, rest)); };
    const say = (frame) => raw(JSON.stringify(frame) + '\\n');
    const done = (result = '{"ok":true,"output":"harm"}') => say({ type: 'done', result });
    say({ type: 'ready' });
    fs.readSync(0, Buffer.alloc(65536));
    ${job};
    setInterval(() => {}, 1000);`;
  writeFileSync(join(folder, 'quickjs-child.js'), program);
  const sandbox = modules.processSandbox.createProcessSandbox({ folder, idleMs: 0 });
  try {
    return await runTool(sandbox, '', options);
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const says = ({ output }: SandboxOutcome): string => JSON.stringify(output);
export const isHarm = (outcome: SandboxOutcome): boolean => outcome.status === 'ok' && outcome.output === 'harm';

/** Acts on Node's own modules. */
export const inNode =
  (body: string, without?: readonly Layer[]): Act =>
  async (modules) =>
    isHarm(await tryInNode(modules, body, without));

export const asProgram =
  (job: string, options?: RunOptions): Act =>
  async (modules) =>
    isHarm(await tryAsProgram(modules, job, options));

export const NOTHING: Grant = { net: [], files: [], exec: [], secrets: [], host: [] };

/** Whether a question reached the service that would do it, with this granted. */
export const asked =
  (service: string, method: string, args: Parameters<Ask>[2], grant: Partial<Grant> = {}): Act =>
  async ({ broker }) => {
    let isDone = false;
    const act = async (): Promise<string> => {
      isDone = true;
      return 'done';
    };
    const services: BrokerServices = {
      fetch: async (question) => {
        const url = new URL(question.url);
        isDone = question.refuse(url) === undefined || Object.keys(question.authorize(url)).length > 0;
        return null;
      },
      files: act,
      exec: act,
      secret: async () => 'a stored value',
      host: act,
    };
    const ask = broker.createBroker({ ...NOTHING, ...grant }, services, () => {});
    await ask(service, method, args, new AbortController().signal).catch(() => {});
    return isDone;
  };
