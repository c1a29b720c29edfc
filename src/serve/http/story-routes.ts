/** Owns what a conversation came to, over the API: the story of its messages, and documents of it. Everything is the caller's own. */
import { z } from 'zod';
import { exportMarkdown, exportText } from '../../core/conversations/export-conversation.ts';
import type { ConversationStory } from '../../core/conversations/conversation-story.ts';
import { storyJson } from '../../core/conversations/story-json.ts';
import { recordAct } from './record-act.ts';
import { Answer, route, type Route, type RouteDeps } from './route.ts';
import { idParams } from './wire-schemas.ts';

const row = z.looseObject({ id: z.string() });
const at = z.int().describe('Milliseconds UTC');
const seen = at.nullable();

const modelCall = row.extend({
  model: z.string(),
  state: z.string(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_micro_usd: z.int().nullable(),
  error: z.string().nullable(),
  started_at: at,
  ended_at: seen,
});

const toolCall = row.extend({
  call_id: z.string(),
  name: z.string(),
  input: z.unknown(),
  state: z.string(),
  status: z.string().nullable(),
  output: z.string().nullable(),
  ms: z.number().nullable(),
  started_at: seen,
  ended_at: seen,
});

const turn = row.extend({
  model: z.string(),
  state: z.string(),
  error: z.looseObject({ message: z.string().optional() }).nullable(),
  is_abandoned: z.boolean(),
  attempts: z.int(),
  started_at: at,
  ended_at: seen,
  retry_at: seen,
  model_calls: z.array(modelCall),
  tool_calls: z.array(toolCall),
});

const message = z.looseObject({
  seq: z.int(),
  turn_id: z.string(),
  role: z.string(),
  parts: z.array(z.looseObject({ type: z.string() })),
  state: z.string(),
  created_at: at,
});

const inbound = row.extend({
  channel: z.string(),
  chat_id: z.string().nullable(),
  external_id: z.string().nullable(),
  sender_id: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
  turn_id: z.string().nullable(),
  parts: z.unknown(),
  received_at: at,
  settled_at: seen,
});

const attempt = z.looseObject({
  attempt: z.int(),
  outcome: z.string(),
  detail: z.string().nullable(),
  started_at: at,
  ended_at: seen,
});

const outbound = row.extend({
  channel: z.string(),
  chat_id: z.string(),
  turn_id: z.string().nullable(),
  kind: z.string(),
  part: z.int(),
  parts: z.int(),
  text: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  created_at: at,
  settled_at: seen,
  tries: z.array(attempt).readonly(),
});

const asked = row.extend({
  act: z.string(),
  reason: z.string(),
  state: z.string(),
  call_id: z.string().nullable(),
  created_at: at,
  decided_at: seen,
  scope: z.string().nullable(),
});

const story = z.looseObject({
  id: z.string(),
  title: z.string(),
  messages: z.array(message),
  turns: z.array(turn),
  inbound: z.array(inbound),
  outbox: z.array(outbound),
  approvals: z.array(asked),
  has_earlier: z.boolean().describe('Whether there are turns before these'),
});

const FORMATS = {
  markdown: { ending: 'md', type: 'text/markdown', write: exportMarkdown },
  text: { ending: 'txt', type: 'text/plain', write: exportText },
  json: {
    ending: 'json',
    type: 'application/json',
    write: (of: ConversationStory) => `${JSON.stringify(storyJson(of), null, 2)}\n`,
  },
} as const;

const format = z.enum(['markdown', 'text', 'json']).default('markdown');
const MOST_AT_ONCE = 50;
const BETWEEN = '\n\n---\n\n';

export function storyRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/conversations/:id/story',
      action: 'conversation.read',
      summary: 'What was said, and what happened: turns, model and tool calls, what came in and every try to deliver',
      params: idParams,
      query: z.object({
        turns: z.coerce.number().int().min(1).max(200).optional().describe('Only so many of the last turns'),
        before: idParams.shape.id.optional().describe('Turns before the one of this id'),
      }),
      result: story,
      handle: async ({ actor, params, query: { turns, before } }) => {
        const part = turns === undefined ? undefined : { turns, before };
        const found = await (await app.conversations()).story(actor.user.id, params.id, part);
        return { ...storyJson(found), has_earlier: found.hasEarlier } as z.input<typeof story>;
      },
    }),
    exportRoute(app),
    exportSeveralRoute(app),
  ];
}

function exportRoute(app: RouteDeps['app']): Route {
  return route({
    method: 'GET',
    path: '/conversations/:id/export',
    action: 'conversation.read',
    summary: 'A conversation as a document',
    params: idParams,
    query: z.object({ format }),
    produces: 'text/markdown, text/plain, application/json',
    handle: async ({ actor, params, query }) => {
      const found = await (await app.conversations()).story(actor.user.id, params.id);
      const { id } = found.conversation;
      await recordAct(app, actor, 'conversation.export', { target: id, detail: { format: query.format } });
      const { ending, type, write } = FORMATS[query.format];
      return new Answer(write(found), {
        'content-type': `${type}; charset=utf-8`,
        'content-disposition': `attachment; filename="${id}.${ending}"`,
      });
    },
  });
}

function exportSeveralRoute(app: RouteDeps['app']): Route {
  return route({
    method: 'GET',
    path: '/conversations/export',
    action: 'conversation.read',
    summary: 'Several conversations as one document',
    query: z.object({
      ids: z
        .string()
        .regex(/^[\w-]{1,64}(,[\w-]{1,64}){0,49}$/, `are 1 to ${MOST_AT_ONCE} ids with commas between them`),
      format,
    }),
    produces: 'text/markdown, text/plain, application/json',
    handle: async ({ actor, query }) => {
      const service = await app.conversations();
      const { ending, type, write } = FORMATS[query.format];
      const written: string[] = [];
      for (const id of query.ids.split(',')) {
        written.push(write(await service.story(actor.user.id, id)));
        await recordAct(app, actor, 'conversation.export', { target: id, detail: { format: query.format } });
      }
      const whole = query.format === 'json' ? `[${written.join(',')}]\n` : written.join(BETWEEN);
      return new Answer(whole, {
        'content-type': `${type}; charset=utf-8`,
        'content-disposition': `attachment; filename="conversations.${ending}"`,
      });
    },
  });
}
