/** Owns which conversations there are, over the API: lists by filter and order, counts, what one is, and the same done to many. Everything is the caller's own. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { isProcessAlive } from '../../core/kernel/process-identity.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { day, idParams, instant, pageQuery } from './wire-schemas.ts';

const summary = z.object({
  id: z.string(),
  title: z.string(),
  origin: z.string(),
  messages: z.int(),
  parent_id: z.string().nullable(),
  running: z.boolean().describe('A turn of it runs'),
  created_at: instant,
  updated_at: instant,
  tags: z.array(z.string()),
});

const filterQuery = z.object({
  origin: z.string().max(100).optional().describe('Where they were begun: `terminal`, `http`, a chat platform'),
  tag: z.string().max(200).optional(),
  from: day.describe('Changed on this day or instant, or after it'),
  to: day.describe('Changed before this day or instant'),
  title: z.string().max(200).optional().describe('A part of the title'),
});

const facts = z.object({
  id: z.string(),
  title: z.string(),
  origin: z.string(),
  owner: z.string(),
  created_at: instant,
  updated_at: instant,
  messages: z.int(),
  parent: z.object({ id: z.string(), title: z.string().nullable(), message: z.int().nullable() }).nullable(),
  branches: z.array(z.object({ id: z.string(), title: z.string(), message: z.int().nullable(), created_at: instant })),
  room: z.string().nullable().describe('Folder of the room that talks in it'),
  places: z.array(z.string()).describe('Ids of the chats it is held in'),
  model_calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number(),
  unpriced_calls: z.int().describe('Model calls whose price is unknown; they are not in the cost'),
  compacted_up_to: z.int().nullable().describe('The last message that the model gets in short'),
});

const MOST_AT_ONCE = 200;

const iso = (at: number): string => new Date(at).toISOString();

export function conversationListRoutes(deps: RouteDeps): readonly Route[] {
  return [...listRoutes(deps), factsRoute(deps), bulkRoute(deps)];
}

function listRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/conversations',
      action: 'conversation.read',
      summary: 'List your conversations, the newest change first',
      query: pageQuery.extend(filterQuery.shape).extend({
        sort: z.enum(['updated', 'created', 'title', 'messages']).default('updated'),
      }),
      result: z.array(summary),
      handle: async ({ actor, query }) => {
        const service = await app.conversations();
        const rows = await service.list(actor.user.id, { ...query, tag: query.tag?.toLowerCase() });
        const tags = await service.tagsOfMany(rows.map(({ id }) => id));
        return rows.map((row) => ({
          id: row.id,
          title: row.title,
          origin: row.origin,
          messages: row.message_count,
          parent_id: row.parent_id,
          running: row.runner !== null && isProcessAlive(row.runner),
          created_at: iso(row.created_at),
          updated_at: iso(row.updated_at),
          tags: tags.get(row.id) ?? [],
        }));
      },
    }),
    route({
      method: 'GET',
      path: '/conversations/count',
      action: 'conversation.read',
      summary: 'How many conversations fit, and where all of yours were begun',
      query: filterQuery,
      result: z.object({
        total: z.int(),
        origins: z.array(z.object({ origin: z.string(), conversations: z.int() })),
      }),
      handle: async ({ actor, query }) =>
        (await app.conversations()).count(actor.user.id, { ...query, tag: query.tag?.toLowerCase() }),
    }),
  ];
}

function factsRoute({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/conversations/:id/facts',
    action: 'conversation.read',
    summary: 'What a conversation is: where it takes place, what it used and cost, what was branched from it',
    params: idParams,
    result: facts,
    handle: async ({ actor, params }) => {
      const found = await (await app.conversations()).facts(actor.user.id, params.id);
      const { conversation, spent } = found;
      const { parent_id: parent } = conversation;
      return {
        id: conversation.id,
        title: conversation.title,
        origin: conversation.origin,
        owner: found.owner,
        created_at: iso(conversation.created_at),
        updated_at: iso(conversation.updated_at),
        messages: found.messages,
        parent: parent === null ? null : { id: parent, title: found.parentTitle, message: conversation.parent_seq },
        branches: found.branches.map(({ id, title, parent_seq: message, created_at: at }) => ({
          id,
          title,
          message,
          created_at: iso(at),
        })),
        room: found.room,
        places: found.places,
        model_calls: spent.calls,
        input_tokens: spent.input_tokens,
        output_tokens: spent.output_tokens,
        cost_usd: spent.cost_micro_usd / 1_000_000,
        unpriced_calls: spent.unpriced_calls,
        compacted_up_to: found.compactedUpTo,
      };
    },
  });
}

function bulkRoute({ app }: RouteDeps): Route {
  return route({
    method: 'POST',
    path: '/conversations/bulk',
    action: 'conversation.change',
    summary: 'Delete or tag several conversations; one that cannot be changed does not stop the others',
    body: z.strictObject({
      ids: z.array(idParams.shape.id).min(1).max(MOST_AT_ONCE),
      act: z.enum(['delete', 'tag', 'untag']),
      tag: z.string().min(1).max(200).optional().describe('For `tag` and `untag`'),
    }),
    result: z.object({
      done: z.array(z.string()),
      failed: z.array(z.object({ id: z.string(), reason: z.string() })),
    }),
    handle: async ({ actor, body: { ids, act, tag = '' } }) => {
      const service = await app.conversations();
      const owner = actor.user.id;
      const acts = {
        delete: (id: string): Promise<unknown> => service.remove(owner, id, doerOf(actor)),
        tag: (id: string): Promise<unknown> => service.tag(owner, id, tag),
        untag: (id: string): Promise<unknown> => service.untag(owner, id, tag),
      };
      const done: string[] = [];
      const failed: { id: string; reason: string }[] = [];
      for (const id of new Set(ids)) {
        try {
          await acts[act](id);
          done.push(id);
        } catch (error) {
          if (!(error instanceof ClawError)) throw error;
          failed.push({ id, reason: error.message });
        }
      }
      return { done, failed };
    },
  });
}
