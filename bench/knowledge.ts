/** Measures documents: recall on an English question set and on one that is given with `--data FILE` (evaluation only, not part of the project), search and ingest at three sizes. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localOwner } from '../src/core/access/local-user.ts';
import { systemClock } from '../src/core/kernel/clock.ts';
import { openStore, type Store } from '../src/core/store/store.ts';
import type { Figure } from './figure.ts';
import { recallFigures } from './knowledge-recall.ts';
import { scaleFigures, smallDocumentsFigure } from './knowledge-scale.ts';

const ENGLISH = join(import.meta.dirname, 'data', 'english-questions.json');

/** Without `dataFile` recall is taken of the English set alone. */
export async function knowledgeFigures(dataFile: string | undefined): Promise<readonly Figure[]> {
  const figures = await withStore((store, owner) => recallFigures(store, owner, { name: 'English', file: ENGLISH }));
  if (dataFile === undefined || !existsSync(dataFile))
    process.stderr.write('recall on another question set: not taken, no such file was given (--data FILE)\n');
  else
    figures.push(
      ...(await withStore((store, owner) =>
        recallFigures(store, owner, { name: 'given set', file: dataFile, target: { first: 90, five: 98.5 } }),
      )),
    );
  for (const chunks of [1_000, 10_000, 100_000])
    figures.push(...(await withStore((store, owner) => scaleFigures(store, owner, chunks))));
  figures.push(await withStore(smallDocumentsFigure));
  return figures;
}

async function withStore<T>(work: (store: Store, owner: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'claw-bench-'));
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: Date.now() });
  try {
    return await work(store, (await localOwner(store, systemClock)).id);
  } finally {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  }
}
