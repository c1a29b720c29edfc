/** Owns what the memory commands share: whose memories are meant, which one, and how they are shown. */
import { Args, Flags } from '@oclif/core';
import { requireAdmin } from '../core/access/local-user.ts';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import { MEMORY_CATEGORIES, memoryJson, type MemoryHolder, roomHolder, userHolder } from '../core/memory/memory.ts';
import type { MemoryRow } from '../core/store/memory-schema.ts';
import { userFlag } from './flags.ts';
import { permittedUser } from './permitted-user.ts';
import { table } from './table.ts';

export const categoryFlag = Flags.custom<(typeof MEMORY_CATEGORIES)[number]>({
  options: [...MEMORY_CATEGORIES],
  description: 'Kind of memory.',
});

export const holderFlags = {
  user: userFlag,
  room: Flags.string({ description: 'The memories of the rooms of this folder.', exclusive: ['user'] }),
};

export const memoryArgs = {
  memory: Args.string({ description: 'Its id or the beginning of it, category/key, or a key.' }),
};

export const referenceFlags = { category: categoryFlag(), key: Flags.string({ description: 'Key of the memory.' }) };

/** Throws `not-found` for an unknown user or room, and `permission-denied`. */
export async function memoryHolder(
  app: App,
  flags: { user?: string | undefined; room?: string | undefined },
  action: 'memory.read' | 'memory.change',
): Promise<MemoryHolder> {
  const user = await permittedUser(app, flags.user, action);
  if (flags.room === undefined) return userHolder(user.id);
  requireAdmin(user);
  const folder = await (await app.store()).rooms.folder(flags.room);
  if (folder !== undefined) return roomHolder(folder.folder);
  throw new ClawError('not-found', phrase('noRoomFolder', JSON.stringify(flags.room)), {
    hint: phrase('seeRooms'),
  });
}

/** The memory that argument and flags name. Throws `usage-invalid` when they name none. */
export function memoryReference(
  named: string | undefined,
  flags: { category?: string | undefined; key?: string | undefined },
): string {
  const key = named ?? flags.key;
  if (key === undefined) throw new ClawError('usage-invalid', phrase('sayWhichMemory'));
  return flags.category === undefined || key.includes('/') ? key : `${flags.category}/${key}`;
}

export function memoryTable(rows: readonly MemoryRow[]): string {
  return table(
    rows.map((row) => ({
      memory: `${row.category}/${row.key}`,
      value: shortened(row.value),
      importance: row.importance,
      updated: new Date(row.updated_at).toISOString().slice(0, 10),
      why: row.why,
    })),
  );
}

export function memoryText(row: MemoryRow): string {
  const { key, category, ...rest } = memoryJson(row);
  const lines = Object.entries({ memory: `${category}/${key}`, ...rest });
  return lines
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`)
    .join('\n');
}

function shortened(text: string): string {
  const line = [...text.replaceAll(/\s+/g, ' ')];
  return line.length > 60 ? `${line.slice(0, 59).join('')}…` : line.join('');
}
