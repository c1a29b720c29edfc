/** Owns signing in by a link that is good once: the set-up of a home into which nobody can sign in yet, and links made on the machine itself. What a link holds comes in bodies, never in addresses. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { userJson } from '../../core/access/access-json.ts';
import type { App } from '../../core/create-app.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { browserOf, sessionAnswer } from './session-cookie.ts';

const secret = z.string().max(200).describe('What stands behind the # of the link');

export function linkRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/auth/set-up/state',
      action: 'public',
      summary: 'How a set-up link stands, and for a good one the name that the owner has now',
      body: z.strictObject({ secret }),
      result: z.object({
        state: z.enum(['good', 'used', 'expired', 'replaced', 'done', 'unknown']),
        username: z.string().nullable(),
      }),
      handle: async ({ body, address }) => (await linksFor(app, address)).look(body.secret),
    }),
    route({
      method: 'POST',
      path: '/auth/set-up',
      action: 'public',
      summary: 'Give the owner a name and a password by the set-up link, once, and sign the browser in',
      produces: 'application/json',
      body: z.strictObject({ secret, username: z.string().max(1000), password: z.string().max(4096) }),
      handle: async (request) => {
        const { secret: shown, ...owner } = request.body;
        const entered = await (await linksFor(app, request.address)).setUp(shown, owner, browserOf(request));
        for (const file of [app.paths.setUpLink, app.paths.dashboardPage]) await rm(file, { force: true });
        return sessionAnswer(entered, userJson(entered.user));
      },
    }),
    route({
      method: 'POST',
      path: '/auth/link',
      action: 'public',
      summary: 'Sign the browser in by a link of "claw dashboard", once',
      produces: 'application/json',
      body: z.strictObject({ secret }),
      handle: async (request) => {
        const links = await linksFor(app, request.address);
        const entered = await links.enter(request.body.secret, browserOf(request));
        await rm(app.paths.dashboardPage, { force: true });
        return sessionAnswer(entered, userJson(entered.user));
      },
    }),
  ];
}

/** Throws `limit-reached`. */
async function linksFor(app: App, address: string) {
  const access = await app.access();
  access.limits.require('login', address);
  return access.links();
}
