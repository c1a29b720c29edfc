/** Owns what the API shows of the log. Its lines were masked before they were written, and hold no words of people or models. */
import { z } from 'zod';
import { isAtLeast, lastLines, linesAround, LOG_LEVELS } from '../service/show-log.ts';
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
        level: z.enum(LOG_LEVELS).optional().describe('Only lines of this level, or a worse one'),
        around: z.iso.datetime().optional().describe('The lines around this instant instead of the last ones'),
      }),
      result: z.object({ lines: z.array(z.string()) }),
      handle: async ({ query: { limit, text, level, around } }) => {
        const isPart = text !== undefined || level !== undefined || around !== undefined;
        const lines = await lastLines(app.paths.log, isPart ? MAX_LOOKED : limit);
        const wanted = lines.filter((line) => (text === undefined || line.includes(text)) && isAtLeast(line, level));
        return { lines: around === undefined ? wanted.slice(-limit) : linesAround(wanted, around, limit) };
      },
    }),
  ];
}

/** Lines that are looked through for a text. */
const MAX_LOOKED = 50_000;
