/** Owns the queries on scheduled tasks and their ledger. */
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { Schema } from './schema.ts';
import type { TaskRunsTable, TasksTable } from './tasks-schema.ts';

export type TaskRow = Selectable<TasksTable>;
export type TaskRunRow = Selectable<TaskRunsTable>;
export type TaskQueries = ReturnType<typeof taskQueries> & ReturnType<typeof runQueries>;

export function tasksTable(db: Kysely<Schema>): TaskQueries {
  return { ...taskQueries(db), ...runQueries(db) };
}

function taskQueries(db: Kysely<Schema>) {
  return {
    async insert(row: Insertable<TasksTable>): Promise<void> {
      await db.insertInto('tasks').values(row).execute();
    },
    find(id: string): Promise<TaskRow | undefined> {
      return db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst();
    },
    async update(id: string, change: Updateable<TasksTable>): Promise<void> {
      await db.updateTable('tasks').set(change).where('id', '=', id).execute();
    },
    /** Those of one owner, or all; those that are over only with `all`. */
    list({ ownerId, all }: { readonly ownerId?: string; readonly all: boolean }): Promise<TaskRow[]> {
      let query = db.selectFrom('tasks').selectAll();
      if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
      if (!all) query = query.where('state', 'in', ['active', 'paused', 'disabled']);
      return query.orderBy('created_at').orderBy('id').execute();
    },
    /** How many tasks of the owner are not over. */
    async countOpen(ownerId: string): Promise<number> {
      const row = await db
        .selectFrom('tasks')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('owner_id', '=', ownerId)
        .where('state', 'in', ['active', 'paused'])
        .executeTakeFirst();
      return row?.count ?? 0;
    },
    /** Active tasks that are due at `now` and of which nothing runs, the longest due first. */
    due(now: number): Promise<TaskRow[]> {
      return db
        .selectFrom('tasks')
        .selectAll()
        .where('state', '=', 'active')
        .where('next_at', '<=', now)
        .where('id', 'not in', ({ selectFrom }) =>
          selectFrom('task_runs').select('task_id').where('state', '=', 'running'),
        )
        .orderBy('next_at')
        .execute();
    },
    /** When the next task is due, in milliseconds UTC. */
    async nextAt(): Promise<number | null> {
      const row = await db
        .selectFrom('tasks')
        .select(({ fn }) => fn.min('next_at').as('at'))
        .where('state', '=', 'active')
        .executeTakeFirst();
      return row?.at ?? null;
    },
  };
}

function runQueries(db: Kysely<Schema>) {
  return {
    /** Adds rows to the ledger; one that is there already is an error. */
    async insertRuns(rows: readonly Insertable<TaskRunsTable>[]): Promise<void> {
      for (let at = 0; at < rows.length; at += 500) {
        await db
          .insertInto('task_runs')
          .values(rows.slice(at, at + 500))
          .execute();
      }
    },
    run(id: string): Promise<TaskRunRow | undefined> {
      return db.selectFrom('task_runs').selectAll().where('id', '=', id).executeTakeFirst();
    },
    /** Changes a run that is open; false when it was closed, or taken over from `runner`. */
    async updateRun(id: string, runner: string, change: Updateable<TaskRunsTable>): Promise<boolean> {
      const result = await db
        .updateTable('task_runs')
        .set(change)
        .where('id', '=', id)
        .where('runner', '=', runner)
        .where('state', '=', 'running')
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    openRuns(): Promise<TaskRunRow[]> {
      return db.selectFrom('task_runs').selectAll().where('state', '=', 'running').orderBy('claimed_at').execute();
    },
    /** Newest first. */
    history(taskId: string, limit: number): Promise<TaskRunRow[]> {
      return db
        .selectFrom('task_runs')
        .selectAll()
        .where('task_id', '=', taskId)
        .orderBy('due_at', 'desc')
        .orderBy('is_manual', 'desc')
        .limit(limit)
        .execute();
    },
    /** The last run that went well. */
    lastRan(taskId: string): Promise<TaskRunRow | undefined> {
      return db
        .selectFrom('task_runs')
        .selectAll()
        .where('task_id', '=', taskId)
        .where('state', '=', 'ran')
        .orderBy('ended_at', 'desc')
        .limit(1)
        .executeTakeFirst();
    },
    /** The row that accounts for a due instant. */
    runAt(taskId: string, dueAt: number): Promise<TaskRunRow | undefined> {
      return db
        .selectFrom('task_runs')
        .selectAll()
        .where('task_id', '=', taskId)
        .where('is_manual', '=', 0)
        .where('due_at', '<=', dueAt)
        .where('last_due_at', '>=', dueAt)
        .limit(1)
        .executeTakeFirst();
    },
  };
}
