/** Owns what people do with tasks, as one service for every surface. Refused attempts at what is another's are in the audit trail. */
import { requirePermission } from '../access/permissions.ts';
import type { TaskRow, TaskRunRow } from '../store/tasks-table.ts';
import { cancelTask, pauseTask, resumeTask, type TaskChange, updateTask } from './change-task.ts';
import { createTask, type CreateTaskDeps, type TaskInput } from './create-task.ts';
import { deleteTask } from './delete-task.ts';
import { type Explained, explainTask } from './explain-task.ts';
import { claimByHand, type Claimed } from './ledger.ts';
import { type CalendarDay, type CalendarRequest, calendarDays, fillCalendar } from './task-calendar.ts';
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
  /** Takes a task away that is over, with its ledger. */
  remove(actor: TaskActor, id: string): Promise<TaskRow>;
  /** When the actor's tasks run on those days, and when they ran; with the tasks it tells of. */
  calendar(actor: TaskActor, request: CalendarRequest): Promise<{ days: CalendarDay[]; tasks: TaskRow[] }>;
  /** The last run of each of the actor's tasks. */
  lastRuns(actor: TaskActor, all: boolean): Promise<TaskRunRow[]>;
  /** Claims a run now, whatever the schedule says. */
  claim(actor: TaskActor, id: string): Promise<Claimed>;
  explain(actor: TaskActor, id: string, at?: number): Promise<Explained>;
}

/** Runs that a calendar shows. */
const MOST_RUNS = 5000;

export function createTaskService(deps: CreateTaskDeps): TaskService {
  const { store, clock } = deps;
  const list = async (actor: TaskActor, all: boolean): Promise<TaskRow[]> => {
    requirePermission({ user: actor.user, scopes: null }, 'task.read');
    const rows = await store.tasks.list({ all, ...(actor.isAll ? {} : { ownerId: actor.user.id }) });
    return rows.filter((task) => isOwn(actor, task));
  };
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
    list: (actor, all = false) => list(actor, all),
    async calendar(actor, request) {
      const days = calendarDays(request);
      const tasks = await list(actor, true);
      const ids = tasks.map(({ id }) => id);
      const [start, end] = [days[0]?.startsAt ?? 0, days.at(-1)?.endsAt ?? 0];
      return { days: fillCalendar(days, tasks, await store.tasks.runsBetween(ids, start, end, MOST_RUNS)), tasks };
    },
    async lastRuns(actor, all) {
      const runs = (await list(actor, all)).map(async ({ id }) => (await store.tasks.history(id, 1))[0]);
      return (await Promise.all(runs)).filter((run) => run !== undefined);
    },
    remove: (actor, id) => watched(actor, 'delete', id, () => deleteTask(deps, actor, id)),
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
