/** Owns what people do with tasks: each sees and changes their own; an admin and the main room those of all. Creating never runs anything. */
import { requirePermission } from '../access/permissions.ts';
import type { User } from '../access/local-user.ts';
import { normaliseChatId } from '../conversations/chat-id.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/messages.ts';
import type { Store, Tables } from '../store/store.ts';
import type { MisfirePolicy } from '../store/tasks-schema.ts';
import type { TaskRow, TaskRunRow } from '../store/tasks-table.ts';
import { claimByHand, type Claimed, scheduleOf, skipDue } from './ledger.ts';
import { readInterval, readOnce, readSchedule, type ScheduleType } from './schedule.ts';

/** Who acts. `chatId`: the chat it is asked in, for those who may act for that chat only; `isAll`: may act on every task. */
export interface TaskActor {
  readonly user: User;
  readonly chatId: string | null;
  readonly isAll: boolean;
}

export interface TaskInput {
  readonly id?: string;
  /** A chat; absent: the actor's own. */
  readonly chatId?: string;
  readonly conversationId?: string;
  readonly prompt?: string;
  readonly tool?: string;
  readonly toolInput?: JsonObject;
  readonly gate?: string;
  readonly type: ScheduleType;
  readonly value: string;
  readonly zone: string;
  readonly misfire?: MisfirePolicy;
  /** `90m`, or milliseconds. */
  readonly maxLateness?: string;
  readonly context?: 'group' | 'isolated';
  readonly budgetUsd?: number;
  readonly allowsPast?: boolean;
  readonly allowsGap?: boolean;
}

export type TaskChange = Partial<
  Pick<TaskInput, 'prompt' | 'type' | 'value' | 'zone' | 'misfire' | 'maxLateness' | 'context' | 'budgetUsd'>
>;

export interface Explained {
  readonly task: TaskRow;
  readonly run: TaskRunRow | undefined;
  readonly text: string;
}

export interface TaskServiceDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Most tasks of one user that are not over. */
  readonly maxPerUser: number;
}

export type TaskService = ReturnType<typeof createTaskService>;

const MAX_PROMPT_CHARS = 20_000;

export function createTaskService(deps: TaskServiceDeps) {
  const { store, clock } = deps;
  return {
    /** Throws `usage-invalid`, `conflict`, `limit-reached`, `permission-denied`. */
    create: (actor: TaskActor, input: TaskInput): Promise<TaskRow> => create(deps, actor, input),
    async list(actor: TaskActor, all = false): Promise<TaskRow[]> {
      requirePermission({ user: actor.user, scopes: null }, 'task.read');
      const rows = await store.tasks.list({ all, ...(actor.isAll ? {} : { ownerId: actor.user.id }) });
      return rows.filter((task) => isOwn(actor, task));
    },
    find: (actor: TaskActor, id: string): Promise<TaskRow> => find(store, actor, id),
    async history(actor: TaskActor, id: string, limit: number): Promise<TaskRunRow[]> {
      return store.tasks.history((await find(store, actor, id)).id, limit);
    },
    pause: (actor: TaskActor, id: string): Promise<TaskRow> =>
      change(deps, actor, { id, verb: 'pause' }, async (_, task) => {
        requireState(task, ['active'], 'paused');
        return { state: 'paused', reason: `paused by ${actor.user.username}` };
      }),
    /** What was due meanwhile is skipped, unless `catchUp`: then the misfire policy decides. */
    resume: (actor: TaskActor, id: string, catchUp = false): Promise<TaskRow> =>
      change(deps, actor, { id, verb: 'resume' }, async (tables, task, now) => {
        requireState(task, ['paused', 'disabled'], 'resumed');
        const next =
          task.next_at === null
            ? (scheduleOf(task).next(now) ?? null)
            : catchUp
              ? task.next_at
              : await skipDue(tables, task, `it was ${task.state}`, now);
        return {
          state: next === null ? 'done' : 'active',
          reason: null,
          next_at: next,
          failures: 0,
          backoff_until: null,
        };
      }),
    cancel: (actor: TaskActor, id: string): Promise<TaskRow> =>
      change(deps, actor, { id, verb: 'cancel' }, async (tables, task, now) => {
        await skipDue(tables, task, 'it was cancelled', now);
        return { state: 'cancelled', reason: `cancelled by ${actor.user.username}`, next_at: null };
      }),
    update: (actor: TaskActor, id: string, wanted: TaskChange): Promise<TaskRow> => update(deps, actor, id, wanted),
    /** Claims a run now, whatever the schedule says. */
    async claim(actor: TaskActor, id: string): Promise<Claimed> {
      requirePermission({ user: actor.user, scopes: null }, 'task.change');
      const task = await find(store, actor, id);
      return store.transaction((tables) => claimByHand(tables, task, clock.now()));
    },
    explain: (actor: TaskActor, id: string, at?: number): Promise<Explained> => explain(deps, actor, id, at),
  };
}

async function create({ store, clock, maxPerUser }: TaskServiceDeps, actor: TaskActor, input: TaskInput) {
  const { user } = actor;
  requirePermission({ user, scopes: null }, 'task.change');
  const now = clock.now();
  const id = input.id ?? newId(now).slice(-8);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id)) throw invalid(`${JSON.stringify(id)} cannot be the id of a task.`);
  if ((input.prompt === undefined) === (input.tool === undefined)) throw invalid('A task has a prompt or a tool.');
  checkPrompt(input.prompt);
  const chatId = input.chatId === undefined ? actor.chatId : normaliseChatId(input.chatId).jid;
  if (chatId !== actor.chatId && !actor.isAll) throw notAllowed(`make tasks for ${chatId ?? 'another place'}`);
  const schedule = readSchedule({ ...input, anchor: now });
  if (input.type === 'once') readOnce(input.value, input.zone, input.allowsGap === true);
  // A past instant runs at the next look, and only when that is wanted.
  const next = schedule.next(input.allowsPast === true && input.type === 'once' ? -Infinity : now);
  if (next === undefined)
    throw invalid(`${JSON.stringify(input.value)} is in the past.`, 'Run it at once with --allow-past.');
  const row: TaskRow = {
    id,
    owner_id: user.id,
    chat_id: chatId,
    prompt: input.prompt ?? null,
    tool: input.tool ?? null,
    tool_input: input.tool === undefined ? null : JSON.stringify(input.toolInput ?? {}),
    gate: input.gate ?? null,
    schedule_type: input.type,
    schedule_value: input.value,
    zone: input.zone,
    anchor_at: now,
    misfire: input.misfire ?? 'once',
    max_lateness_ms: input.maxLateness === undefined ? null : readInterval(input.maxLateness),
    context: input.context ?? 'group',
    conversation_id: chatId === null ? (input.conversationId ?? null) : null,
    budget_micro_usd: microUsd(input.budgetUsd),
    state: 'active',
    reason: null,
    next_at: next,
    failures: 0,
    backoff_until: null,
    created_at: now,
    updated_at: now,
  };
  await store.transaction(async (tables) => {
    if (chatId !== null && !(await tables.rooms.isKnown(chatId))) {
      throw new ClawError('not-found', `There is no room ${chatId}.`, { hint: 'See them with `claw group list`.' });
    }
    if ((await tables.tasks.find(id)) !== undefined) throw new ClawError('conflict', `There is a task ${id} already.`);
    if ((await tables.tasks.countOpen(user.id)) >= maxPerUser) {
      throw new ClawError('limit-reached', `${user.username} has ${maxPerUser} tasks; no more are allowed.`, {
        hint: 'Cancel one, or raise TASKS_PER_USER.',
      });
    }
    await tables.tasks.insert(row);
    await audit(tables, actor, 'create', id, now);
  });
  return row;
}

async function update(deps: TaskServiceDeps, actor: TaskActor, id: string, wanted: TaskChange): Promise<TaskRow> {
  checkPrompt(wanted.prompt);
  return change(deps, actor, { id, verb: 'update' }, async (tables, task, now) => {
    requireState(task, ['active', 'paused', 'disabled'], 'changed');
    if (wanted.prompt !== undefined && task.prompt === null) throw invalid('This task runs a tool; it has no prompt.');
    const [type, value, zone] = [
      wanted.type ?? task.schedule_type,
      wanted.value ?? task.schedule_value,
      wanted.zone ?? task.zone,
    ];
    const isNewSchedule = wanted.type !== undefined || wanted.value !== undefined || wanted.zone !== undefined;
    const next = readSchedule({ type, value, zone, anchor: now }).next(now) ?? null;
    if (isNewSchedule && next === null) throw invalid(`${JSON.stringify(value)} is in the past.`);
    if (isNewSchedule && type === 'once') readOnce(value, zone, false);
    if (isNewSchedule) await skipDue(tables, task, 'the schedule was changed', now);
    return {
      ...(isNewSchedule
        ? {
            schedule_type: type,
            schedule_value: value,
            zone,
            anchor_at: now,
            next_at: next,
          }
        : {}),
      ...(wanted.prompt === undefined ? {} : { prompt: wanted.prompt }),
      ...(wanted.misfire === undefined ? {} : { misfire: wanted.misfire }),
      ...(wanted.maxLateness === undefined ? {} : { max_lateness_ms: readInterval(wanted.maxLateness) }),
      ...(wanted.context === undefined ? {} : { context: wanted.context }),
      ...(wanted.budgetUsd === undefined ? {} : { budget_micro_usd: microUsd(wanted.budgetUsd) }),
    };
  });
}

async function change(
  { store, clock }: TaskServiceDeps,
  actor: TaskActor,
  { id, verb }: { readonly id: string; readonly verb: string },
  work: (tables: Tables, task: TaskRow, now: number) => Promise<Partial<TaskRow>>,
): Promise<TaskRow> {
  requirePermission({ user: actor.user, scopes: null }, 'task.change');
  const now = clock.now();
  return store.transaction(async (tables) => {
    const task = await find(tables, actor, id);
    const changed = { ...(await work(tables, task, now)), updated_at: now };
    await tables.tasks.update(task.id, changed);
    await audit(tables, actor, verb, task.id, now);
    return { ...task, ...changed };
  });
}

async function explain(
  { store, clock }: TaskServiceDeps,
  actor: TaskActor,
  id: string,
  at?: number,
): Promise<Explained> {
  const task = await find(store, actor, id);
  const iso = (instant: number): string => new Date(instant).toISOString();
  if (at === undefined) {
    const [run] = await store.tasks.history(task.id, 1);
    const next = task.next_at === null ? 'no instant is left' : `next at ${iso(task.next_at)}`;
    const wait =
      (task.backoff_until ?? 0) > clock.now()
        ? `; waits until ${iso(task.backoff_until ?? 0)} after ${task.failures} failures`
        : '';
    const last = run === undefined ? 'it has not been due yet' : `last: ${iso(run.due_at)} ${told(run)}`;
    return {
      task,
      run,
      text: `${task.state}${task.reason === null ? '' : ` (${task.reason})`}; ${next}${wait}; ${last}`,
    };
  }
  const run = await store.tasks.runAt(task.id, at);
  if (run !== undefined) return { task, run, text: `${iso(at)}: ${told(run)}` };
  const isDue = at > task.anchor_at && scheduleOf(task).next(at - 1) === at;
  if (!isDue) return { task, run, text: `${iso(at)} is not an instant of its schedule` };
  const why =
    task.state === 'active'
      ? 'not due yet, or due and not looked at yet: is `claw serve` running?'
      : `the task is ${task.state}`;
  return { task, run, text: `${iso(at)}: ${why}` };
}

function told({ state, reason }: TaskRunRow): string {
  return reason === null ? state : `${state}: ${reason}`;
}

/** Another's task is as one that does not exist. */
async function find({ tasks }: Pick<Tables, 'tasks'>, actor: TaskActor, id: string): Promise<TaskRow> {
  requirePermission({ user: actor.user, scopes: null }, 'task.read');
  const task = await tasks.find(id);
  if (task !== undefined && isOwn(actor, task)) return task;
  throw new ClawError('not-found', `There is no task ${JSON.stringify(id)}.`, {
    hint: 'See them with `claw task list`.',
  });
}

function isOwn(actor: TaskActor, task: TaskRow): boolean {
  return actor.isAll || (task.owner_id === actor.user.id && (actor.chatId === null || task.chat_id === actor.chatId));
}

function requireState(task: TaskRow, states: readonly string[], verb: string): void {
  if (states.includes(task.state)) return;
  throw new ClawError('conflict', `Task ${task.id} is ${task.state} and cannot be ${verb}.`);
}

function checkPrompt(prompt: string | undefined): void {
  if (prompt === undefined) return;
  if (prompt.trim() === '') throw invalid('The prompt is empty.');
  if (prompt.length > MAX_PROMPT_CHARS) throw invalid(`The prompt is longer than ${MAX_PROMPT_CHARS} characters.`);
}

function microUsd(usd: number | undefined): number | null {
  if (usd === undefined) return null;
  if (Number.isFinite(usd) && usd > 0) return Math.round(usd * 1e6);
  throw invalid('The budget must be above 0 USD.');
}

function audit({ audit: trail }: Tables, { user }: TaskActor, verb: string, target: string, at: number): Promise<void> {
  return trail.append({ at, by: { user, via: 'task' }, action: `task.${verb}`, target });
}

function notAllowed(what: string): ClawError {
  return new ClawError('permission-denied', `You may not ${what}.`, { hint: 'Ask an admin of this home.' });
}

function invalid(message: string, hint?: string): ClawError {
  return new ClawError('usage-invalid', message, hint === undefined ? {} : { hint });
}
