/** Owns the webhooks of the API: everything is the caller's own. */
import { z } from 'zod';
import { deliveryJson, webhookJson } from '../../core/webhooks/webhook-json.ts';
import { WEBHOOK_EVENTS } from '../../core/store/webhooks-table.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { idParams, instant } from './wire-schemas.ts';

const webhook = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  state: z.enum(['active', 'disabled']),
  reason: z.string().nullable(),
  failures: z.int(),
  created_at: instant,
});

const delivery = z.object({
  id: z.string(),
  event: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.int(),
  status: z.int().nullable(),
  response: z.string().nullable(),
  error: z.string().nullable(),
  created_at: instant,
});

export function webhookRoutes(deps: RouteDeps): readonly Route[] {
  return [...ownRoutes(deps), ...actRoutes(deps)];
}

function ownRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/webhooks',
      action: 'webhook.read',
      summary: 'List your webhooks',
      result: z.array(webhook),
      handle: async ({ actor }) => (await (await app.webhooks()).list(actor)).map(webhookJson),
    }),
    route({
      method: 'POST',
      path: '/webhooks',
      action: 'webhook.change',
      summary: 'Make a webhook; its secret is in this answer only',
      body: z.object({ url: z.string().max(2000), events: z.array(z.enum(WEBHOOK_EVENTS)).min(1).optional() }),
      result: webhook.extend({ secret: z.string() }),
      status: 201,
      handle: async ({ actor, body }) => {
        const wanted = { url: body.url, events: body.events ?? WEBHOOK_EVENTS };
        const { row, secret } = await (await app.webhooks()).create(actor, wanted);
        return { ...webhookJson(row), secret };
      },
    }),
    route({
      method: 'DELETE',
      path: '/webhooks/:id',
      action: 'webhook.change',
      summary: 'Delete a webhook with its secret and deliveries',
      params: idParams,
      result: z.object({ id: z.string(), deleted: z.literal(true) }),
      handle: async ({ actor, params }) => {
        const { id } = await (await app.webhooks()).remove(actor, params.id);
        return { id, deleted: true as const };
      },
    }),
  ];
}

function actRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/webhooks/:id/deliveries',
      action: 'webhook.read',
      summary: 'The last deliveries of a webhook, newest first',
      params: idParams,
      result: z.array(delivery),
      handle: async ({ actor, params }) =>
        (await (await app.webhooks()).deliveries(actor, params.id, 100)).map(deliveryJson),
    }),
    route({
      method: 'POST',
      path: '/webhooks/:id/enable',
      action: 'webhook.change',
      summary: 'Switch a webhook on again',
      params: idParams,
      result: webhook,
      handle: async ({ actor, params }) => webhookJson(await (await app.webhooks()).enable(actor, params.id)),
    }),
    route({
      method: 'POST',
      path: '/webhooks/:id/test',
      action: 'webhook.change',
      summary: 'Send one test event now',
      params: idParams,
      result: delivery,
      handle: async ({ actor, params, signal }) =>
        deliveryJson(await (await app.webhooks()).test(actor, params.id, signal)),
    }),
  ];
}
