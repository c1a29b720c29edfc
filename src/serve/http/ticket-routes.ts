/** Owns the tickets of the API: a browser page gets one to open a WebSocket, because it cannot send headers there and a token never goes into an address. */
import { z } from 'zod';
import { WEBSOCKET_TICKET } from '../ws/session.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

export function ticketRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/ws/tickets',
      action: 'self.read',
      summary: 'Get a ticket that opens one WebSocket, once, within 30 seconds',
      status: 201,
      result: z.object({ ticket: z.string(), expires_at: instant }),
      handle: async ({ actor }) => {
        const { ticket, expiresAt } = (await (await app.access()).tickets()).issue(actor, WEBSOCKET_TICKET);
        return { ticket, expires_at: new Date(expiresAt).toISOString() };
      },
    }),
  ];
}
