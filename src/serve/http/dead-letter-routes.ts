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

const letterJson = (row: DeadLetter): z.input<typeof letter> => toWire(row) as z.input<typeof letter>;

export function deadLetterRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/dead-letters',
      action: 'message.manage',
      summary: 'Messages of chat platforms that were not answered or not delivered, and why',
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
      result: z.array(letter),
      handle: async ({ actor, query }) =>
        (await (await app.deadLetters()).list(query.limit, actor.user)).map(letterJson),
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
