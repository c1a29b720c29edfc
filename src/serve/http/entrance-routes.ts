/** Owns what an admin does about how others come in: their password, their sessions, who they are on chat platforms; and what keys can be limited to. */
import { z } from 'zod';
import { identityJson, sessionJson } from '../../core/access/access-json.ts';
import type { Actor } from '../../core/access/actor.ts';
import { permissionRows } from '../../core/access/permissions.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { idParams, instant } from './wire-schemas.ts';

const session = z.object({
  id: z.string(),
  agent: z.string(),
  from: z.string(),
  created_at: instant,
  last_seen_at: instant,
  expires_at: instant,
});

const identity = z.object({
  channel: z.string(),
  person_id: z.string(),
  name: z.string(),
  paired: z.boolean().describe('False: a setting lets them in'),
  last_seen_at: instant,
});

const done = z.object({ id: z.string(), username: z.string() });

export function entranceRoutes(deps: RouteDeps): readonly Route[] {
  return [...secretRoutes(deps), ...sessionRoutes(deps), ...identityRoutes(deps)];
}

function secretRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/permissions',
      action: 'key.read',
      summary: 'The actions that a key can be limited to, each with the least role that may do it',
      result: z.array(z.object({ action: z.string(), role: z.enum(['readonly', 'user', 'admin']) })),
      handle: () => [...permissionRows()],
    }),
    route({
      method: 'PUT',
      path: '/users/:id/password',
      action: 'user.manage',
      summary: 'Set the password of a user; every sign-in of theirs ends',
      params: idParams,
      body: z.strictObject({ password: z.string().min(1).max(4096) }),
      result: done,
      handle: async ({ actor, params, body }) => {
        const { users, passwords } = await app.access();
        const user = await users.find(actor, params.id);
        await (await passwords()).set(actor, user, body.password);
        return { id: user.id, username: user.username };
      },
    }),
  ];
}

function sessionRoutes({ app }: RouteDeps): readonly Route[] {
  const ofUser = (actor: Actor, id: string) => entrancesOf(app, actor, id);
  return [
    route({
      method: 'GET',
      path: '/users/:id/sessions',
      action: 'user.manage',
      summary: 'The browsers in which a user is signed in',
      params: idParams,
      result: z.array(session),
      handle: async ({ actor, params }) => {
        const { user, entrances } = await ofUser(actor, params.id);
        return (await entrances.sessions(actor, user)).map(sessionJson);
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:id/sessions',
      action: 'user.manage',
      summary: 'Sign a user out everywhere; their keys stay',
      params: idParams,
      result: done,
      handle: async ({ actor, params }) => {
        const { user, entrances } = await ofUser(actor, params.id);
        await entrances.endAll(actor, user);
        return { id: user.id, username: user.username };
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:id/sessions/:session',
      action: 'user.manage',
      summary: 'End one session of a user',
      params: idParams.extend({ session: idParams.shape.id }),
      result: z.object({ id: z.string(), revoked: z.literal(true) }),
      handle: async ({ actor, params }) => {
        const { user, entrances } = await ofUser(actor, params.id);
        await entrances.endSession(actor, user, params.session);
        return { id: params.session, revoked: true as const };
      },
    }),
  ];
}

function identityRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/users/:id/identities',
      action: 'user.manage',
      summary: 'Who a user is on chat platforms',
      params: idParams,
      result: z.array(identity),
      handle: async ({ actor, params }) => {
        const { user, entrances } = await entrancesOf(app, actor, params.id);
        return (await entrances.identities(actor, user)).map(identityJson);
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:id/identities/:channel/:person',
      action: 'user.manage',
      summary: 'Take a person of a chat platform off a user: they are a stranger again',
      params: idParams.extend({ channel: z.string().min(1).max(50), person: z.string().min(1).max(200) }),
      result: z.object({ channel: z.string(), person_id: z.string(), unlinked: z.literal(true) }),
      handle: async ({ actor, params: { id, channel, person } }) => {
        const { user, entrances } = await entrancesOf(app, actor, id);
        await entrances.unlink(actor, user, { channel, personId: person });
        return { channel, person_id: person, unlinked: true as const };
      },
    }),
  ];
}

async function entrancesOf(app: RouteDeps['app'], actor: Actor, id: string) {
  const { users, entrances } = await app.access();
  return { user: await users.find(actor, id), entrances: await entrances() };
}
