/** Owns the decisions of the API which model a turn went to: everybody's own one by one, and counts. */
import { z } from 'zod';
import { routeCountJson, routeJson } from '../../core/spending/route-json.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const decision = z.object({
  turn_id: z.string(),
  conversation_id: z.string(),
  tier: z.enum(['light', 'main']),
  reason: z.string(),
  score: z.int(),
  parts: z.array(z.object({ name: z.string(), points: z.int() })),
  decision_us: z.int(),
  decided_at: instant,
  model: z.string(),
  input_tokens: z.int().nullable(),
  output_tokens: z.int().nullable(),
  cost_usd: z.number().nullable(),
  ms: z.int().nullable(),
  escalated: z.boolean(),
  escalated_why: z.string().nullable(),
});

const count = z.object({
  tier: z.enum(['light', 'main']),
  escalated: z.boolean(),
  turns: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number(),
});

export function routeDecisionRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/routes',
      action: 'cost.read',
      summary: 'Which model your turns went to first, why, and what came of it; newest first',
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
      result: z.array(decision),
      handle: async ({ actor, query }) =>
        (await (await app.store()).routes.ofUser(actor.user.id, query.limit)).map(routeJson),
    }),
    route({
      method: 'GET',
      path: '/routes/counts',
      action: 'cost.read',
      summary:
        'How many turns went to which tier, and how many the main model took over; for who is no admin their own',
      query: z.object({
        days: z.coerce.number().int().min(1).max(3650).default(30),
        user: z.string().max(200).optional(),
      }),
      result: z.array(count),
      handle: async ({ actor, query }) => {
        const { routes } = await (await app.costs()).report(actor, { by: 'day', ...query });
        return routes.map(routeCountJson);
      },
    }),
  ];
}
