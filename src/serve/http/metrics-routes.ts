/** Owns what the API tells to Prometheus. */
import { z } from 'zod';
import type { MetricsHistory } from '../metrics-history.ts';
import { Answer, route, type Route } from './route.ts';

/** The type of the text format. Source: Prometheus, exposition formats. */
const TEXT_TYPE = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };

const nullable = z.number().nullable();
const point = z.object({
  at: z.number().describe('End of the span, milliseconds UTC'),
  turns: z.int(),
  turn_p50: nullable.describe('Seconds that half of the turns took at most; null: none ended'),
  turn_p95: nullable,
  tool_calls: z.int(),
  tool_seconds: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  requests: z.int(),
  errors: z.int(),
  waiting: z.int().describe('The most messages that waited to be taken or sent'),
  running: z.int(),
  loop_delay: z.number().describe('Seconds by which the event loop was late'),
  memory_bytes: z.int(),
});

/** What the routes tell of. */
export interface MetricsSource {
  readonly metricsText: () => Promise<string>;
  readonly metricsHistory: MetricsHistory['read'];
}

export function metricsRoutes({ metricsText, metricsHistory }: MetricsSource): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/metrics/history',
      action: 'metrics.read',
      summary: 'How this process was in the last minutes, since its start and for a day at most',
      query: z.object({ minutes: z.coerce.number().int().min(1).max(1440).default(60) }),
      result: z.object({ every_seconds: z.number(), points: z.array(point) }),
      handle: ({ query }) => {
        const { every_seconds, points } = metricsHistory(query.minutes);
        return { every_seconds, points: [...points] };
      },
    }),
    route({
      method: 'GET',
      path: '//metrics',
      action: 'metrics.read',
      summary: 'What this process counts, for Prometheus',
      produces: 'text/plain',
      handle: async () => new Answer(await metricsText(), TEXT_TYPE),
    }),
  ];
}
