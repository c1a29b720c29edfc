/** Owns taking a task away that is over, with its ledger. The change and its row in the audit trail commit together. */
import { requirePermission } from '../access/permissions.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Store } from '../store/store.ts';
import type { TaskRow } from '../store/tasks-table.ts';
import { auditTask, findTask, type TaskActor } from './task-actor.ts';

/** Throws `conflict` for a task that may still run: it is cancelled first. */
export async function deleteTask(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  actor: TaskActor,
  id: string,
): Promise<TaskRow> {
  requirePermission({ user: actor.user, scopes: null }, 'task.change');
  return store.transaction(async (tables) => {
    const task = await findTask(tables, actor, id);
    const isRunning = (await tables.tasks.openRuns()).some((run) => run.task_id === task.id);
    if (isRunning || (task.state !== 'cancelled' && task.state !== 'done')) {
      throw new ClawError('conflict', `Task ${task.name} is ${isRunning ? 'running' : task.state}.`, {
        hint: 'Cancel it first; then it can be deleted.',
      });
    }
    await tables.tasks.remove(task.id);
    await auditTask(tables, actor, 'delete', task, clock.now());
    return task;
  });
}
