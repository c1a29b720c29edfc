/** Owns the secrets of the API: names and hosts go out, values only come in. */
import { z } from 'zod';
import { requireWhole } from '../../core/access/permissions.ts';
import { checkSecretValue, secretNamed } from '../../core/config/prepare-change.ts';
import { recordAct } from './record-act.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const params = z.object({ name: z.string().regex(/^[\w.-]{1,100}$/, 'is no name of a secret') });
const secret = z.object({ name: z.string(), hosts: z.array(z.string()), source: z.string() });

/** Who has the value of one of these is let in by it. */
const SIGNS_IN: ReadonlySet<string> = new Set(['DASHBOARD_TOKEN', 'WS_AUTH_TOKEN', 'JWT_SECRET']);

export function secretRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/secrets',
      action: 'secret.manage',
      summary: 'The names of secrets, where they are kept and the hosts they may go to; never values',
      result: z.array(secret),
      handle: async () =>
        (await (await app.secrets()).list()).map(({ name, hosts, source }) => ({ name, hosts: [...hosts], source })),
    }),
    route({
      method: 'PUT',
      path: '/secrets/:name',
      action: 'secret.manage',
      summary: 'Keep a secret in the keychain of the system or in an encrypted file',
      params,
      body: z.strictObject({
        value: z.string().min(1).max(65_536),
        hosts: z.array(z.string().max(253)).max(20).default([]).describe('Hosts that tools may send it to'),
      }),
      result: secret,
      handle: async ({ actor, params: { name: asked }, body }) => {
        const name = secretNamed(asked);
        if (SIGNS_IN.has(name)) requireWhole(actor);
        checkSecretValue(name, body.value);
        const hosts = body.hosts.map((host) => host.toLowerCase());
        const source = await (await app.secrets()).set(name, { value: body.value, hosts });
        await recordAct(app, actor, 'secret.set', { target: name, detail: { hosts, store: source } });
        await app.reload();
        return { name, hosts, source };
      },
    }),
    route({
      method: 'DELETE',
      path: '/secrets/:name',
      action: 'secret.manage',
      summary: 'Remove a secret from the store',
      params,
      result: z.object({ name: z.string(), removed: z.boolean() }),
      handle: async ({ actor, params: { name: asked } }) => {
        const name = secretNamed(asked);
        await (await app.secrets()).remove(name);
        await recordAct(app, actor, 'secret.remove', { target: name });
        await app.reload();
        return { name, removed: true };
      },
    }),
  ];
}
