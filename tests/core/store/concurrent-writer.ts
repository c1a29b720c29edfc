/** A child process of store.test.ts: opens the home's store at once with its siblings and writes. Arguments: file, snapshot folder, writer name, count. */
import { newId } from '../../../src/core/kernel/ids.ts';
import { openStore } from '../../../src/core/store/store.ts';

const [file = '', snapshotFolder = '', writer = '', count = '0'] = process.argv.slice(2);
const store = openStore({ file, snapshotFolder, now: 0 });
await store.users.insertIfAbsent({ id: newId(), username: 'owner', role: 'admin', state: 'active', created_at: 0 });
const owner = await store.users.byName('owner');
for (let index = 0; index < Number(count); index += 1) {
  await store.transaction(async ({ conversations }) => {
    const shared = await conversations.find('shared', owner?.id ?? '');
    if (shared === undefined) {
      const row = { id: 'shared', owner_id: owner?.id ?? '', title: 'shared', origin: 'test' };
      await conversations.insert({ ...row, parent_id: null, parent_seq: null, created_at: 0, updated_at: 0 });
    }
    await conversations.append({
      conversation_id: 'shared',
      turn_id: writer,
      role: 'user',
      parts: JSON.stringify([{ type: 'text', text: `${writer} ${index}`, provenance: 'user' }]),
      state: 'complete',
      created_at: 0,
    });
  });
}
await store.close();
