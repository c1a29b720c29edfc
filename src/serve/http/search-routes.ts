/** Owns finding conversations again over the API, by words and by tags: everything is the caller's own. */
import { z } from 'zod';
import { hitJson } from '../../core/conversations/story-json.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { day, idParams, instant } from './wire-schemas.ts';

export function searchRoutes(deps: RouteDeps): readonly Route[] {
  return [searchRoute(deps), ...tagRoutes(deps), ...changeRoutes(deps)];
}

function searchRoute({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/search',
    action: 'conversation.read',
    summary: 'Search in what was said, the best place first',
    query: z.object({
      query: z.string().min(1).max(10_000),
      from: day.describe('From this day or instant on'),
      to: day.describe('Before this day or instant'),
      channel: z.string().max(100).optional(),
      tag: z.string().max(200).optional(),
      who: z.enum(['user', 'assistant']).optional(),
      conversation_id: z.uuid().optional().describe('Only in this conversation'),
      limit: z.coerce.number().int().min(1).max(1000).default(10),
    }),
    result: z.array(
      z.object({
        conversation_id: z.string(),
        title: z.string(),
        origin: z.string(),
        message: z.int(),
        role: z.string(),
        created_at: instant,
        snippet: z.string(),
        score: z.number(),
      }),
    ),
    handle: async ({
      actor,
      query: { query, channel: origin, who: role, conversation_id: only, ...filter },
      signal,
    }) => {
      const within = only === undefined ? undefined : { conversationId: only, upToSeq: Number.MAX_SAFE_INTEGER };
      const options = { ...filter, origin, role, within };
      return (await (await app.conversations()).search(actor.user.id, query, options, signal)).map(hitJson);
    },
  });
}

function tagRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/tags',
      action: 'conversation.read',
      summary: 'Your tags, with how many conversations bear each',
      result: z.array(z.object({ tag: z.string(), conversations: z.int() })),
      handle: async ({ actor }) => (await app.conversations()).tags(actor.user.id),
    }),
    route({
      method: 'GET',
      path: '/conversations/:id/tags',
      action: 'conversation.read',
      summary: 'The tags of a conversation',
      params: idParams,
      result: z.array(z.string()),
      handle: async ({ actor, params }) => (await app.conversations()).tagsOf(actor.user.id, params.id),
    }),
  ];
}

function changeRoutes({ app }: RouteDeps): readonly Route[] {
  const tagParams = idParams.extend({ tag: z.string().min(1).max(200) });
  const tags = z.array(z.string());
  return [
    route({
      method: 'PUT',
      path: '/conversations/:id/tags/:tag',
      action: 'conversation.change',
      summary: 'Tag a conversation; case does not matter',
      params: tagParams,
      result: z.object({ added: z.boolean(), tags }),
      handle: async ({ actor, params: { id, tag } }) => {
        const service = await app.conversations();
        const added = await service.tag(actor.user.id, id, tag);
        return { added, tags: await service.tagsOf(actor.user.id, id) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/conversations/:id/tags/:tag',
      action: 'conversation.change',
      summary: 'Take a tag off a conversation',
      params: tagParams,
      result: z.object({ removed: z.boolean(), tags }),
      handle: async ({ actor, params: { id, tag } }) => {
        const service = await app.conversations();
        const removed = await service.untag(actor.user.id, id, tag);
        return { removed, tags: await service.tagsOf(actor.user.id, id) };
      },
    }),
  ];
}
