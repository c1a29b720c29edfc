/** Owns how tools are put together: the walls they run in, what settings allow them, the services behind their questions, and the approvals they wait for. */
import { join } from 'node:path';
import type { Config } from '../config/open-config.ts';
import type { ChatDeps } from '../conversations/prepare-turn.ts';
import type { ApprovalService } from '../conversations/approvals.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Knowledge } from '../knowledge/knowledge-service.ts';
import type { MemoryService } from '../memory/memory-service.ts';
import type { DocumentReader } from '../sandbox/document-reader.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import type { Service } from '../tools/call-tool.ts';
import type { ToolPolicy, ToolSystem } from '../tools/create-tools.ts';
import type { Accounts } from './accounts.ts';
import { knowledgeTool } from './knowledge.ts';
import { marketplaceTool } from './marketplace.ts';
import { memoryTool } from './memory.ts';
import { taskTool } from './tasks.ts';

interface ApprovalNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
}

export async function buildSandbox({ paths, containerEngine }: Config): Promise<Sandbox> {
  const { createProcessSandbox } = await import('../sandbox/process-sandbox.ts');
  const { createContainerWall } = await import('../sandbox/container/container-wall.ts');
  const { packageRoot } = await import('../tools/source/own-program.ts');
  const folder = join(packageRoot(), 'dist', 'sandbox');
  const container = createContainerWall({ folder, home: paths.home, environment: containerEngine });
  return createProcessSandbox({ folder, container });
}

export async function buildApprovals({ config, clock, store }: ApprovalNeeds) {
  const { createApprovalService } = await import('../conversations/approvals.ts');
  const expiryMs = config.valid().get('APPROVAL_MINUTES') * 60_000;
  return createApprovalService({ store: await store(), clock, expiryMs });
}

interface ToolNeeds extends ApprovalNeeds {
  readonly approvals: () => Promise<ApprovalService>;
  readonly sandbox: () => Promise<Sandbox>;
  readonly reader: () => Promise<DocumentReader>;
  readonly accounts: () => Promise<Pick<Accounts, 'toolSecret'>>;
  readonly memory: () => Promise<MemoryService>;
  readonly knowledge: () => Promise<Knowledge>;
  readonly chatDeps: () => Promise<ChatDeps>;
  /** What is built here, for the service that installs more of it. */
  readonly tools: () => Promise<ToolSystem>;
}

export async function buildTools({
  config,
  clock,
  store,
  approvals,
  sandbox,
  reader,
  accounts,
  memory,
  knowledge,
  chatDeps,
  tools,
}: ToolNeeds): Promise<ToolSystem> {
  const { createTools } = await import('../tools/create-tools.ts');
  const { createSendService } = await import('../conversations/send-service.ts');
  const { createAttachFile } = await import('./attach-file.ts');
  const attach = createAttachFile(config.paths, config.valid().get('WORKSPACE'));
  return createTools({
    store: await store(),
    clock,
    sandbox: await sandbox(),
    reader,
    approvals: await approvals(),
    policy: toolPolicy(config),
    secret: async (name) => (await accounts()).toolSecret(name),
    services: {
      send: createSendService({ store: await store(), clock, attach }),
      memory: memoryTool({ clock, store }, memory),
      tasks: taskTool({ config, clock, store }),
      knowledge: knowledgeTool({ config, store }, knowledge),
      marketplace: marketplaceTool({ config, clock, store, tools }),
      ...(await delegateTool(config, chatDeps)),
    },
  });
}

/** Only with a cheap model to hand sub-tasks to. */
async function delegateTool(config: Config, chatDeps: () => Promise<ChatDeps>): Promise<Record<string, Service>> {
  const lightModel = config.valid().get('LIGHT_MODEL');
  if (lightModel === undefined) return {};
  const { createDelegateService } = await import('../conversations/delegate-service.ts');
  return { delegate: createDelegateService(chatDeps, lightModel) };
}

function toolPolicy(config: Config): ToolPolicy {
  const settings = config.valid();
  return {
    paths: config.paths,
    workspace: settings.get('WORKSPACE'),
    disabled: [...settings.get('DISABLED_TOOLS'), ...(settings.get('LIGHT_MODEL') === undefined ? ['delegate'] : [])],
    exec: { level: settings.get('EXEC_LEVEL'), allow: settings.get('EXEC_ALLOW'), desktop: config.desktop },
    origins: { web_search: settings.get('SEARCH_BASE_URL'), weather: settings.get('WEATHER_BASE_URL') },
    trusted: settings.get('TRUSTED_ORIGINS'),
    settings: {
      search_provider: settings.get('SEARCH_PROVIDER'),
      search_base_url: settings.get('SEARCH_BASE_URL') ?? '',
      weather_base_url: settings.get('WEATHER_BASE_URL'),
    },
  };
}

/** Replaced tool systems that are kept for the turns that run on them. */
const MAX_RETIRED = 3;

/** Turns may still run on what was replaced, so it is closed only when newer ones were replaced too, or at the end. */
export function createRetired() {
  const kept: Pick<ToolSystem, 'close'>[] = [];
  return {
    async add(old: Pick<ToolSystem, 'close'> | undefined): Promise<void> {
      if (old !== undefined) kept.push(old);
      if (kept.length > MAX_RETIRED) await kept.shift()?.close();
    },
    close: () => Promise.all(kept.map((each) => each.close())),
  };
}
