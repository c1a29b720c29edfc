/** Owns the probes and the document of the API. */
import { z } from 'zod';
import type { Readiness } from '../health-server.ts';
import { Answer, route, type Route } from './route.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function probeRoutes(readiness: () => Readiness): readonly Route[] {
  const started = performance.now();
  return [
    route({
      method: 'GET',
      path: '//health',
      action: 'public',
      summary: 'Whether the server lives',
      result: z.object({ status: z.string(), uptime_seconds: z.int() }),
      handle: () => ({ status: 'ok', uptime_seconds: Math.floor((performance.now() - started) / 1000) }),
    }),
    route({
      method: 'GET',
      path: '//ready',
      action: 'public',
      summary: 'Whether the server takes messages',
      result: z.looseObject({ status: z.string() }),
      handle: () => {
        const { isReady, report } = readiness();
        return new Answer(JSON.stringify(report), JSON_TYPE, isReady ? 200 : 503);
      },
    }),
  ];
}
