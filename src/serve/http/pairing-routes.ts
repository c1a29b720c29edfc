/** Owns letting strangers in over the API: an admin decides by the code that the person told them. */
import { z } from 'zod';
import { requireWhole } from '../../core/access/permissions.ts';
import { pairingJson } from '../../core/access/access-json.ts';
import { doerOf } from '../../core/access/actor.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const pairing = z.object({
  id: z.string(),
  channel: z.string(),
  person_id: z.string(),
  person_name: z.string(),
  chat: z.string(),
  state: z.string(),
  created_at: instant,
  expires_at: instant,
  decided_at: instant.nullable(),
});

export function pairingRoutes({ app }: RouteDeps): readonly Route[] {
  const code = z.string().min(1).max(64);
  return [
    route({
      method: 'GET',
      path: '/pairings',
      action: 'pairing.manage',
      summary: 'The people who got a pairing code and wait; never the codes',
      query: z.object({ all: z.stringbool().default(false) }),
      result: z.array(pairing),
      handle: async ({ query }) =>
        (await (await app.pairing()).list(query)).map((row) => pairingJson(row, app.clock.now())),
    }),
    route({
      method: 'POST',
      path: '/pairings/approve',
      action: 'pairing.manage',
      summary: 'Let in the person who has this code, as a user of their own or as one who is known',
      body: z.strictObject({ code, user: z.string().max(200).optional() }),
      result: pairing.extend({ user: z.string() }),
      handle: async ({ actor, body }) => {
        // A user of their own may no more than talk; one who is known may be an admin.
        if (body.user !== undefined) requireWhole(actor);
        const done = await (await app.pairing()).approve(body.code, doerOf(actor), body.user);
        return { ...pairingJson(done.pairing, app.clock.now()), user: done.user.username };
      },
    }),
    route({
      method: 'POST',
      path: '/pairings/deny',
      action: 'pairing.manage',
      summary: 'Refuse the person with this code, or of this request',
      body: z.strictObject({ code: code.describe('The code, or the id of the request or its beginning') }),
      result: pairing,
      handle: async ({ actor, body }) =>
        pairingJson(await (await app.pairing()).deny(body.code, doerOf(actor)), app.clock.now()),
    }),
  ];
}
