/** Owns writing the database of a home anew, without free space in it. */
import { stat, statfs } from 'node:fs/promises';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store } from '../store/store.ts';

export interface VacuumDeps {
  readonly store: Pick<Store, 'vacuum' | 'checkpoint'>;
  /** Path of the database. */
  readonly file: string;
  readonly isServed: () => Promise<boolean>;
}

export interface Vacuum {
  /** Throws `locked` while the server runs, which could not write meanwhile, and `limit-reached` when the disk has no room for the copy. */
  check(): Promise<void>;
  /** Bytes that the file is smaller afterwards. */
  run(): Promise<number>;
}

/** The copy, and the log through which it is written back. */
const COPIES = 2;

export function createVacuum({ store, file, isServed }: VacuumDeps): Vacuum {
  const size = async (): Promise<number> => (await stat(file)).size;
  return {
    async check() {
      if (await isServed())
        throw new ClawError(
          'locked',
          'The server of this home runs, and could not write while its database is rewritten.',
          {
            hint: phrase('stopServer'),
          },
        );
      const { bavail, bsize } = await statfs(file);
      const needed = COPIES * (await size());
      if (bavail * bsize < needed)
        throw new ClawError(
          'limit-reached',
          `Rewriting the database takes ${needed} bytes; ${bavail * bsize} are free.`,
          {
            hint: 'Make room on that disk first.',
          },
        );
    },
    async run() {
      const before = await size();
      await store.vacuum();
      await store.checkpoint(1);
      return Math.max(0, before - (await size()));
    },
  };
}
