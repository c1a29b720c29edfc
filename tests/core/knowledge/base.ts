/** A knowledge base over a real store in a home of its own, with the real reader. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ReadDocument } from '../../../src/core/knowledge/document.ts';
import { createKnowledge, type Knowledge, type KnowledgeDeps } from '../../../src/core/knowledge/knowledge-service.ts';
import { type Readable, readBytes } from '../../../src/core/knowledge/read/read-bytes.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { createDocumentReader } from '../../../src/core/sandbox/document-reader.ts';
import { openGuardedFiles } from '../../../src/core/sandbox/files.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const MAX_BYTES = 10 * 1024 * 1024;

const reader = createDocumentReader({ folder: join(import.meta.dirname, '../../../dist/sandbox') });

function read(source: Readable): Promise<ReadDocument> {
  return readBytes({ reader, maxBytes: MAX_BYTES }, source);
}

export interface Base {
  readonly knowledge: Knowledge;
  readonly store: Store;
  readonly home: string;
}

/** With the users `ann` and `ben`. */
export async function openBase(meanings?: (store: Store) => KnowledgeDeps['meanings']): Promise<Base> {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  for (const id of ['ann', 'ben'])
    await store.users.insertIfAbsent({ id, username: id, role: 'user', state: 'active', created_at: 1 });
  const knowledge = createKnowledge({
    meanings: meanings?.(store),
    store,
    clock: systemClock,
    read,
    outside: {
      fetch: async () => {
        throw new Error('no network in this test');
      },
      files: (folder) => openGuardedFiles({ roots: [{ name: 'folder', folder, mode: 'read' }] }),
      maxBytes: MAX_BYTES,
    },
  });
  return { knowledge, store, home };
}
