/** Owns the conversations of the API: everything is the caller's own. */
import { z } from 'zod';
import { exportMarkdown } from '../../core/conversations/export-conversation.ts';
import { toWire } from '../../core/kernel/wire.ts';
import { HttpFailure } from './problem.ts';
import { Answer, route, type Route, type RouteDeps } from './route.ts';
import { idParams, instant, pageQuery } from './wire-schemas.ts';

const summary = z.object({
  id: z.string(),
  title: z.string(),
  origin: z.string(),
  messages: z.int(),
  parent_id: z.string().nullable(),
  created_at: instant,
  updated_at: instant,
});

const message = z.object({
  seq: z.int(),
  turn_id: z.string(),
  role: z.string(),
  parts: z.array(z.looseObject({ type: z.string() })),
  state: z.enum(['complete', 'partial']),
  /** Milliseconds UTC. */
  created_at: z.int(),
});

export function conversationRoutes(deps: RouteDeps): readonly Route[] {
  return [...readRoutes(deps), exportRoute(deps), ...changeRoutes(deps), ...runningRoutes(deps)];
}

function readRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/conversations',
      action: 'conversation.read',
      summary: 'List your conversations, newest first',
      query: pageQuery,
      result: z.array(summary),
      handle: async ({ actor, query }) => {
        const rows = await (await app.conversations()).list(actor.user.id, query);
        return rows.map((row) => ({
          id: row.id,
          title: row.title,
          origin: row.origin,
          messages: row.message_count,
          parent_id: row.parent_id,
          created_at: new Date(row.created_at).toISOString(),
          updated_at: new Date(row.updated_at).toISOString(),
        }));
      },
    }),
    route({
      method: 'GET',
      path: '/conversations/:id',
      action: 'conversation.read',
      summary: 'A conversation with a page of its messages',
      params: idParams,
      query: z.object({
        from: z.coerce.number().int().min(1).default(1).describe('Number of the first message'),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
      }),
      result: z.object({
        id: z.string(),
        title: z.string(),
        origin: z.string(),
        parent_id: z.string().nullable(),
        created_at: z.int(),
        updated_at: z.int(),
        messages: z.array(message),
        next_from: z.int().nullable(),
      }),
      handle: async ({ actor, params, query }) => {
        const conversations = await app.conversations();
        const found = await conversations.find(actor.user.id, params.id);
        const all = await conversations.messages(actor.user.id, found.id, query.from, query.limit + 1);
        const messages = all.slice(0, query.limit).map((each) => toWire(each) as z.input<typeof message>);
        return { ...found, messages, next_from: all[query.limit]?.seq ?? null };
      },
    }),
  ];
}

function changeRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'DELETE',
      path: '/conversations/:id',
      action: 'conversation.change',
      summary: 'Delete a conversation with its messages; its costs stay in the books',
      params: idParams,
      result: z.object({ id: z.string(), deleted: z.boolean() }),
      handle: async ({ actor, params }) => {
        const { id } = await (await app.conversations()).remove(actor.user.id, params.id);
        return { id, deleted: true };
      },
    }),
    route({
      method: 'POST',
      path: '/conversations/:id/branch',
      action: 'conversation.change',
      summary: 'Make a new conversation of the beginning of another',
      params: idParams,
      body: z.object({ at: z.int().min(0).optional().describe('Number of the last message to take over') }),
      status: 201,
      result: z.object({
        id: z.string(),
        parent_id: z.string().nullable(),
        parent_seq: z.int().nullable(),
        title: z.string(),
      }),
      handle: async ({ actor, params, body }) => (await app.conversations()).branch(actor.user.id, params.id, body.at),
    }),
  ];
}

function runningRoutes({ app, streams }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/conversations/:id/cancel',
      action: 'chat.send',
      summary: 'Interrupt what runs in a conversation; what was said is kept',
      params: idParams,
      result: z.object({ id: z.string(), cancelled: z.int() }),
      handle: async ({ actor, params }) => {
        const { id } = await (await app.conversations()).find(actor.user.id, params.id);
        const running = streams.ofConversation(actor.user.id, id).filter(({ endedAt }) => endedAt === undefined);
        for (const stream of running) stream.cancel();
        return { id, cancelled: running.length };
      },
    }),
    route({
      method: 'POST',
      path: '/conversations/:id/steer',
      action: 'chat.send',
      summary: 'Give a message to the turn that runs, at its next step',
      params: idParams,
      body: z.object({ message: z.string().min(1) }),
      status: 202,
      result: z.object({ id: z.string(), turn_id: z.string().nullable() }),
      handle: async ({ actor, params, body }) => {
        const { id } = await (await app.conversations()).find(actor.user.id, params.id);
        const stream = await streams.steer(actor.user.id, id, body.message);
        if (stream === undefined) {
          throw new HttpFailure(409, 'conflict', 'No turn of this conversation runs.', { hint: 'Send it to /chat.' });
        }
        return { id, turn_id: stream.turnId ?? null };
      },
    }),
  ];
}

function exportRoute({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/conversations/:id/export',
    action: 'conversation.read',
    summary: 'A conversation as Markdown',
    params: idParams,
    produces: 'text/markdown',
    handle: async ({ actor, params }) => {
      const story = await (await app.conversations()).story(actor.user.id, params.id);
      return new Answer(exportMarkdown(story), {
        'content-type': 'text/markdown; charset=utf-8',
        'content-disposition': `attachment; filename="${story.conversation.id}.md"`,
      });
    },
  });
}
