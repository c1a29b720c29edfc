/** Owns the folder of a room below `groups/`: which names it may have, that it exists with a memory file, and reading that file. */
import { chmod, lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { openGuardedFiles } from '../sandbox/files.ts';

/** The first that is there is the room's memory; the first is created. */
const MEMORY_FILES = ['CLAUDE.md', 'AGENTS.md'] as const;
/** Bytes of the memory file that go into a prompt. */
const MAX_MEMORY = 32 * 1024;
/** Names that mean something else to claw, to its parents or to an operating system. */
const RESERVED: ReadonlySet<string> = new Set(['global', 'shared', 'all', 'none', 'con', 'prn', 'aux', 'nul']);

/** The folder's name in its one written form. Throws `usage-invalid` for anything but a plain name. */
export function roomFolderName(text: string): string {
  const name = text.toLowerCase();
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) {
    throw new ClawError('usage-invalid', `${JSON.stringify(text)} cannot be the folder of a room.`, {
      hint: 'Use 1 to 64 of the characters a-z 0-9 - _, the first a letter or digit: team-ops',
    });
  }
  if (RESERVED.has(name)) {
    throw new ClawError('usage-invalid', `The folder name ${JSON.stringify(text)} is reserved.`, {
      hint: 'Choose another name, for example team-ops.',
    });
  }
  return name;
}

/** Creates the folder (0700) and its memory file where they are missing; what is there stays. Throws `conflict` when something else has its place. */
export async function createRoomFolder(groups: string, folder: string, roomName: string): Promise<string> {
  await mkdir(groups, { recursive: true, mode: 0o700 });
  const path = join(groups, folder);
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) {
    throw new ClawError('conflict', `${path} is no folder.`, { hint: 'Move it away, or choose another --folder.' });
  }
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  for (const file of MEMORY_FILES) {
    if ((await lstat(join(path, file)).catch(() => undefined)) !== undefined) return path;
  }
  const text = `# ${roomName.replaceAll(/\s+/g, ' ').trim()}\n\nWhat the assistant should know in this room. It reads this file at every turn.\n`;
  await writeFile(join(path, MEMORY_FILES[0]), text, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // someone else registers the same folder
  });
  return path;
}

/** The memory file of the room, at most 32 KiB of it and a line that says so when it was longer; a line that says why when it may not be read; empty when there is none. */
export async function readRoomMemory(groups: string, folder: string): Promise<string> {
  const files = openGuardedFiles({ roots: [{ name: 'room', folder: join(groups, folder), mode: 'read' }] });
  for (const name of MEMORY_FILES) {
    try {
      const { bytes, size } = await files.read(name, { maxBytes: MAX_MEMORY });
      // A code point that the cut took apart is left out.
      const text = new TextDecoder().decode(bytes, { stream: size > bytes.length });
      if (size <= bytes.length) return text;
      return `${text}\n[${name} is ${size} bytes long; only the first ${MAX_MEMORY} were read.]`;
    } catch (error) {
      if (!(error instanceof ClawError)) throw error;
      if (error.code !== 'not-found') return `[${name} was not read: ${error.message}]`;
    }
  }
  return '';
}
