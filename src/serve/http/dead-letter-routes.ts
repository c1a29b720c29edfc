/** Owns what could not be answered or delivered, over the API: an admin looks and sends again. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import type { DeadLetter } from '../../core/conversations/dead-letters.ts';
import { toWire } from '../../core/kernel/wire.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { idParams } from './wire-schemas.ts';

const letter = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  state: z.string(),
  chat_id: z.string(),
  conversation_id: z.string().nullable(),
  reason: z.string().nullable(),
  /** Milliseconds UTC. */
  at: z.int(),
});

const readLetter = letter.extend({
  channel: z.string(),
  owner: z.string().nullable().describe('Whose conversation it belongs to'),
  text: z.string().nullable().describe("What it says; null in another person's conversation"),
});

const letterJson = (row: DeadLetter): z.input<typeof letter> => toWire(row) as z.input<typeof letter>;

export function deadLetterRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/dead-letters',
      action: 'message.manage',
      summary: 'Messages of chat platforms that were not answered or not delivered, and why',
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
      result: z.array(readLetter),
      handle: async ({ actor, query }) =>
        (await (await app.deadLetters()).read(query.limit, actor.user)).map(
          (row) => toWire(row) as z.input<typeof readLetter>,
        ),
    }),
    route({
      method: 'POST',
      path: '/dead-letters/resend',
      action: 'message.manage',
      summary: 'Send again all messages that failed; those that were perhaps delivered stay',
      body: z.strictObject({}),
      result: z.object({ resent: z.int() }),
      handle: async ({ actor }) => ({ resent: await (await app.deadLetters()).resendAll(doerOf(actor)) }),
    }),
    route({
      method: 'POST',
      path: '/dead-letters/:id/discard',
      action: 'message.manage',
      summary: 'Give a message up for good; the story of its conversation keeps it',
      params: idParams,
      result: letter,
      handle: async ({ actor, params }) =>
        letterJson(await (await app.deadLetters()).discard(params.id, doerOf(actor))),
    }),
    route({
      method: 'POST',
      path: '/dead-letters/:id/resend',
      action: 'message.manage',
      summary: 'Send a message again that was not answered or not delivered',
      params: idParams,
      result: letter,
      handle: async ({ actor, params }) => letterJson(await (await app.deadLetters()).resend(params.id, doerOf(actor))),
    }),
  ];
}
