/** Owns the queries on scheduled tasks and their ledger. */
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { Schema } from './schema.ts';
import type { TaskRunsTable, TasksTable } from './tasks-schema.ts';

export type TaskRow = Selectable<TasksTable>;
export type TaskRunRow = Selectable<TaskRunsTable>;
export type TaskQueries = ReturnType<typeof taskQueries> &
  ReturnType<typeof nameQueries> &
  ReturnType<typeof runQueries> &
  ReturnType<typeof calendarQueries>;

export function tasksTable(db: Kysely<Schema>): TaskQueries {
  return { ...taskQueries(db), ...nameQueries(db), ...runQueries(db), ...calendarQueries(db) };
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
    /** Takes it away with its ledger. */
    async remove(id: string): Promise<void> {
      await db.deleteFrom('tasks').where('id', '=', id).execute();
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
    /** Ids of active tasks that are due at `now` and of which nothing runs, the longest due first. */
    async due(now: number): Promise<string[]> {
      const rows = await dueAt(db, now).select('id').orderBy('next_at').orderBy('id').execute();
      return rows.map(({ id }) => id);
    },
    /** The task, when it is one of those. */
    dueTask(id: string, now: number): Promise<TaskRow | undefined> {
      return dueAt(db, now).selectAll().where('id', '=', id).executeTakeFirst();
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

function nameQueries(db: Kysely<Schema>) {
  return {
    /** The task that its owner calls `name`. */
    named(ownerId: string, name: string): Promise<TaskRow | undefined> {
      return db
        .selectFrom('tasks')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('name', '=', name)
        .executeTakeFirst();
    },
    /** What several owners call `name`, three at most; of one of them with their user name. */
    allNamed(name: string, username?: string): Promise<TaskRow[]> {
      const all = db.selectFrom('tasks').selectAll().where('name', '=', name).orderBy('created_at').limit(3);
      if (username === undefined) return all.execute();
      return all
        .where('owner_id', 'in', ({ selectFrom }) =>
          selectFrom('users').select('users.id').where('username', '=', username),
        )
        .execute();
    },
    /** `user/name`; undefined when it is gone. */
    async titleOf(id: string): Promise<string | undefined> {
      const row = await db
        .selectFrom('tasks')
        .innerJoin('users', 'users.id', 'tasks.owner_id')
        .select(['users.username', 'tasks.name'])
        .where('tasks.id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : `${row.username}/${row.name}`;
    },
  };
}

function dueAt(db: Kysely<Schema>, now: number) {
  return db
    .selectFrom('tasks')
    .where('state', '=', 'active')
    .where('next_at', '<=', now)
    .where('id', 'not in', ({ selectFrom }) =>
      selectFrom('task_runs').select('task_id').where('state', '=', 'running'),
    );
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
    /** Renews the claim of a run; false when it was closed, or taken over from `runner`. */
    async beat(id: string, runner: string): Promise<boolean> {
      const result = await db
        .updateTable('task_runs')
        .set(({ eb }) => ({ beat: eb('beat', '+', 1) }))
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

function calendarQueries(db: Kysely<Schema>) {
  return {
    /** The newest `most` runs of these tasks that were due from `from` on and before `to`, in milliseconds UTC. */
    async runsBetween(taskIds: readonly string[], from: number, to: number, most: number): Promise<TaskRunRow[]> {
      if (taskIds.length === 0) return [];
      return db
        .selectFrom('task_runs')
        .selectAll()
        .where('task_id', 'in', taskIds)
        .where('due_at', '>=', from)
        .where('due_at', '<', to)
        .orderBy('due_at', 'desc')
        .limit(most)
        .execute();
    },
  };
}
