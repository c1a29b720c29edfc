/** Owns the memories of the API: everything is the caller's own. */
import { z } from 'zod';
import { MEMORY_CATEGORIES, memoryExpiry, memoryJson, userHolder } from '../../core/memory/memory.ts';
import { route, type Route, type RouteDeps } from './route.ts';
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
  created_at: instant.nullable(),
  updated_at: instant.nullable(),
});

const newMemory = z.object({
  category,
  key: z.string().max(200),
  value: z.string().max(4_000),
  importance: z.number().optional().describe('Clamped to 1 to 5'),
  expires: z.string().max(40).optional().describe('2027-01-31, 12h, 30d or never'),
});

export function memoryRoutes(deps: RouteDeps): readonly Route[] {
  return [...readRoutes(deps), ...changeRoutes(deps)];
}

function readRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/memories',
      action: 'memory.read',
      summary: 'Your memories by category and key, or the best hits of a search',
      query: z.object({
        query: z.string().max(10_000).optional(),
        category: category.optional(),
        state: z.enum(['active', 'archived']).default('active'),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
      }),
      result: z.array(memory),
      handle: async ({ actor, query }) => {
        const service = await app.memory();
        const holder = userHolder(actor.user.id);
        const { category: wanted, state, limit } = query;
        const rows =
          query.query === undefined
            ? await service.list(holder, { category: wanted, state })
            : await service.search(holder, query.query, { limit });
        const fitting = rows.filter((row) => wanted === undefined || row.category === wanted);
        return fitting.slice(0, limit).map(memoryJson);
      },
    }),
    route({
      method: 'GET',
      path: '/memories/:id',
      action: 'memory.read',
      summary: 'A memory with the values it had before',
      params: idParams,
      result: memory.extend({ history: z.array(z.object({ value: z.string(), why: z.string(), set_at: instant })) }),
      handle: async ({ actor, params }) => {
        const service = await app.memory();
        const row = await service.find(userHolder(actor.user.id), params.id);
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

function changeRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/memories',
      action: 'memory.change',
      summary: 'Remember something; the same category and key replaces the older value',
      body: newMemory,
      result: memory.extend({ replaced: z.string().nullable(), archived: z.array(memory) }),
      handle: async ({ actor, body }) => {
        const { expires, importance, ...rest } = body;
        const input = {
          ...rest,
          ...(importance === undefined ? {} : { importance }),
          ...(expires === undefined ? {} : { expiresAt: memoryExpiry(expires, app.clock.now()) }),
        };
        const source = { origin: 'person', why: `${actor.user.username} added it over the API` } as const;
        const done = await (await app.memory()).add(userHolder(actor.user.id), input, source);
        const archived = done.archived.map(memoryJson);
        return { ...memoryJson(done.memory), replaced: done.replaced ?? null, archived };
      },
    }),
    route({
      method: 'DELETE',
      path: '/memories/:id',
      action: 'memory.change',
      summary: 'Forget something: it goes to the archive',
      params: idParams,
      result: memory,
      handle: async ({ actor, params }) =>
        memoryJson(await (await app.memory()).remove(userHolder(actor.user.id), params.id)),
    }),
    route({
      method: 'POST',
      path: '/memories/:id/restore',
      action: 'memory.change',
      summary: 'Take a memory out of the archive',
      params: idParams,
      result: memory,
      handle: async ({ actor, params }) =>
        memoryJson((await (await app.memory()).restore(userHolder(actor.user.id), params.id)).memory),
    }),
  ];
}
