/** A child process of audit-table.test.ts: adds rows to the trail of a home at once with its siblings. Arguments: home, writer name, count. */
import { join } from 'node:path';
import { openStore } from '../../../src/core/store/store.ts';

const [home = '', writer = '', count = '0'] = process.argv.slice(2);
const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
for (let at = 0; at < Number(count); at += 1) {
  await store.audit.append({ at, by: { user: { id: writer, username: writer } }, action: 'config.set' });
}
await store.close();
