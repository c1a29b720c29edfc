/** Owns how a conversation is read over the API: its messages, with what became of each turn, and its pictures. Everything is the caller's own. */
import { z } from 'zod';
import type { ConversationMessage } from '../../core/conversations/conversation-story.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { ImagePart } from '../../core/kernel/messages.ts';
import { isProcessAlive } from '../../core/kernel/process-identity.ts';
import { toWire } from '../../core/kernel/wire.ts';
import { Answer, route, type Route, type RouteDeps } from './route.ts';
import { idParams } from './wire-schemas.ts';

const message = z.object({
  seq: z.int(),
  turn_id: z.string(),
  role: z.string(),
  parts: z.array(z.looseObject({ type: z.string() })),
  state: z.enum(['complete', 'partial']),
  /** Milliseconds UTC. */
  created_at: z.int(),
});

const turn = z.object({
  id: z.string(),
  state: z.string().describe('abandoned: its process died; the next message goes on with it'),
  stop_reason: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  model: z.string(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number().nullable().describe('null when a price is unknown'),
  channels: z.array(z.string()).describe('terminal, or the chat platforms its messages came by'),
  started_at: z.int(),
  ended_at: z.int().nullable(),
});

export function conversationReadRoutes(deps: RouteDeps): readonly Route[] {
  return [messagesRoute(deps), pictureRoute(deps)];
}

const messagesQuery = z.object({
  from: z.coerce.number().int().min(1).default(1).describe('Number of the first message'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  last: z.stringbool().default(false).describe('true: the newest ones, whatever from says'),
  pictures: z
    .stringbool()
    .default(true)
    .describe(
      'false: without the bytes of pictures, which have a route; otherwise those of the last ones, up to 28 MB',
    ),
});

function messagesRoute({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/conversations/:id',
    action: 'conversation.read',
    summary: 'A conversation with a page of its messages',
    params: idParams,
    query: messagesQuery,
    result: z.object({
      id: z.string(),
      title: z.string(),
      origin: z.string(),
      parent_id: z.string().nullable(),
      parent_seq: z.int().nullable(),
      created_at: z.int(),
      updated_at: z.int(),
      last_seq: z.int().describe('Number of the newest message; 0 when there is none'),
      running_turn: z.string().nullable().describe('Id of the turn that runs'),
      messages: z.array(message),
      turns: z.array(turn).describe('Those of these messages'),
      next_from: z.int().nullable(),
    }),
    handle: async ({ actor, params, query }) => {
      const conversations = await app.conversations();
      const store = await app.store();
      const found = await conversations.find(actor.user.id, params.id);
      const last_seq = await store.conversations.lastSeq(found.id);
      const from = query.last ? Math.max(1, last_seq - query.limit + 1) : query.from;
      const all = await conversations.messages(actor.user.id, found.id, from, query.limit + 1, !query.pictures);
      const page = all.slice(0, query.limit);
      const turns = await conversations.turns([...new Set(page.map(({ turnId }) => turnId))]);
      const running = await store.journal.runningTurn(found.id);
      return {
        ...found,
        last_seq,
        running_turn: running !== undefined && isProcessAlive(running.runner) ? running.id : null,
        messages: page.map((each) => toWire(query.pictures ? each : withoutBytes(each)) as z.input<typeof message>),
        turns: turns.map((each) => toWire(each) as z.input<typeof turn>),
        next_from: all[query.limit]?.seq ?? null,
      };
    },
  });
}

function withoutBytes(each: ConversationMessage): unknown {
  const parts = each.parts.map((part) => {
    if (part.type !== 'image') return part;
    const { data: _, ...rest } = part;
    return rest;
  });
  return { ...each, parts };
}

const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function pictureRoute({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/conversations/:id/messages/:seq/pictures/:place',
    action: 'conversation.read',
    summary: 'A picture of a message',
    params: idParams.extend({
      seq: z.coerce.number().int().min(1),
      place: z.coerce.number().int().min(0).describe('Its place among the parts of the message, from 0'),
    }),
    produces: 'image/*',
    handle: async ({ actor, params: { id, seq, place } }) => {
      const [found] = await (await app.conversations()).messages(actor.user.id, id, seq, 1);
      const part = found?.seq === seq ? found.parts[place] : undefined;
      if (part?.type !== 'image') throw new ClawError('not-found', 'There is no such picture.');
      return pictureAnswer(part);
    },
  });
}

/** Its bytes are somebody's: even opened by itself it can do nothing. */
function pictureAnswer({ mediaType, data }: ImagePart): Answer {
  return new Answer(Buffer.from(data, 'base64'), {
    'content-type': PICTURES.has(mediaType) ? mediaType : 'application/octet-stream',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=600',
  });
}
