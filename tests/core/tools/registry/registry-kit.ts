/** A registry on a real store and a real folder, with a sandbox that has no walls. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../../src/core/kernel/clock.ts';
import { openStore, type Store } from '../../../../src/core/store/store.ts';
import { examineTool, type ExamineOptions } from '../../../../src/core/tools/registry/examine-tool.ts';
import { createToolAdmin, type ToolAdmin } from '../../../../src/core/tools/registry/tool-admin.ts';
import type { ToolEntry } from '../../../../src/core/tools/registry/registry-view.ts';
import { createToolRegistry, type ToolRegistry } from '../../../../src/core/tools/registry/tool-registry.ts';
import { createToolHost, type Tools } from '../../../../src/core/tools/tool-host.ts';
import type { Service } from '../../../../src/core/tools/call-tool.ts';
import { createFakeSandbox, type FakeSandbox } from '../../../fakes/fake-sandbox.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';
import { readSource, type SourceText } from '../../../../src/core/tools/source/read-source.ts';

export interface RegistryKit {
  readonly folder: string;
  readonly store: Store;
  readonly sandbox: FakeSandbox;
  readonly registry: ToolRegistry;
  readonly admin: ToolAdmin;
  readonly tools: Tools;
  readonly examine: (text: SourceText, options?: ExamineOptions) => ReturnType<typeof examineTool>;
  write(file: string, source: string): string;
  states(): Promise<Record<string, string>>;
  entry(name: string): Promise<ToolEntry | undefined>;
  run(name: string, input?: object): Promise<{ status: string; output: unknown; error?: string }>;
}

export async function registryKit(options: { services?: Record<string, Service> } = {}): Promise<RegistryKit> {
  const home = temporaryHome();
  const folder = join(home, 'tools');
  mkdirSync(folder);
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  await store.users.insertIfAbsent({ id: 'u1', username: 'owner', role: 'admin', state: 'active', created_at: 0 });
  const sandbox = createFakeSandbox();
  const services = options.services ?? {};
  const limits = { home, services: () => ['memory', ...Object.keys(services)] };
  const examine = (text: SourceText, more?: ExamineOptions) => examineTool({ readSource, sandbox, limits }, text, more);
  const registry = createToolRegistry({
    store,
    clock: systemClock,
    folder,
    packageLock: join(home, 'run', 'marketplace.lock'),
    shipped: { list: async () => [shippedAdd()], version: async () => '1.2.3', disabled: [] },
    examine,
  });
  const approvals = { ask: async () => ({ isAllowed: false, reason: 'nobody is asked', approvalId: null }) };
  const outside = () => ({}) as never;
  const call = {
    sandbox,
    services,
    outside,
    grantOf: (entry: ToolEntry) => entry.permissions,
    approvals,
    clock: systemClock,
    refused: async () => {},
  };
  const tools = createToolHost({ registry, store, call, folder, examine });
  const admin = createToolAdmin({ store, clock: systemClock, registry, folder });
  const entry = async (name: string) => (await registry.entries()).find((each) => each.name === name);
  return {
    folder,
    store,
    sandbox,
    registry,
    admin,
    tools,
    examine,
    entry,
    write(file, source) {
      const path = join(folder, file);
      writeFileSync(path, source);
      return path;
    },
    async states() {
      const entries = await registry.entries();
      return Object.fromEntries(
        entries.filter(({ origin }) => origin !== 'builtin').map(({ name, state }) => [name, state]),
      );
    },
    run: (name, input = {}) =>
      tools.run(name, {
        callId: 'c',
        userId: 'u1',
        conversationId: null,
        input: input as never,
        signal: AbortSignal.timeout(2e4),
        timeoutMs: 1e4,
      }),
  };
}

/** The source of a tool that answers `answer` (an expression). */
export function toolSource(name: string, answer: string, more = ''): string {
  return `import { defineTool } from 'claw/tool';
export default defineTool({ name: '${name}', description: 'A tool for a test.', ${more} run: (input, ctx) => ${answer} });
`;
}

function shippedAdd() {
  const source = toolSource('add_two_numbers', 'input.a + input.b');
  const inputSchema = {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
  };
  return {
    hash: 'shipped',
    code: async () => source,
    source: async () => source,
    description: {
      name: 'add_two_numbers',
      description: 'Adds.',
      inputSchema,
      examples: [],
      runtime: 'quickjs' as const,
      parallel: true,
      idempotent: true,
      provenance: 'tool' as const,
      permissions: {
        net: [],
        files: [],
        exec: [],
        secrets: [],
        host: [],
      },
    },
  };
}
