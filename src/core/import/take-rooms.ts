/** Owns taking over rooms, and the files people wrote for them: instructions and skills. Nothing that is there is put over. */
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { normaliseChatId } from '../conversations/chat-id.ts';
import { roomFolderName } from '../conversations/room-folder.ts';
import type { GroupService } from '../conversations/groups.ts';
import { doerOf } from '../access/actor.ts';
import type { Store } from '../store/store.ts';
import type { ImportedInstruction, ImportedRoom, ImportedSkill } from './imported.ts';
import { type ImportRun, skip, type Taker } from './taker.ts';

/** Places of the home. */
export interface Places {
  readonly instruction: string;
  readonly skills: string;
  readonly groups: string;
}

const MAX_INSTRUCTION = 256 * 1024;
const SKILL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function takeRoom(store: Store, run: ImportRun, register: GroupService['register']): Taker<ImportedRoom> {
  let hasMain = false;
  const seen = new Set<string>();
  return {
    async decide(item) {
      const { jid } = normaliseChatId(item.jid);
      const folder = roomFolderName(item.folder);
      if (seen.has(jid)) return skip('another room there has the same chat');
      seen.add(jid);
      run.rooms.add(jid);
      if ((await store.rooms.find(jid)) !== undefined) return { state: 'already', targetId: jid };
      const isMain = item.isMain && !hasMain && (await store.rooms.main()) === undefined;
      hasMain ||= isMain;
      const { name, trigger, requiresTrigger } = item;
      const isDemoted = item.isMain && !isMain;
      return {
        state: 'new',
        ...(isDemoted ? { remark: 'There is a main room already; this one is an ordinary room.' } : {}),
        async perform() {
          await register({ jid, name, folder, trigger, requiresTrigger, isMain }, doerOf(run.by));
          return jid;
        },
      };
    },
  };
}

/** Put before the room of the same folder, which then keeps it. */
export function takeInstruction(places: Places): Taker<ImportedInstruction> {
  return {
    async decide({ folder, text }) {
      const path = folder === undefined ? places.instruction : join(places.groups, roomFolderName(folder), 'CLAUDE.md');
      if (text.trim() === '') return skip('there is no text in it');
      if (Buffer.byteLength(text) > MAX_INSTRUCTION) return skip('it is longer than an instruction may be');
      if (await exists(path)) return skip('there is one here, which stays');
      return {
        state: 'new',
        async perform() {
          await mkdir(dirname(path), { recursive: true, mode: 0o700 });
          await writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true }).catch(keepIfThere);
          return path;
        },
      };
    },
  };
}

export function takeSkill(places: Places): Taker<ImportedSkill> {
  return {
    async decide({ name, folder, files }) {
      if (!SKILL_NAME.test(name)) return skip('its name cannot be the name of a folder');
      const above = folder === undefined ? places.skills : join(places.groups, roomFolderName(folder), 'skills');
      const target = join(above, name);
      if (await exists(target)) return { state: 'already', targetId: target };
      if (!files.every(({ path }) => isPlain(path))) return skip('it has a file outside of its folder');
      return {
        state: 'new',
        async perform() {
          await placeFolder(above, name, files);
          return target;
        },
      };
    },
  };
}

/** The folder is there as a whole or not at all. */
async function placeFolder(above: string, name: string, files: ImportedSkill['files']): Promise<void> {
  const draft = join(above, `.import-${name}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  for (const { path, bytes } of files) {
    const target = join(draft, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, bytes, { flag: 'wx', mode: 0o600, flush: true });
  }
  await rename(draft, join(above, name));
}

const isPlain = (path: string): boolean =>
  path !== '' && !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined)) !== undefined;

/** An earlier run that was cut off, or somebody else, wrote it. */
function keepIfThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
