/** Owns the pairing of browsers by HTTP: one asks for a code, an admin lets it in, and it fetches its session. */
import { z } from 'zod';
import { deviceJson, userJson } from '../../core/access/access-json.ts';
import type { App } from '../../core/create-app.ts';
import { type Route, type RouteDeps, route } from './route.ts';
import { browserOf, sessionAnswer, waitingAnswer } from './session-cookie.ts';
import { idParams, instant } from './wire-schemas.ts';

const device = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['pending', 'approved', 'denied', 'revoked']),
  user: z.string().nullable(),
  asked_by: z.string().nullable().describe('Who signed in there and waits to be let in'),
  from: z.string(),
  created_at: instant,
  expires_at: instant.nullable(),
  decided_at: instant.nullable(),
  claimed_at: instant.nullable(),
  last_seen_at: instant.nullable().describe('When somebody signed in there last'),
});
const codeParams = z.object({ code: z.string().min(1).max(100) });

export function deviceRoutes({ app }: RouteDeps): readonly Route[] {
  return [...browserRoutes(app), ...adminRoutes(app)];
}

/** Asked by a browser that is nobody yet. */
function browserRoutes(app: App): readonly Route[] {
  const devices = async () => (await app.access()).devices();
  return [
    route({
      method: 'POST',
      path: '/auth/devices',
      action: 'public',
      summary: 'Ask for this browser to be let in: a code for an admin, and a secret to fetch the session with',
      body: z.strictObject({ name: z.string().max(1000).default('browser') }),
      result: z.object({ id: z.string(), secret: z.string(), code: z.string(), expires_at: instant }),
      status: 201,
      handle: async ({ body, address }) => {
        (await app.access()).limits.require('login', address);
        const { id, secret, code, expiresAt } = await (await devices()).request(body.name, address);
        return { id, secret, code, expires_at: new Date(expiresAt).toISOString() };
      },
    }),
    route({
      method: 'POST',
      path: '/auth/devices/session',
      action: 'public',
      summary: 'Fetch the session of a browser that was let in, as a cookie; `pending` until then',
      produces: 'application/json',
      body: z.strictObject({ secret: z.string().max(1000) }),
      handle: async (request) => {
        const answer = await (await devices()).claim(request.body.secret, browserOf(request));
        if (answer.state === 'pending') return waitingAnswer({ state: 'pending' });
        return sessionAnswer(answer, { state: 'approved', user: userJson(answer.user) });
      },
    }),
  ];
}

function adminRoutes(app: App): readonly Route[] {
  const devices = async () => (await app.access()).devices();
  return [
    route({
      method: 'GET',
      path: '/devices',
      action: 'device.manage',
      summary: 'Browsers that wait to be let in, and those that were',
      result: z.array(device),
      handle: async ({ actor }) => (await (await devices()).list(actor)).map(deviceJson),
    }),
    route({
      method: 'POST',
      path: '/devices/:code/approve',
      action: 'device.manage',
      summary: 'Let the browser with this code (or id) in: as who signed in there, as the user named, or as you',
      params: codeParams,
      body: z.strictObject({ user: z.string().max(1000).optional() }),
      result: device,
      handle: async ({ actor, params, body }) =>
        deviceJson(await (await devices()).approve(actor, params.code, body.user)),
    }),
    route({
      method: 'POST',
      path: '/devices/:code/deny',
      action: 'device.manage',
      summary: 'Turn the browser with this code (or id) away',
      params: codeParams,
      result: device,
      handle: async ({ actor, params }) => deviceJson(await (await devices()).deny(actor, params.code)),
    }),
    route({
      method: 'DELETE',
      path: '/devices/:id',
      action: 'device.manage',
      summary: 'Sign a browser out for good, with its sessions',
      params: idParams,
      result: device,
      handle: async ({ actor, params }) => deviceJson(await (await devices()).revoke(actor, params.id)),
    }),
  ];
}
