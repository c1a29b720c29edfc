/** Owns what a turn and the command line get of the tools: a snapshot whose calls are counted, and one call by name. A version that keeps failing is taken out of use here. */
import { ClawError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store } from '../store/store.ts';
import { type CallDeps, type CallRequest, callTool } from './call-tool.ts';
import type { Examined, ExamineOptions } from './registry/examine-tool.ts';
import { goBack, lastGoodVersion } from './registry/tool-admin.ts';
import type { ToolEntry } from './registry/registry-view.ts';
import { readToolFolder } from './registry/tool-folder.ts';
import { type ToolRegistry, toolTarget } from './registry/tool-registry.ts';
import type { SourceText } from './source/read-source.ts';
import type { ToolDescription, ToolHost, ToolOutcome } from './tool-port.ts';
import type { ToolRun } from './tool-sandbox.ts';

export interface ToolHostDeps {
  readonly registry: ToolRegistry;
  readonly store: Store;
  readonly call: CallDeps;
  readonly folder: string;
  readonly examine: (text: SourceText, options?: ExamineOptions) => Promise<Examined>;
}

export interface Tools extends ToolHost {
  /** Runs one tool by its name, or the name of its file. Throws `not-found`; a tool that may not run is a `refused` result. */
  run(name: string, request: CallRequest): Promise<ToolRun>;
  /** Runs a file of the tools folder, by its name without the ending, with all it wants and without approval. For tests of the wall. */
  runUnsafely(name: string, request: CallRequest): Promise<ToolRun>;
}

/** So many failed calls in a row and a version is taken out of use. */
const MAX_FAILURES = 3;

export function createToolHost(deps: ToolHostDeps): Tools {
  return {
    async snapshot() {
      const entries = (await deps.registry.entries()).filter(({ state }) => state === 'active');
      const byName = new Map(entries.map((entry) => [entry.name, entry]));
      return {
        tools: entries.flatMap(toDescription),
        async call(request) {
          const entry = byName.get(request.name);
          if (entry === undefined)
            return { status: 'error', output: `There is no tool named ${JSON.stringify(request.name)}.` };
          return toOutcome(await callEntry(deps, entry, request));
        },
      };
    },
    async run(name, request) {
      const entries = await deps.registry.entries();
      const entry = chooseEntry(entries, name);
      if (entry === undefined)
        throw new ClawError('not-found', phrase('noTool', JSON.stringify(name)), { hint: 'claw tool list' });
      if (entry.state !== 'active') return { status: 'refused', output: null, error: whyNot(entry), ms: 0 };
      return callEntry(deps, entry, request);
    },
    async runUnsafely(name, request) {
      const file = readToolFolder(deps.folder).files.find((each) => each.file.replace(/\.[^.]+$/, '') === name);
      if (file === undefined)
        throw new ClawError('not-found', `There is no file of that name in ${deps.folder}.`, {
          hint: 'Name it without its ending.',
        });
      const { verdict, reason, description, code } = await deps.examine(file, {
        isUnsafe: true,
        signal: request.signal,
      });
      if (verdict === 'failed' || description === undefined)
        return { status: 'refused', output: null, error: reason ?? 'it does not load', ms: 0 };
      const { permissions } = description;
      const entry: ToolEntry = {
        name: description.name,
        version: '0',
        origin: 'user',
        state: 'active',
        reason: null,
        permissions,
        description,
      };
      return callTool(deps.call, { entry, code: async () => code }, request);
    },
  };
}

/** By name, the active one first; else by the name of its file. */
function chooseEntry(entries: readonly ToolEntry[], name: string): ToolEntry | undefined {
  const named = entries.filter((entry) => entry.name === name);
  const ofFile = entries.find(({ head }) => head?.file.replace(/\.[^.]+$/, '') === name);
  return named.find(({ state }) => state === 'active') ?? named[0] ?? ofFile;
}

async function callEntry(deps: ToolHostDeps, entry: ToolEntry, request: CallRequest): Promise<ToolRun> {
  const code = (): Promise<string> => entry.shipped?.code() ?? storedCode(deps.store, entry);
  const run = await callTool(deps.call, { entry, code }, request);
  const notice = await countOutcome(deps, entry, run);
  if (notice === undefined) return run;
  request.onNotice?.({ type: 'notice', level: 'warning', code: 'tool-taken-out', text: notice });
  return { ...run, error: `${run.error ?? 'It failed.'} ${notice}` };
}

async function storedCode(store: Store, { head, name }: ToolEntry): Promise<string> {
  const row = head === undefined ? undefined : await store.tools.find(head.id);
  if (row === undefined) throw new ClawError('not-found', `The code of ${name} is gone.`);
  return row.code;
}

/** Counts failures in a row; says so when they took the version out of use. */
async function countOutcome(deps: ToolHostDeps, { head }: ToolEntry, run: ToolRun): Promise<string | undefined> {
  if (head === undefined) return undefined;
  if (run.status === 'ok') {
    await deps.store.tools.clearFailures(head.id);
    return undefined;
  }
  if (run.status !== 'error' || run.isCallersFault === true) return undefined;
  if ((await deps.store.tools.countFailure(head.id)) < MAX_FAILURES) return undefined;
  const row = await deps.store.tools.find(head.id);
  if (row?.state !== 'active') return undefined;
  const reason = `failed ${MAX_FAILURES} times in a row; the last time: ${(run.error ?? '').slice(0, 300)}`;
  const isOut = await deps.store.transaction(async ({ tools, audit }) => {
    if (!(await tools.updateVersion(row.id, { state: 'quarantined', reason }, 'active'))) return false;
    await audit.append({
      at: deps.call.clock.now(),
      by: {},
      action: 'tool.quarantine',
      ...toolTarget({ ...row, reason }),
    });
    return true;
  });
  if (!isOut) return undefined;
  const good = await lastGoodVersion(deps.store, row);
  if (good === undefined)
    return `${row.name} failed ${MAX_FAILURES} times in a row and is in quarantine (claw tool enable ${row.name}).`;
  await goBack(deps, good, { by: null, action: 'tool.rollback', reason: `version ${row.version} kept failing` });
  return `${row.name} failed ${MAX_FAILURES} times in a row; claw went back to version ${good.version}.`;
}

function toDescription(entry: ToolEntry): ToolDescription[] {
  const { description, version, origin } = entry;
  if (description === undefined) return [];
  const { name, inputSchema, parallel, idempotent, provenance } = description;
  return [
    { name, description: description.description, inputSchema, version, origin, parallel, idempotent, provenance },
  ];
}

function toOutcome({ status, output, error }: ToolRun): ToolOutcome {
  if (status === 'ok') return { status, output: asText(output) };
  return { status, output: error ?? 'The tool failed.' };
}

function asText(output: JsonValue): string {
  return typeof output === 'string' ? output : JSON.stringify(output ?? null);
}

function whyNot({ name, state, reason }: ToolEntry): string {
  const next =
    state === 'pending' ? ` Look at it with: claw tool info ${name}; agree with: claw tool approve ${name}` : '';
  return `${name} is ${state}${reason === null ? '' : `: ${reason}`}.${next}`;
}
