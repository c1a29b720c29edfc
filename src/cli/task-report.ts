/** Owns how tasks and their ledger are shown, and who acts on them from the terminal. */
import type { App } from '../core/create-app.ts';
import { safeLine } from '../core/kernel/terminal-text.ts';
import type { TaskRow, TaskRunRow } from '../core/store/tasks-table.ts';
import type { TaskActor } from '../core/tasks/task-service.ts';

/** An admin may act on every task, everybody else on their own. */
export async function taskActor(app: App, username: string | undefined): Promise<TaskActor> {
  const user = await app.user(username);
  return { user, chatId: null, isAll: user.role === 'admin' };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

export function taskJson(task: TaskRow) {
  return {
    id: task.id,
    owner_id: task.owner_id,
    group: task.chat_id,
    prompt: task.prompt,
    tool: task.tool,
    tool_input: task.tool_input === null ? null : (JSON.parse(task.tool_input) as unknown),
    gate: task.gate,
    schedule_type: task.schedule_type,
    schedule_value: task.schedule_value,
    tz: task.zone,
    misfire: task.misfire,
    max_lateness_ms: task.max_lateness_ms,
    context: task.context,
    budget_usd: task.budget_micro_usd === null ? null : task.budget_micro_usd / 1e6,
    state: task.state,
    reason: task.reason,
    next_at: iso(task.next_at),
    failures: task.failures,
    backoff_until: iso(task.backoff_until),
    created_at: iso(task.created_at),
    updated_at: iso(task.updated_at),
  };
}

/** One line of `claw task list`. */
export function taskLine(task: TaskRow) {
  return {
    id: task.id,
    state: task.state,
    next: iso(task.next_at)?.slice(0, 16).replace('T', ' ') ?? '-',
    schedule: `${task.schedule_type} ${safeLine(task.schedule_value)}`,
    does: safeLine(task.prompt ?? `tool ${task.tool ?? ''}`).slice(0, 60),
  };
}

/** A task on a line of its own. */
export function taskText(task: TaskRow): string {
  const reason = task.reason === null ? '' : ` (${safeLine(task.reason)})`;
  return `Task ${task.id}: ${task.state}${reason}, next ${iso(task.next_at) ?? 'never'}.`;
}

export function runJson(run: TaskRunRow) {
  return {
    id: run.id,
    due_at: iso(run.due_at),
    manual: run.is_manual === 1,
    instants: run.instants,
    last_due_at: iso(run.last_due_at),
    state: run.state,
    reason: run.reason,
    conversation_id: run.conversation_id,
    turn_id: run.turn_id,
    output: run.output,
    claimed_at: iso(run.claimed_at),
    ended_at: iso(run.ended_at),
  };
}

/** One line of `claw task history`. */
export function runLine(run: TaskRunRow) {
  return {
    due: iso(run.due_at)?.slice(0, 19).replace('T', ' ') ?? '',
    state: run.state,
    instants: run.instants,
    why: safeLine(run.reason ?? ''),
    output: safeLine(run.output ?? '').slice(0, 60),
  };
}
