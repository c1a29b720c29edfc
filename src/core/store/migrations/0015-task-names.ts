/** Owns that the id a person gives a task is theirs alone, that a claim is renewed while its run lives, and since when a task fails. */
import type { Migration } from '../sqlite/migrate.ts';

export const taskNamesMigration: Migration = {
  version: 15,
  name: 'task-names',
  sql: `
alter table tasks add column name text not null default '';
update tasks set name = id;
drop index tasks_by_owner;
create unique index tasks_by_name on tasks (owner_id, name);
alter table tasks add column failing_since integer;
alter table task_runs add column beat integer not null default 0;
`,
};
