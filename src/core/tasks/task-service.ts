/** Owns what people do with tasks, as one service for every surface. Refused attempts at what is another's are in the audit trail. */
import { requirePermission } from '../access/permissions.ts';
import type { TaskRow, TaskRunRow } from '../store/tasks-table.ts';
import { cancelTask, pauseTask, resumeTask, type TaskChange, updateTask } from './change-task.ts';
import { createTask, type CreateTaskDeps, type TaskInput } from './create-task.ts';
import { type Explained, explainTask } from './explain-task.ts';
import { claimByHand, type Claimed } from './ledger.ts';
import { auditRefusal, auditTask, findTask, isOwn, type TaskActor } from './task-actor.ts';

export interface TaskService {
  /** Throws `usage-invalid`, `not-found`, `conflict`, `limit-reached`, `permission-denied`. */
  create(actor: TaskActor, input: TaskInput): Promise<TaskRow>;
  list(actor: TaskActor, all?: boolean): Promise<TaskRow[]>;
  find(actor: TaskActor, id: string): Promise<TaskRow>;
  history(actor: TaskActor, id: string, limit: number): Promise<TaskRunRow[]>;
  pause(actor: TaskActor, id: string): Promise<TaskRow>;
  /** What was due meanwhile is skipped, unless `catchUp`: then the misfire policy decides. */
  resume(actor: TaskActor, id: string, catchUp?: boolean): Promise<TaskRow>;
  cancel(actor: TaskActor, id: string): Promise<TaskRow>;
  update(actor: TaskActor, id: string, wanted: TaskChange): Promise<TaskRow>;
  /** Claims a run now, whatever the schedule says. */
  claim(actor: TaskActor, id: string): Promise<Claimed>;
  explain(actor: TaskActor, id: string, at?: number): Promise<Explained>;
}

export function createTaskService(deps: CreateTaskDeps): TaskService {
  const { store, clock } = deps;
  const watched = async <T>(actor: TaskActor, verb: string, target: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await auditRefusal(store, actor, { verb, target, at: clock.now() }, error);
      throw error;
    }
  };
  return {
    create: (actor, input) => watched(actor, 'create', input.id ?? '', () => createTask(deps, actor, input)),
    async list(actor, all = false) {
      requirePermission({ user: actor.user, scopes: null }, 'task.read');
      const rows = await store.tasks.list({ all, ...(actor.isAll ? {} : { ownerId: actor.user.id }) });
      return rows.filter((task) => isOwn(actor, task));
    },
    find: (actor, id) => findTask(store, actor, id),
    history: async (actor, id, limit) => store.tasks.history((await findTask(store, actor, id)).id, limit),
    pause: (actor, id) => watched(actor, 'pause', id, () => pauseTask(deps, actor, id)),
    resume: (actor, id, catchUp = false) => watched(actor, 'resume', id, () => resumeTask(deps, actor, id, catchUp)),
    cancel: (actor, id) => watched(actor, 'cancel', id, () => cancelTask(deps, actor, id)),
    update: (actor, id, wanted) => watched(actor, 'update', id, () => updateTask(deps, actor, id, wanted)),
    claim: (actor, id) =>
      watched(actor, 'run', id, async () => {
        requirePermission({ user: actor.user, scopes: null }, 'task.change');
        const now = clock.now();
        return store.transaction(async (tables) => {
          const claimed = await claimByHand(tables, await findTask(tables, actor, id), now);
          await auditTask(tables, actor, 'run', claimed.task, now);
          return claimed;
        });
      }),
    explain: async (actor, id, at) => explainTask(deps, await findTask(store, actor, id), at),
  };
}
