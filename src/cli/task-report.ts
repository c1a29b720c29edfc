/** Owns how tasks and their ledger are shown, and who acts on them from the terminal. */
import type { App } from '../core/create-app.ts';
import { safeLine } from '../core/kernel/terminal-text.ts';
import type { TaskRow, TaskRunRow } from '../core/store/tasks-table.ts';
import type { TaskActor } from '../core/tasks/task-actor.ts';

/** An admin may act on every task, everybody else on their own. */
export async function taskActor(app: App, username: string | undefined): Promise<TaskActor> {
  const user = await app.user(username);
  return { user, chatId: null, isAll: user.role === 'admin' };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** One line of `claw task list`. */
export function taskLine(task: TaskRow) {
  return {
    id: task.name,
    state: task.state,
    next: iso(task.next_at)?.slice(0, 16).replace('T', ' ') ?? '-',
    schedule: `${task.schedule_type} ${safeLine(task.schedule_value)}`,
    does: safeLine(task.prompt ?? `tool ${task.tool ?? ''}`).slice(0, 60),
  };
}

/** A task on a line of its own. */
export function taskText(task: TaskRow): string {
  const reason = task.reason === null ? '' : ` (${safeLine(task.reason)})`;
  return `Task ${task.name}: ${task.state}${reason}, next ${iso(task.next_at) ?? 'never'}.`;
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
