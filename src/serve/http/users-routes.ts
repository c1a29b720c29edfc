/** Owns the users of the API: for whoever manages people. */
import { z } from 'zod';
import { keyJson, userJson } from '../../core/access/access-json.ts';
import { idParams, instant } from './wire-schemas.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const user = z.object({
  id: z.string(),
  username: z.string(),
  role: z.enum(['admin', 'user', 'readonly']),
  state: z.enum(['active', 'disabled']),
  created_at: instant,
});

const key = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()).nullable(),
  created_at: instant,
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  last_used_at: instant.nullable(),
});

const shownKey = key.extend({ api_key: z.string().describe('Shown only now') });
const listQuery = z.object({
  all: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
const keyParams = idParams.extend({ key: idParams.shape.id });
const DAY_MS = 86_400_000;

export function userRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/users',
      action: 'user.read',
      summary: 'List the users, newest first',
      query: listQuery,
      result: z.array(user),
      handle: async ({ actor, query }) => (await (await app.access()).users.list(actor, query)).map(userJson),
    }),
    route({
      method: 'POST',
      path: '/users',
      action: 'user.manage',
      summary: 'Add a user; their first API key is shown once',
      body: z.strictObject({ username: z.string().max(1000), role: z.string().max(100).default('user') }),
      result: z.object({ id: z.string(), username: z.string(), role: z.string(), api_key: z.string() }),
      status: 201,
      handle: async ({ actor, body }) => {
        const added = await (await app.access()).users.create(actor, body);
        return { ...userJson(added.user), api_key: added.key.text };
      },
    }),
    route({
      method: 'GET',
      path: '/users/:id',
      action: 'user.read',
      summary: 'A user',
      params: idParams,
      result: user,
      handle: async ({ actor, params }) => userJson(await (await app.access()).users.find(actor, params.id)),
    }),
    route({
      method: 'PATCH',
      path: '/users/:id',
      action: 'user.manage',
      summary: 'Change the name, the role or the state of a user',
      params: idParams,
      body: z.strictObject({
        username: z.string().max(1000).optional(),
        role: z.string().max(100).optional(),
        state: z.enum(['active', 'disabled']).optional(),
      }),
      result: user,
      handle: async ({ actor, params, body }) => {
        const { users } = await app.access();
        let changed = await users.find(actor, params.id);
        const { state, ...to } = body;
        if (to.username !== undefined || to.role !== undefined) changed = await users.update(actor, changed.id, to);
        if (state === 'disabled') changed = await users.disable(actor, changed.id);
        if (state === 'active') changed = await users.enable(actor, changed.id);
        return userJson(changed);
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:id',
      action: 'user.manage',
      summary: 'Delete a user and everything that is theirs alone',
      params: idParams,
      result: user,
      handle: async ({ actor, params }) => userJson(await (await app.access()).users.remove(actor, params.id)),
    }),
  ];
}

export function keyRoutes({ app }: RouteDeps): readonly Route[] {
  const body = z.strictObject({
    name: z.string().max(1000).optional(),
    scopes: z.array(z.string()).max(100).optional(),
    days: z.int().min(1).max(3650).optional(),
  });
  return [
    route({
      method: 'GET',
      path: '/users/:id/keys',
      action: 'key.read',
      summary: 'The API keys of a user; your own as user "me"',
      params: idParams,
      query: z.object({ all: z.stringbool().default(false) }),
      result: z.array(key),
      handle: async ({ actor, params, query }) => {
        const { users, keys } = await app.access();
        const owner = await users.find(actor, nameOf(params.id, actor.user.id));
        return (await keys.list(actor, owner, query)).map(keyJson);
      },
    }),
    route({
      method: 'POST',
      path: '/users/:id/keys',
      action: 'key.change',
      summary: 'Make an API key, shown once',
      params: idParams,
      body,
      result: shownKey,
      status: 201,
      handle: async ({ actor, params, body: { name, scopes, days } }) => {
        const { users, keys } = await app.access();
        const owner = await users.find(actor, nameOf(params.id, actor.user.id));
        const expiresInMs = days === undefined ? undefined : days * DAY_MS;
        const made = await keys.create(actor, owner, { name, scopes, expiresInMs });
        return { ...keyJson(made.row), api_key: made.text };
      },
    }),
    route({
      method: 'POST',
      path: '/users/:id/keys/rotate',
      action: 'key.change',
      summary: 'Replace one key, or all keys of the user, by a new one',
      params: idParams,
      body: z.strictObject({ key: z.string().max(100).optional() }),
      result: shownKey,
      handle: async ({ actor, params, body: { key: name } }) => {
        const { users, keys } = await app.access();
        const owner = await users.find(actor, nameOf(params.id, actor.user.id));
        const made = await keys.rotate(actor, owner, name);
        return { ...keyJson(made.row), api_key: made.text };
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:id/keys/:key',
      action: 'key.change',
      summary: 'Revoke a key',
      params: keyParams,
      result: key,
      handle: async ({ actor, params }) => {
        const { users, keys } = await app.access();
        const owner = await users.find(actor, nameOf(params.id, actor.user.id));
        return keyJson(await keys.revoke(actor, owner, params.key));
      },
    }),
  ];
}

/** `me` is whoever asks. */
function nameOf(id: string, own: string): string {
  return id === 'me' ? own : id;
}
