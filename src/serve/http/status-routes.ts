/** Owns what the API tells of the server. */
import { z } from 'zod';
import { serverStatus } from '../server-status.ts';
import { route, type Route, type RouteDeps } from './route.ts';

export function statusRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/status',
      action: 'status.read',
      summary: 'What runs, how the channels are, and what waits',
      result: z.looseObject({ running: z.boolean(), state: z.string(), version: z.string().nullable() }),
      // Which messages failed, who is logged in, where the server listens and its process are not everyone's business.
      handle: async ({ actor }) => {
        const { last_errors, ports, pid, accounts, ...status } = await serverStatus(app);
        return actor.user.role === 'admin' ? { ...status, pid, ports, last_errors, accounts } : status;
      },
    }),
  ];
}
