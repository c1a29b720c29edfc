/** Owns signing in and out by HTTP: tokens for programs, a cookie for the dashboard, tickets for WebSocket. */
import { z } from 'zod';
import { userJson } from '../../core/access/access-json.ts';
import type { Actor } from '../../core/access/actor.ts';
import type { App } from '../../core/create-app.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { browserOf, sessionAnswer, signedOut, waitingAnswer } from './session-cookie.ts';
import { idParams, instant } from './wire-schemas.ts';

const credentials = z.union([
  z.strictObject({ username: z.string().max(1000), password: z.string().max(4096) }),
  z.strictObject({ api_key: z.string().max(8000).describe('An API key, or the token of the dashboard') }),
]);

const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds'),
});

const session = z.object({
  id: z.string(),
  agent: z.string(),
  from: z.string(),
  created_at: instant,
  last_seen_at: instant,
  expires_at: instant,
  is_current: z.boolean(),
});

export function authRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    ...tokenRoutes(app),
    ...selfRoutes(),
    ...sessionRoutes(app),
    ...sessionListRoutes(app),
    ...passwordRoutes(app),
  ];
}

function tokenRoutes(app: App): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/auth/login',
      action: 'public',
      summary: 'Sign in by name and password or by API key, and get tokens',
      body: credentials,
      result: tokens,
      handle: async ({ body, address }) => {
        if ('username' in body && app.settings.get('DASHBOARD_PAIRING')) {
          throw new ClawError('permission-denied', 'A password alone signs nobody in here: browsers are approved.', {
            hint: 'Sign in with an API key.',
          });
        }
        const actor = await signIn(app, body, address);
        return wire(await (await (await app.access()).tokens()).issue(actor));
      },
    }),
    route({
      method: 'POST',
      path: '/auth/refresh',
      action: 'public',
      summary: 'A new pair of tokens for a refresh token, which is used up',
      body: z.strictObject({ refresh_token: z.string().max(1000) }),
      result: tokens,
      handle: async ({ body, address }) => {
        const access = await app.access();
        access.limits.require('login', address);
        return wire(await (await access.tokens()).refresh(body.refresh_token, address));
      },
    }),
    route({
      method: 'POST',
      path: '/auth/logout',
      action: 'public',
      summary: 'End the sign-in that a refresh token belongs to',
      body: z.strictObject({ refresh_token: z.string().max(1000) }),
      result: z.object({ signed_out: z.literal(true) }),
      handle: async ({ body }) => {
        await (await (await app.access()).tokens()).logOut(body.refresh_token);
        return { signed_out: true as const };
      },
    }),
  ];
}

function selfRoutes(): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/auth/me',
      action: 'self.read',
      summary: 'Who you are',
      result: z.object({
        id: z.string(),
        username: z.string(),
        role: z.string(),
        via: z.string(),
        scopes: z.array(z.string()).nullable(),
      }),
      handle: ({ actor }) => ({
        ...userJson(actor.user),
        via: actor.via,
        scopes: actor.scopes === null ? null : [...actor.scopes],
      }),
    }),
  ];
}

function sessionRoutes(app: App): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/auth/session',
      action: 'public',
      summary:
        'Sign a browser in: the session is a cookie that no script reads; 202 with a code when an admin has to let the browser in first',
      produces: 'application/json',
      body: credentials,
      handle: async (request) => {
        const actor = await signIn(app, request.body, request.address);
        const { cookie, agent } = browserOf(request);
        const access = await app.access();
        const devices = await access.devices();
        const deviceId = await devices.known(cookie, actor.user);
        if (deviceId === undefined && app.settings.get('DASHBOARD_PAIRING')) {
          const { id, secret, code, expiresAt } = await devices.requestFor(actor, agent);
          const expires_at = new Date(expiresAt).toISOString();
          return waitingAnswer({ state: 'pending', id, secret, code, expires_at }, 202);
        }
        const opened = await access.sessions.open(actor, agent, deviceId ?? null);
        const deviceCookie = deviceId === undefined ? undefined : cookie;
        return sessionAnswer({ ...opened, deviceCookie }, userJson(actor.user));
      },
    }),
    route({
      method: 'DELETE',
      path: '/auth/session',
      action: 'self.read',
      summary: 'Sign out: end the session, or the sign-in of the access token, that you came with',
      produces: 'application/json',
      handle: async ({ actor }) => {
        const access = await app.access();
        if (actor.via === 'session') await access.sessions.revoke(actor, actor.credentialId ?? '');
        if (actor.via === 'access-token') await (await access.tokens()).logOutActor(actor);
        return signedOut({ signed_out: true });
      },
    }),
  ];
}

function sessionListRoutes(app: App): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/auth/sessions',
      action: 'self.read',
      summary: 'Your sessions in browsers, newest first',
      result: z.array(session),
      handle: async ({ actor }) => {
        const rows = await (await app.access()).sessions.list(actor);
        return rows.map((row) => ({
          id: row.id,
          agent: row.agent,
          from: row.from_address,
          created_at: new Date(row.created_at).toISOString(),
          last_seen_at: new Date(row.last_seen_at).toISOString(),
          expires_at: new Date(row.expires_at).toISOString(),
          is_current: row.id === actor.credentialId,
        }));
      },
    }),
    route({
      method: 'DELETE',
      path: '/auth/sessions',
      action: 'self.read',
      summary: 'Sign out everywhere: end all your sessions and tokens, or all but the session you came with',
      produces: 'application/json',
      query: z.object({ others: z.stringbool().default(false).describe('Keep the session you came with') }),
      handle: async ({ actor, query: { others } }) => {
        const own = actor.via === 'session' ? (actor.credentialId ?? undefined) : undefined;
        const ended = await (await app.access()).sessions.revokeAll(actor, others ? own : undefined);
        return others ? waitingAnswer({ ended }) : signedOut({ ended });
      },
    }),
    route({
      method: 'DELETE',
      path: '/auth/sessions/:id',
      action: 'self.read',
      summary: 'End one of your sessions',
      params: idParams,
      result: z.object({ id: z.string(), revoked: z.literal(true) }),
      handle: async ({ actor, params }) => {
        await (await app.access()).sessions.revoke(actor, params.id);
        return { id: params.id, revoked: true as const };
      },
    }),
  ];
}

function passwordRoutes(app: App): readonly Route[] {
  return [
    route({
      method: 'PUT',
      path: '/auth/password',
      action: 'self.change',
      summary: 'Change your own password; your other sessions and your tokens end',
      body: z.strictObject({
        current: z.string().max(4096).default('').describe('The one that holds now, if there is one'),
        password: z.string().max(4096),
      }),
      result: z.object({ changed: z.literal(true) }),
      handle: async ({ actor, body }) => {
        const { passwords } = await app.access();
        await (await passwords()).change(actor, { current: body.current, next: body.password });
        return { changed: true as const };
      },
    }),
  ];
}

/** Throws `auth-rejected` and `limit-reached`. */
async function signIn(app: App, body: z.output<typeof credentials>, address: string): Promise<Actor> {
  const access = await app.access();
  access.limits.require('login', address);
  if ('api_key' in body) {
    const { authenticate } = await access.authenticator();
    try {
      return await authenticate({ authorization: `Bearer ${body.api_key}`, address });
    } catch (error) {
      // At most as often as the limit of sign-ins allows.
      const by = { via: 'api-key', from: address };
      await (await app.store()).audit.append({ at: app.clock.now(), by, action: 'session.open', outcome: 'denied' });
      throw error;
    }
  }
  const user = await (await access.passwords()).check(body.username, body.password, address);
  return { user, via: 'session', credentialId: null, scopes: null, from: address };
}

function wire({
  accessToken,
  refreshToken,
  expiresIn,
}: {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}) {
  return {
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'Bearer' as const,
    expires_in: expiresIn,
  };
}
