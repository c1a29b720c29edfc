/** Owns which folder of claw a room's folder of another assistant becomes: its own name where claw takes it, else one that nothing else has. Pure. */
import { createHash } from 'node:crypto';
import { roomFolderName } from '../conversations/room-folder.ts';
import { ClawError } from '../kernel/errors.ts';

/** Characters of a folder's name. */
const MAX_NAME = 64;
const MARK = 6;

/** Each name with the one it has in claw. Two names never become one: that would put two rooms into one conversation. */
export function roomFolders(names: readonly string[]): Map<string, string> {
  const taken = new Set(names.filter(isTaken));
  const folders = new Map<string, string>();
  for (const name of [...new Set(names)].toSorted()) {
    const lower = name.toLowerCase();
    const isFree = isTaken(lower) && !taken.has(lower);
    const folder = taken.has(name) ? name : isFree ? lower : marked(name);
    taken.add(folder);
    folders.set(name, folder);
  }
  return folders;
}

/** Whether claw takes the name exactly as it is. */
function isTaken(name: string): boolean {
  try {
    return roomFolderName(name) === name;
  } catch (error) {
    if (error instanceof ClawError) return false;
    throw error;
  }
}

/** `../x` becomes `x-5f70bf`: what can be read of the name, and a mark of all of it. */
function marked(name: string): string {
  const mark = createHash('sha256').update(name).digest('hex').slice(0, MARK);
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^[-_]+|[-_]+$/g, '')
    .slice(0, MAX_NAME - MARK - 1);
  return `${plain === '' ? 'room' : plain}-${mark}`;
}
