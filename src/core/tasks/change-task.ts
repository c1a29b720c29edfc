/** Owns changing a task that is there. The change and its row in the audit trail commit together, and what was due until then is accounted for. */
import { requirePermission } from '../access/permissions.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Store, Tables } from '../store/store.ts';
import type { TaskRow } from '../store/tasks-table.ts';
import {
  checkLimit,
  checkPlace,
  checkPrompt,
  checkTools,
  type CreateTaskDeps,
  invalid,
  microUsd,
  placeFor,
  type TaskInput,
} from './create-task.ts';
import { scheduleOf, skipDue } from './ledger.ts';
import { readInterval, readOnce, readSchedule } from './schedule.ts';
import { auditTask, findTask, type TaskActor } from './task-actor.ts';

/** What is to be changed; null takes a thing away. */
export interface TaskChange extends Partial<
  Pick<TaskInput, 'prompt' | 'type' | 'value' | 'zone' | 'misfire' | 'context' | 'toolInput'>
> {
  readonly maxLateness?: string | null;
  readonly budgetUsd?: number | null;
  readonly chatId?: string | null;
  readonly gate?: string | null;
}

interface Change {
  readonly id: string;
  readonly verb: string;
  /** The states in which it can be made. */
  readonly from: readonly TaskRow['state'][];
  readonly done: string;
}

const OPEN = ['active', 'paused', 'disabled'] as const;

/** What is due from now on is skipped. */
export function pauseTask(deps: { store: Store; clock: Clock }, actor: TaskActor, id: string): Promise<TaskRow> {
  const by = `paused by ${actor.user.username}`;
  return change(deps, actor, { id, verb: 'pause', from: ['active'], done: 'paused' }, async () => ({
    state: 'paused',
    reason: by,
  }));
}

/** What was due meanwhile is skipped, unless `catchUp`: then the misfire policy decides. */
export function resumeTask(deps: CreateTaskDeps, actor: TaskActor, id: string, catchUp: boolean): Promise<TaskRow> {
  return change(
    deps,
    actor,
    { id, verb: 'resume', from: ['paused', 'disabled'], done: 'resumed' },
    async (tables, task, now) => {
      if (task.state === 'disabled') await checkLimit(tables, task, deps.maxPerUser);
      const next = await nextAfterRest(tables, task, catchUp, now);
      const isOver = next === null;
      return {
        state: isOver ? 'done' : 'active',
        reason: isOver ? 'no instant is left' : null,
        next_at: next,
        failures: 0,
        failing_since: null,
        backoff_until: null,
      };
    },
  );
}

async function nextAfterRest(tables: Tables, task: TaskRow, catchUp: boolean, now: number): Promise<number | null> {
  if (task.next_at === null) return scheduleOf(task).next(now) ?? null;
  return catchUp ? task.next_at : skipDue(tables, task, `it was ${task.state}`, now);
}

export function cancelTask(deps: { store: Store; clock: Clock }, actor: TaskActor, id: string): Promise<TaskRow> {
  return change(deps, actor, { id, verb: 'cancel', from: OPEN, done: 'cancelled' }, async (tables, task, now) => {
    await skipDue(tables, task, 'it was cancelled', now);
    return { state: 'cancelled', reason: `cancelled by ${actor.user.username}`, next_at: null };
  });
}

export async function updateTask(
  deps: CreateTaskDeps,
  actor: TaskActor,
  id: string,
  wanted: TaskChange,
): Promise<TaskRow> {
  checkPrompt(wanted.prompt, deps.maxPromptChars);
  if (Object.keys(wanted).length === 0) throw invalid('Nothing is to be changed.', 'Say what, such as --prompt.');
  return change(deps, actor, { id, verb: 'update', from: OPEN, done: 'changed' }, async (tables, task, now) => {
    if (wanted.prompt !== undefined && task.prompt === null) throw invalid('This task runs a tool; it has no prompt.');
    if (wanted.toolInput !== undefined && task.tool === null)
      throw invalid('This task has a prompt; input is for a tool.');
    checkTools({ ...(wanted.toolInput && { toolInput: wanted.toolInput }), ...(wanted.gate && { gate: wanted.gate }) });
    return {
      ...(await newSchedule(tables, task, wanted, now)),
      ...(await newPlace(tables, actor, wanted)),
      ...(wanted.prompt === undefined ? {} : { prompt: wanted.prompt }),
      ...(wanted.misfire === undefined ? {} : { misfire: wanted.misfire }),
      ...(wanted.maxLateness === undefined ? {} : { max_lateness_ms: orNull(wanted.maxLateness, readInterval) }),
      ...(wanted.context === undefined ? {} : { context: wanted.context }),
      ...(wanted.budgetUsd === undefined ? {} : { budget_micro_usd: orNull(wanted.budgetUsd, microUsd) }),
      ...(wanted.toolInput === undefined ? {} : { tool_input: JSON.stringify(wanted.toolInput) }),
      ...(wanted.gate === undefined ? {} : { gate: wanted.gate }),
    };
  });
}

const orNull = <From, To>(value: From | null, read: (given: From) => To): To | null =>
  value === null ? null : read(value);

/** Where the answers go: those who act for one chat do not send them to another. */
async function newPlace(tables: Tables, actor: TaskActor, { chatId }: TaskChange): Promise<Partial<TaskRow>> {
  if (chatId === undefined) return {};
  const place = placeFor(actor, chatId);
  await checkPlace(tables, { chat_id: place });
  return { chat_id: place };
}

async function newSchedule(tables: Tables, task: TaskRow, wanted: TaskChange, now: number): Promise<Partial<TaskRow>> {
  if (wanted.type === undefined && wanted.value === undefined && wanted.zone === undefined) return {};
  const { type = task.schedule_type, value = task.schedule_value, zone = task.zone } = wanted;
  const next = readSchedule({ type, value, zone, anchor: now }).next(now);
  if (next === undefined) throw invalid(`${JSON.stringify(value)} is in the past.`);
  if (type === 'once') readOnce(value, zone, false);
  await skipDue(tables, task, 'the schedule was changed', now);
  return { schedule_type: type, schedule_value: value, zone, anchor_at: now, next_at: next };
}

async function change(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  actor: TaskActor,
  { id, verb, from, done }: Change,
  work: (tables: Tables, task: TaskRow, now: number) => Promise<Partial<TaskRow>>,
): Promise<TaskRow> {
  requirePermission({ user: actor.user, scopes: null }, 'task.change');
  const now = clock.now();
  return store.transaction(async (tables) => {
    const task = await findTask(tables, actor, id);
    if (!from.includes(task.state))
      throw new ClawError('conflict', `Task ${task.name} is ${task.state} and cannot be ${done}.`);
    const changed = { ...(await work(tables, task, now)), updated_at: now };
    await tables.tasks.update(task.id, changed);
    await auditTask(tables, actor, verb, task, now);
    return { ...task, ...changed };
  });
}
