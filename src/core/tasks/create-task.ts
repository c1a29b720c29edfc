/** Owns making a task: everything that can be wrong with it is refused here, before anything is stored. Making one never runs it. */
import { requirePermission } from '../access/permissions.ts';
import { normaliseChatId } from '../conversations/chat-id.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store, Tables } from '../store/store.ts';
import type { MisfirePolicy } from '../store/tasks-schema.ts';
import type { TaskRow } from '../store/tasks-table.ts';
import { isToolName } from '../tools/registry/tool-name.ts';
import { readInterval, readOnce, readSchedule, type ScheduleType } from './schedule.ts';
import { auditTask, type TaskActor } from './task-actor.ts';

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
  /** Why it rests from the beginning; absent: it is active. */
  readonly paused?: string;
}

export interface CreateTaskDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Most tasks of one user that are not over. */
  readonly maxPerUser: number;
  /** Most characters (UTF-16 units) of a prompt: what a message may have. */
  readonly maxPromptChars: number;
}

/** Bytes of the input of a tool. */
const MAX_INPUT_BYTES = 100_000;
const MAX_BUDGET_USD = 1_000_000;

/** Throws `usage-invalid`, `not-found`, `conflict`, `limit-reached`, `permission-denied`. */
export async function createTask(deps: CreateTaskDeps, actor: TaskActor, input: TaskInput): Promise<TaskRow> {
  const { store, clock } = deps;
  const row = wantedRow(deps, actor, input);
  await store.transaction(async (tables) => {
    await checkRow(deps, tables, row);
    await tables.tasks.insert(row);
    await auditTask(tables, actor, 'create', row, clock.now());
  });
  return row;
}

/** Throws what `createTask` would throw, and stores nothing. */
export function checkTask(deps: CreateTaskDeps, actor: TaskActor, input: TaskInput): Promise<void> {
  return checkRow(deps, deps.store, wantedRow(deps, actor, input));
}

function wantedRow({ clock, maxPromptChars }: CreateTaskDeps, actor: TaskActor, input: TaskInput): TaskRow {
  const { user } = actor;
  requirePermission({ user, scopes: null }, 'task.change');
  checkInput(input, maxPromptChars);
  const chatId = input.chatId === undefined ? actor.chatId : placeFor(actor, input.chatId);
  return { ...newRow(input, chatId, clock.now()), owner_id: user.id };
}

/** The chat that gets the answers; null: they are kept. Throws `permission-denied` for another than the actor acts for. */
export function placeFor(actor: TaskActor, given: string | null): string | null {
  const chatId = given === null ? null : normaliseChatId(given).jid;
  if (chatId === actor.chatId || actor.isAll) return chatId;
  throw new ClawError('permission-denied', `You may not make tasks for ${chatId ?? 'another place'}.`, {
    hint: phrase('askAdmin'),
  });
}

async function checkRow({ maxPerUser }: CreateTaskDeps, tables: Tables, row: TaskRow): Promise<void> {
  await checkPlace(tables, row);
  if ((await tables.tasks.named(row.owner_id, row.name)) !== undefined) {
    throw new ClawError('conflict', phrase('taskExists', row.name), { hint: phrase('chooseOtherId') });
  }
  await checkLimit(tables, row, maxPerUser);
}

function newRow(input: TaskInput, chatId: string | null, now: number): Omit<TaskRow, 'owner_id'> {
  const id = newId(now);
  return {
    id,
    name: input.id ?? id.slice(-8),
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
    budget_micro_usd: input.budgetUsd === undefined ? null : microUsd(input.budgetUsd),
    state: input.paused === undefined ? 'active' : 'paused',
    reason: input.paused ?? null,
    next_at: firstInstant(input, now),
    failures: 0,
    failing_since: null,
    backoff_until: null,
    created_at: now,
    updated_at: now,
  };
}

/** A past instant runs at the next look, and only when that is wanted. */
function firstInstant({ type, value, zone, allowsPast = false, allowsGap = false }: TaskInput, now: number): number {
  const schedule = readSchedule({ type, value, zone, anchor: now });
  if (type === 'once') readOnce(value, zone, allowsGap);
  const next = schedule.next(allowsPast && type === 'once' ? -Infinity : now);
  if (next !== undefined) return next;
  throw invalid(`${JSON.stringify(value)} is in the past.`, 'Run it at once with --allow-past.');
}

export async function checkPlace({ rooms }: Tables, { chat_id: chatId }: Pick<TaskRow, 'chat_id'>): Promise<void> {
  if (chatId === null || (await rooms.isKnown(chatId))) return;
  throw new ClawError('not-found', phrase('noRoom', chatId), { hint: phrase('seeRooms') });
}

function checkInput({ id, prompt, tool, toolInput, gate }: TaskInput, maxPromptChars: number): void {
  if (id !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id)) {
    throw invalid(
      `${JSON.stringify(id.slice(0, 80))} cannot be the id of a task.`,
      'Take up to 64 letters of a to z, digits, dots, dashes and underscores.',
    );
  }
  if ((prompt === undefined) === (tool === undefined)) throw invalid('A task has a prompt or a tool, and one alone.');
  checkPrompt(prompt, maxPromptChars);
  checkToolName('tool', tool);
  if (tool === undefined && toolInput !== undefined && Object.keys(toolInput).length > 0)
    throw invalid('Input is for a tool; this task has none.');
  checkTools({ ...(gate !== undefined && { gate }), ...(toolInput && { toolInput }) });
}

/** Throws `usage-invalid` for what can never be a gate or an input. */
export function checkTools({ gate, toolInput }: Pick<TaskInput, 'gate' | 'toolInput'>): void {
  checkToolName('gate', gate);
  if (toolInput === undefined) return;
  if (Buffer.byteLength(JSON.stringify(toolInput)) > MAX_INPUT_BYTES)
    throw invalid(`The input of the tool is longer than ${MAX_INPUT_BYTES} bytes.`);
}

/** Tools that do not exist yet may be named; what can never be a name may not. */
function checkToolName(what: 'tool' | 'gate', name: string | undefined): void {
  if (name === undefined || isToolName(name)) return;
  throw invalid(`${JSON.stringify(name.slice(0, 80))} cannot be the ${what}: it is no name of a tool.`);
}

/** Throws `limit-reached` when the owner has as many tasks as one may. */
export async function checkLimit({ tasks, users }: Tables, { owner_id }: TaskRow, maxPerUser: number): Promise<void> {
  if ((await tasks.countOpen(owner_id)) < maxPerUser) return;
  const name = (await users.byId(owner_id))?.username ?? 'The owner';
  throw new ClawError('limit-reached', phrase('tooManyTasks', name, maxPerUser), {
    hint: phrase('cancelOrRaiseTasks'),
  });
}

export function checkPrompt(prompt: string | undefined, maxChars: number): void {
  if (prompt === undefined) return;
  if (prompt.trim() === '') throw invalid('The prompt is empty.');
  if (prompt.length <= maxChars) return;
  throw invalid(`The prompt has ${prompt.length} characters; at most ${maxChars} are taken.`);
}

/** Micro-USD. Throws `usage-invalid` for what is no amount. */
export function microUsd(usd: number): number {
  const micro = Math.round(usd * 1e6);
  if (Number.isFinite(usd) && micro >= 1 && usd <= MAX_BUDGET_USD) return micro;
  throw invalid('The budget is no amount of US dollars above 0.', 'Such as 0.05.');
}

export function invalid(message: string, hint?: string): ClawError {
  return new ClawError('usage-invalid', message, hint === undefined ? {} : { hint });
}
