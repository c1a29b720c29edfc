/** Owns what the API tells of the server, its models and its tools. */
import { z } from 'zod';
import { serverStatus } from '../server-status.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const tool = z.object({
  name: z.string(),
  version: z.string(),
  origin: z.string(),
  state: z.string(),
  permissions: z.looseObject({}),
  reason: z.string().nullable(),
});

export function statusRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/status',
      action: 'status.read',
      summary: 'What runs, how the channels are, and what waits',
      result: z.looseObject({ running: z.boolean(), state: z.string(), version: z.string().nullable() }),
      // Which messages failed, where the server listens and its process are not everyone's business.
      handle: async ({ actor }) => {
        const { last_errors, ports, pid, ...status } = await serverStatus(app);
        return actor.user.role === 'admin' ? { ...status, pid, ports, last_errors } : status;
      },
    }),
    route({
      method: 'GET',
      path: '/tools',
      action: 'tool.read',
      summary: 'List the tools',
      result: z.array(tool),
      handle: async () => {
        const entries = await (await app.tools()).registry.entries();
        return entries.map(({ name, version, origin, state, permissions, reason }) => ({
          name,
          version,
          origin,
          state,
          permissions: { ...permissions },
          reason,
        }));
      },
    }),
  ];
}
