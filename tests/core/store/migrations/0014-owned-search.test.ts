import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createConversationSearch } from '../../../../src/core/conversations/conversation-search.ts';
import { systemClock } from '../../../../src/core/kernel/clock.ts';
import { checkMemoryIndex, indexMemories } from '../../../../src/core/memory/memory-index.ts';
import { openSqlite } from '../../../../src/core/store/sqlite/dialect.ts';
import { migrate, type Migration } from '../../../../src/core/store/sqlite/migrate.ts';
import { openStore } from '../../../../src/core/store/store.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'src', 'core', 'store', 'migrations');

/** The migrations of a home that was last used before this one. */
async function earlier(): Promise<Migration[]> {
  const files = readdirSync(FOLDER).toSorted().slice(0, 13);
  const modules = await Promise.all(files.map((file) => import(join(FOLDER, file)) as Promise<object>));
  return modules.flatMap((module) => Object.values(module) as Migration[]);
}

test('what an older home remembers and said is found again', async () => {
  const home = temporaryHome();
  const file = join(home, 'claw.db');
  const database = openSqlite(file);
  migrate(database, { migrations: await earlier(), snapshotFolder: join(home, 'backups'), now: 0 });
  database.exec(`
    insert into users values ('u1', 'u1', 'user', 'active', 0);
    insert into conversations values ('c1', 'u1', 't', 'terminal', null, null, 0, 0);
    insert into messages (conversation_id, seq, turn_id, role, parts, state, created_at) values
      ('c1', 1, 't1', 'user', '[{"type":"text","text":"the plum tree","provenance":"user"}]', 'complete', 0);
    delete from messages_to_index;
    insert into memories (id, holder, user_id, category, key, value, importance, state, origin, why, created_at, updated_at)
      values ('m1', 'user:u1', 'u1', 'facts', 'tree', 'a plum', 3, 'active', 'person', 'w', 0, 0),
        ('m2', 'user:u1', 'u1', 'facts', 'old', 'a plum', 3, 'archived', 'person', 'w', 0, 0);
  `);
  database.close();

  const store = openStore({ file, snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  expect(await checkMemoryIndex(store)).toMatchObject({ ok: true, indexed: 0, waiting: 1 });
  await indexMemories(store);
  expect(await store.memories.search('user:u1', 'plum', { now: 0, limit: 5 })).toMatchObject([{ id: 'm1' }]);
  const search = createConversationSearch({ store, clock: systemClock });
  expect(await search.search('u1', 'plum', { limit: 5 })).toMatchObject([{ conversationId: 'c1' }]);
});
