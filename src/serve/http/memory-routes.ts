/** Owns the memories of the API: the caller's own, or those of a room, which admins see to. */
import { z } from 'zod';
import type { Actor } from '../../core/access/actor.ts';
import { requirePermission } from '../../core/access/permissions.ts';
import { passJson } from '../../core/conversations/learning/pass-json.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { phrase } from '../../core/kernel/language/phrase.ts';
import {
  MEMORY_CATEGORIES,
  memoryExpiry,
  type MemoryHolder,
  memoryJson,
  roomHolder,
  userHolder,
} from '../../core/memory/memory.ts';
import { exportedMemories } from '../../core/memory/exported-memories.ts';
import { Answer, route, type Route, type RouteDeps } from './route.ts';
import { idParams, instant } from './wire-schemas.ts';

const category = z.enum(MEMORY_CATEGORIES);

const memory = z.object({
  id: z.string(),
  category,
  key: z.string(),
  value: z.string(),
  importance: z.int(),
  expires_at: instant.nullable(),
  state: z.enum(['active', 'archived']),
  reason: z.string().nullable(),
  origin: z.string(),
  why: z.string(),
  conversation_id: z.string().nullable(),
  message: z.int().nullable().describe('The number of the message it was learned from'),
  created_at: instant.nullable(),
  updated_at: instant.nullable(),
  archived_at: instant.nullable(),
});

const learned = z.object({
  id: z.string(),
  conversation_id: z.string(),
  from_message: z.int(),
  to_message: z.int(),
  state: z.enum(['pending', 'running', 'learned', 'done', 'skipped']),
  learned: z.int(),
  model: z.string().nullable(),
  reason: z.string().nullable(),
  created_at: instant,
});

const MOST_FOUND = 1_000;

const newMemory = z.object({
  category,
  key: z.string().max(200),
  value: z.string().max(4_000),
  importance: z.number().optional().describe('Clamped to 1 to 5'),
  expires: z.string().max(40).optional().describe('2027-01-31, 12h, 30d or never'),
});

const ofRoom = z.object({
  room: z.string().max(64).optional().describe('Folder of a room: its memories instead of your own; for admins'),
});

/** Whose memories are meant. Throws `permission-denied`, and `not-found` for a room that there is not. */
async function holderOf(
  { app }: RouteDeps,
  actor: Actor,
  room: string | undefined,
  action: 'group.read' | 'group.manage',
): Promise<MemoryHolder> {
  if (room === undefined) return userHolder(actor.user.id);
  requirePermission(actor, action);
  const row = await (await app.store()).rooms.folder(room);
  if (row !== undefined) return roomHolder(row.folder);
  throw new ClawError('not-found', phrase('noRoomFolder', JSON.stringify(room)));
}

export function memoryRoutes(deps: RouteDeps): readonly Route[] {
  return [...readRoutes(deps), ...overviewRoutes(deps), ...changeRoutes(deps)];
}

function readRoutes(deps: RouteDeps): readonly Route[] {
  const { app } = deps;
  return [
    route({
      method: 'GET',
      path: '/memories',
      action: 'memory.read',
      summary: 'Your memories by category and key, or the best hits of a search',
      query: ofRoom.extend({
        query: z.string().max(10_000).optional(),
        category: category.optional(),
        state: z.enum(['active', 'archived']).default('active'),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
        offset: z.coerce.number().int().min(0).default(0).describe('Left out before; not of a search'),
        sort: z.enum(['name', 'updated', 'importance']).default('name').describe('A search has the best first'),
      }),
      result: z.array(memory.extend({ score: z.number().nullable().describe('Of a search; higher is better') })),
      handle: async ({ actor, query }) => {
        const service = await app.memory();
        const holder = await holderOf(deps, actor, query.room, 'group.read');
        const { category: wanted, state, limit, offset, sort, query: text } = query;
        // Only what is in use has an index; the archive is looked through.
        if (text === undefined || state === 'archived') {
          const rows = await service.list(holder, { category: wanted, state, text, limit, offset, sort });
          return rows.map((row) => ({ ...memoryJson(row), score: null }));
        }
        const found = await service.search(holder, text, { limit: wanted === undefined ? limit : MOST_FOUND });
        return found
          .filter((row) => wanted === undefined || row.category === wanted)
          .slice(0, limit)
          .map((row) => ({ ...memoryJson(row), score: row.score }));
      },
    }),
    route({
      method: 'GET',
      path: '/memories/:id',
      action: 'memory.read',
      summary: 'A memory with the values it had before',
      params: idParams,
      query: ofRoom,
      result: memory.extend({ history: z.array(z.object({ value: z.string(), why: z.string(), set_at: instant })) }),
      handle: async ({ actor, params, query }) => {
        const service = await app.memory();
        const row = await service.find(await holderOf(deps, actor, query.room, 'group.read'), params.id);
        const history = (await service.history(row)).map(({ value, why, set_at }) => ({
          value,
          why,
          set_at: new Date(set_at).toISOString(),
        }));
        return { ...memoryJson(row), history };
      },
    }),
  ];
}

function overviewRoutes(deps: RouteDeps): readonly Route[] {
  const { app } = deps;
  return [
    route({
      method: 'GET',
      path: '/memories/counts',
      action: 'memory.read',
      summary: 'How many memories there are of each category, in use and in the archive, and how many may be in use',
      query: ofRoom,
      result: z.array(z.object({ category, active: z.int(), archived: z.int(), limit: z.int() })),
      handle: async ({ actor, query }) =>
        (await app.memory()).counts(await holderOf(deps, actor, query.room, 'group.read')),
    }),
    route({
      method: 'GET',
      path: '/memories/export',
      action: 'memory.read',
      summary: 'Every memory, the archive and older values included, as JSON',
      query: ofRoom,
      produces: 'application/json',
      handle: async ({ actor, query }) => {
        const holder = await holderOf(deps, actor, query.room, 'group.read');
        const all = await exportedMemories(await app.memory(), holder);
        return new Answer(`${JSON.stringify(all, null, 2)}\n`, {
          'content-type': 'application/json; charset=utf-8',
          'content-disposition': 'attachment; filename="memories.json"',
        });
      },
    }),
    route({
      method: 'GET',
      path: '/memories/learned',
      action: 'memory.read',
      summary: 'The conversations that were looked at for things to remember, newest first, and what came of each',
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(20) }),
      result: z.array(learned),
      handle: async ({ actor, query }) =>
        (await (await app.learning()).passes(actor.user.id, query.limit)).map(passJson),
    }),
  ];
}

function changeRoutes(deps: RouteDeps): readonly Route[] {
  const { app } = deps;
  return [
    route({
      method: 'POST',
      path: '/memories',
      action: 'memory.change',
      summary: 'Remember something; the same category and key replaces the older value',
      query: ofRoom,
      body: newMemory,
      result: memory.extend({ replaced: z.string().nullable(), archived: z.array(memory) }),
      handle: async ({ actor, body, query }) => {
        const { expires, importance, ...rest } = body;
        const input = {
          ...rest,
          ...(importance === undefined ? {} : { importance }),
          ...(expires === undefined ? {} : { expiresAt: memoryExpiry(expires, app.clock.now()) }),
        };
        const source = { origin: 'person', why: `${actor.user.username} added it over the API` } as const;
        const done = await (
          await app.memory()
        ).add(await holderOf(deps, actor, query.room, 'group.manage'), input, source);
        const archived = done.archived.map(memoryJson);
        return { ...memoryJson(done.memory), replaced: done.replaced ?? null, archived };
      },
    }),
    route({
      method: 'DELETE',
      path: '/memories/:id',
      action: 'memory.change',
      summary: 'Forget something: it goes to the archive, or with `erase` away for good',
      params: idParams,
      query: ofRoom.extend({ erase: z.enum(['true', 'false']).default('false') }),
      result: memory,
      handle: async ({ actor, params, query }) => {
        const holder = await holderOf(deps, actor, query.room, 'group.manage');
        const service = await app.memory();
        return memoryJson(await service[query.erase === 'true' ? 'erase' : 'remove'](holder, params.id));
      },
    }),
    route({
      method: 'POST',
      path: '/memories/:id/restore',
      action: 'memory.change',
      summary: 'Take a memory out of the archive',
      params: idParams,
      query: ofRoom,
      result: memory,
      handle: async ({ actor, params, query }) => {
        const holder = await holderOf(deps, actor, query.room, 'group.manage');
        return memoryJson((await (await app.memory()).restore(holder, params.id)).memory);
      },
    }),
  ];
}
