/** Owns talking to the assistant over HTTP: one answer, or a stream of events that a client can come back to. */
import { z } from 'zod';
import type { Actor } from '../../core/access/actor.ts';
import { ClawError, ERROR_KINDS, type ErrorCode } from '../../core/kernel/errors.ts';
import type { TurnEnd } from '../../core/kernel/events.ts';
import { toWire } from '../../core/kernel/wire.ts';
import { storedAnswer } from '../stored-answer.ts';
import type { TurnStream } from '../turn-events.ts';
import type { StreamRequest } from '../turn-stream.ts';
import type { Uploads } from '../uploads.ts';
import { HttpFailure } from './problem.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { sseAnswer } from './sse.ts';
import { maskEvent, readLastEvent, turnEvents } from './turn-events-sse.ts';
import { idParams } from './wire-schemas.ts';

const chatBody = z.object({
  message: z.string(),
  conversation_id: z.uuid().nullish().describe('Absent: a new one. One that does not exist yet is begun with this id'),
  model: z.string().max(200).nullish().describe('provider/model; absent: the configured one'),
  tools: z.boolean().nullish().describe('false: the model gets no tools'),
  max_cost_usd: z.number().positive().nullish(),
  attachments: z.array(z.uuid()).max(10).nullish().describe('Ids that POST /attachments gave'),
});

const usage = z.object({
  input_tokens: z.int(),
  output_tokens: z.int(),
  cached_tokens: z.int(),
  cost_usd: z.number().nullable().describe('null when a price is unknown'),
});

const chatResult = z.object({
  response: z.string(),
  conversation_id: z.string(),
  turn_id: z.string(),
  model: z.string(),
  usage,
  tools: z.array(z.object({ name: z.string(), status: z.string(), ms: z.number() })),
  stop_reason: z.string(),
});

const NO_USAGE = { input_tokens: 0, output_tokens: 0, cached_tokens: 0, cost_usd: 0 };

export function chatRoutes(deps: RouteDeps): readonly Route[] {
  return [chatRoute(deps), streamRoute(deps), eventsRoute(deps)];
}

function chatRoute({ streams, uploads }: RouteDeps): Route {
  return route({
    method: 'POST',
    path: '/chat',
    action: 'chat.send',
    summary: 'Send a message and wait for the answer; a client that goes away interrupts it',
    body: chatBody,
    result: chatResult,
    async handle({ actor, body, signal }) {
      try {
        const stream = await streams.start(requestOf(uploads, actor, body));
        return answerJson(await waitForAnswer(stream, signal));
      } catch (error) {
        throw error instanceof ClawError ? withConversation(error, body.conversation_id ?? null) : error;
      }
    },
  });
}

function streamRoute({ app, streams, uploads }: RouteDeps): Route {
  return route({
    method: 'POST',
    path: '/chat/stream',
    action: 'chat.send',
    summary:
      'Send a message and read the answer as events; the turn goes on without its reader, who comes back with Last-Event-ID',
    body: chatBody,
    produces: 'text/event-stream',
    async handle({ actor, body, headers, signal }) {
      const last = readLastEvent(headers['last-event-id']);
      const known = last?.streamId === undefined ? undefined : streams.find(actor.user.id, last.streamId);
      if (last?.streamId !== undefined && known === undefined) {
        throw new HttpFailure(404, 'not-found', 'The events of this turn are not kept any more.', {
          hint: 'Read the answer from the conversation, or send the message without Last-Event-ID.',
        });
      }
      const stream = known ?? (await streams.start({ ...requestOf(uploads, actor, body), canAsk: true }));
      return sseAnswer(
        turnEvents(app, stream, { after: known === undefined ? 0 : (last?.number ?? 0), signal }),
        app.clock,
      );
    },
  });
}

function eventsRoute({ app, streams }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/turns/:id/events',
    action: 'conversation.read',
    summary: 'The events of a turn from Last-Event-ID on, those to come included',
    params: idParams,
    produces: 'text/event-stream',
    async handle({ actor, params, headers, signal }) {
      const after = readLastEvent(headers['last-event-id'])?.number ?? 0;
      const stream = streams.find(actor.user.id, params.id);
      if (stream !== undefined) return sseAnswer(turnEvents(app, stream, { after, signal }), app.clock);
      const asked = { turnId: params.id, conversationId: undefined };
      const answer = await storedAnswer(await app.store(), actor.user.id, asked);
      if (answer === undefined || answer === 'running') throw new ClawError('not-found', 'There is no such turn here.');
      const { maskJson } = await app.masker();
      const only = async function* () {
        yield { event: answer.type, data: maskEvent(answer, maskJson) };
      };
      return sseAnswer(only(), app.clock);
    },
  });
}

function requestOf(uploads: Uploads, { user, scopes }: Actor, body: z.output<typeof chatBody>): StreamRequest {
  const userId = user.id;
  return {
    userId,
    isLimited: scopes !== null,
    text: body.message,
    ...uploads.attached(userId, body.attachments ?? []),
    ...(body.conversation_id ? { conversationId: body.conversation_id, mayCreate: true } : {}),
    ...(body.model ? { model: body.model } : {}),
    ...(typeof body.tools === 'boolean' ? { tools: body.tools } : {}),
    ...(typeof body.max_cost_usd === 'number' ? { maxCostUsd: body.max_cost_usd } : {}),
  };
}

/** The end of the turn; interrupts it when `signal` aborts. */
export async function waitForAnswer(stream: TurnStream, signal: AbortSignal): Promise<TurnEnd> {
  const interrupt = (): void => stream.cancel();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    if (signal.aborted) interrupt();
    for await (const _ of stream.read(stream.lastEventId)) continue;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
  if (stream.answer === undefined) throw new ClawError('cancelled', 'The turn was stopped.');
  return stream.answer;
}

/** Throws `HttpFailure` for a turn that failed: the answer tells the conversation and what it cost all the same. */
function answerJson(end: TurnEnd): z.input<typeof chatResult> {
  const json = {
    response: end.text,
    conversation_id: end.conversationId,
    turn_id: end.turnId,
    model: end.model,
    usage: toWire(end.usage) as z.input<typeof usage>,
    tools: [...end.tools],
    stop_reason: end.stopReason,
  };
  if (end.error === undefined) return json;
  const { message, hint } = end.error;
  const code: ErrorCode = end.error.code in ERROR_KINDS ? (end.error.code as ErrorCode) : 'upstream-failed';
  throw new HttpFailure(ERROR_KINDS[code].httpStatus, code, message, { hint, members: json });
}

function withConversation(error: ClawError, conversationId: string | null): HttpFailure {
  return new HttpFailure(error.httpStatus, error.code, error.message, {
    hint: error.hint,
    members: { conversation_id: conversationId, usage: NO_USAGE },
    cause: error,
  });
}
