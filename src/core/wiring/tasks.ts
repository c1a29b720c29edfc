/** Owns how settings become the task service and the scheduler. */
import type { Config } from '../config/open-config.ts';
import type { ChatService } from '../conversations/chat-service.ts';
import type { Clock } from '../kernel/clock.ts';
import { loadCatalogue } from '../kernel/language/load-catalogue.ts';
import { newId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Masker } from '../secrets/mask.ts';
import type { Store } from '../store/store.ts';
import type { RunDeps } from '../tasks/run-task.ts';
import type { Scheduler } from '../tasks/scheduler.ts';
import type { Claimed } from '../tasks/ledger.ts';
import type { TaskService } from '../tasks/task-service.ts';
import type { Service } from '../tools/call-tool.ts';
import type { ToolSystem } from '../tools/create-tools.ts';

interface TaskNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly chat: () => Promise<ChatService>;
  readonly tools: () => Promise<ToolSystem>;
  readonly masker: () => Promise<Masker>;
  readonly log: () => Promise<Log>;
}

export interface Tasks {
  readonly service: TaskService;
  /** Runs what was claimed by hand to its end. */
  run(claimed: Claimed, signal: AbortSignal): Promise<void>;
  scheduler(onOutbox: () => void): Promise<Scheduler>;
}

export async function buildTasks(needs: TaskNeeds): Promise<Tasks> {
  const { createTaskService } = await import('../tasks/task-service.ts');
  const { config, clock } = needs;
  const store = await needs.store();
  const run = { ...runDeps(needs, store), catalogue: await loadCatalogue(config.valid().language) };
  return {
    service: createTaskService(serviceDeps(config, store, clock)),
    async run(claimed, signal) {
      const { runTask } = await import('../tasks/run-task.ts');
      await runTask(run, claimed, signal);
    },
    async scheduler(onOutbox) {
      const { createScheduler } = await import('../tasks/scheduler.ts');
      return createScheduler({ ...run, onOutbox, log: await needs.log(), cap: config.valid().get('TASKS_AT_ONCE') });
    },
  };
}

function serviceDeps({ valid }: Config, store: Store, clock: Clock) {
  const settings = valid();
  return {
    store,
    clock,
    maxPerUser: settings.get('TASKS_PER_USER'),
    maxPromptChars: settings.get('MAX_MESSAGE_CHARS'),
  };
}

function runDeps({ config, clock, chat, tools, masker }: TaskNeeds, store: Store): RunDeps {
  return {
    store,
    clock,
    chat,
    live: new Set(),
    async runTool(name, input, { owner_id: userId }, signal) {
      const timeoutMs = 1000 * config.valid().get('TOOL_TIMEOUT');
      const call = { callId: newId(clock.now()), userId, conversationId: null, input, signal, timeoutMs };
      const { status, output, error } = await (await tools()).run(name, call);
      const { mask, maskJson } = await masker();
      return { status, output: maskJson(output), ...(error === undefined ? {} : { error: mask(error) }) };
    },
  };
}

/** The service `tasks` of tools, built at its first question. */
export function taskTool({ config, clock, store: open }: Pick<TaskNeeds, 'config' | 'clock' | 'store'>): Service {
  return async (...question) => {
    const { createTaskTool } = await import('../tasks/task-tool.ts');
    const { createTaskService } = await import('../tasks/task-service.ts');
    const store = await open();
    const service = createTaskService(serviceDeps(config, store, clock));
    const zone = config.valid().get('TIMEZONE') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
    return createTaskTool({ store, clock, service, zone })(...question);
  };
}
