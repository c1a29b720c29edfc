/** Owns what the API shows of the log. Its lines were masked before they were written, and hold no words of people or models. */
import { z } from 'zod';
import { lastLines } from '../service/show-log.ts';
import { route, type Route, type RouteDeps } from './route.ts';

export function logRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/logs',
      action: 'log.read',
      summary: 'The last lines of the log of this home, oldest first',
      query: z.object({
        limit: z.coerce.number().int().min(1).max(2000).default(200),
        text: z.string().max(200).optional().describe('Only lines with this in them'),
      }),
      result: z.object({ lines: z.array(z.string()) }),
      handle: async ({ query: { limit, text } }) => {
        const lines = await lastLines(app.paths.log, text === undefined ? limit : MAX_LOOKED);
        return { lines: lines.filter((line) => text === undefined || line.includes(text)).slice(-limit) };
      },
    }),
  ];
}

/** Lines that are looked through for a text. */
const MAX_LOOKED = 50_000;
