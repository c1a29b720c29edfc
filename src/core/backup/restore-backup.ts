/**
 * Owns putting a backup in the place of a home: unpacked and proved aside first, then swapped in by renames that a note in the
 * home lists, so that a restore that was cut off is finished by whatever runs next. What was there is kept.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ClawError } from '../kernel/errors.ts';
import { contentNames, DATABASE } from './backup-contents.ts';
import { syncFolder } from './sync-folder.ts';

/** The note of a swap that has begun. */
const NOTE = 'restore.json';

/** One name inside a folder, never a way out of it. */
const NAME = z.string().regex(/^(?!\.{1,2}$)[^/\\]+$/);

const SWAP = z.object({
  /** `out`: what was there goes away; `in`: all of it is away, and what is new comes in. */
  phase: z.enum(['out', 'in']),
  /** Folder inside the home that holds what comes in. */
  aside: z.string().regex(/^\.restoring-[0-9a-f-]+$/),
  /** Folder inside the home that what was there goes to. */
  before: z.string().regex(/^\.before-restore-[0-9TZ]+(?:-\d+)?$/),
  /** Names that go away. */
  out: z.array(NAME),
  /** Names that come in. */
  in: z.array(NAME),
});

type Swap = z.infer<typeof SWAP>;

/** Swaps the files of `<home>/<aside>` in; of the home's own only those named go away, all of them when none are. Returns the folder that what was there went to. */
export async function swapIn(
  home: string,
  aside: string,
  { now, secrets, only }: { readonly now: number; readonly secrets: boolean; readonly only?: readonly string[] },
): Promise<string> {
  // A home keeps its secrets, and the settings that may hold some, unless the backup brings its own.
  const keepsEnv = !secrets && existsSync(join(home, '.env'));
  const isSwapped = (name: string): boolean => !(keepsEnv && name === '.env');
  const swap: Swap = {
    phase: 'out',
    aside,
    before: freeName(home, now),
    out: [...(only ?? contentNames(secrets)).filter(isSwapped), `${DATABASE}-wal`, `${DATABASE}-shm`],
    in: (await readdir(join(home, aside))).filter(isSwapped),
  };
  await mkdir(join(home, swap.before), { mode: 0o700 });
  await writeNote(home, swap);
  await finishRestore(home);
  return join(home, swap.before);
}

/** Finishes a swap that was begun; does nothing when there is none. For whoever holds the server's lock. Throws `data-invalid` for a damaged note. */
export async function finishRestore(home: string): Promise<void> {
  const swap = await readNote(home);
  if (swap === undefined) return;
  const { aside, before } = swap;
  if (swap.phase === 'out') {
    for (const name of swap.out) await moveIfThere(join(home, name), join(home, before, name));
    await writeNote(home, { ...swap, phase: 'in' });
  }
  for (const name of swap.in) await moveIfThere(join(home, aside, name), join(home, name));
  await syncFolder(home);
  await rm(join(home, NOTE));
  await syncFolder(home);
  await rm(join(home, aside), { recursive: true, force: true });
}

async function moveIfThere(from: string, to: string): Promise<void> {
  if (existsSync(from)) await rename(from, to);
}

async function writeNote(home: string, swap: Swap): Promise<void> {
  const fresh = join(home, `.tmp-${NOTE}`);
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(swap));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, join(home, NOTE));
  await syncFolder(home);
}

async function readNote(home: string): Promise<Swap | undefined> {
  const text = await readFile(join(home, NOTE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return SWAP.parse(JSON.parse(text));
  } catch (error) {
    throw new ClawError('data-invalid', `${join(home, NOTE)}, the note of a restore, is damaged.`, {
      hint: 'What was there is in the newest folder .before-restore-… of the home; put it back and delete the note.',
      cause: error,
    });
  }
}

function freeName(home: string, now: number): string {
  const stamp = `.before-restore-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  let name = stamp;
  for (let number = 2; existsSync(join(home, name)); number += 1) name = `${stamp}-${number}`;
  return name;
}
