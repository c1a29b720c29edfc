/** Owns the conversations of the API: everything is the caller's own. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import { conversationReadRoutes } from './conversation-read-routes.ts';
import { HttpFailure } from './problem.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { idParams } from './wire-schemas.ts';

export function conversationRoutes(deps: RouteDeps): readonly Route[] {
  return [...conversationReadRoutes(deps), ...changeRoutes(deps), ...compactRoutes(deps), ...runningRoutes(deps)];
}

function changeRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'PATCH',
      path: '/conversations/:id',
      action: 'conversation.change',
      summary: 'Give a conversation another title',
      params: idParams,
      body: z.strictObject({ title: z.string().min(1).max(200) }),
      result: z.object({ id: z.string(), title: z.string() }),
      handle: async ({ actor, params, body }) =>
        (await app.conversations()).rename(actor.user.id, params.id, body.title, doerOf(actor)),
    }),
    route({
      method: 'DELETE',
      path: '/conversations/:id',
      action: 'conversation.change',
      summary: 'Delete a conversation with its messages; its costs stay in the books',
      params: idParams,
      result: z.object({ id: z.string(), deleted: z.boolean() }),
      handle: async ({ actor, params }) => {
        const { id } = await (await app.conversations()).remove(actor.user.id, params.id, doerOf(actor));
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
        const stream = await streams.steer(actor.user.id, id, body.message, { isLimited: actor.scopes !== null });
        if (stream === undefined) {
          throw new HttpFailure(409, 'conflict', 'No turn of this conversation runs.', { hint: 'Send it to /chat.' });
        }
        return { id, turn_id: stream.turnId ?? null };
      },
    }),
  ];
}

function compactRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/conversations/:id/compact',
      action: 'conversation.change',
      summary: 'Give the older part to the model in short; nothing is deleted',
      params: idParams,
      body: z.strictObject({ keep: z.int().min(0).default(4).describe('Messages at the end that stay as they are') }),
      result: z.object({
        compacted: z.boolean(),
        up_to_seq: z.int().nullable(),
        state: z.looseObject({}).nullable(),
      }),
      handle: async ({ actor, params, body }) => {
        const row = await (await app.conversations()).compact(actor.user.id, params.id, body.keep);
        const state = row === undefined ? null : (JSON.parse(row.state) as Record<string, unknown>);
        return { compacted: row !== undefined, up_to_seq: row?.up_to_seq ?? null, state };
      },
    }),
    route({
      method: 'POST',
      path: '/conversations/:id/compact/undo',
      action: 'conversation.change',
      summary: 'Take the last compaction back',
      params: idParams,
      result: z.object({ undone: z.boolean(), up_to_seq: z.int() }),
      handle: async ({ actor, params }) => {
        const { up_to_seq } = await (await app.conversations()).undoCompaction(actor.user.id, params.id);
        return { undone: true, up_to_seq };
      },
    }),
  ];
}
