/** Owns what the API tells to Prometheus. */
import { Answer, route, type Route } from './route.ts';

/** The type of the text format. Source: Prometheus, exposition formats. */
const TEXT_TYPE = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };

export function metricsRoutes(metricsText: () => Promise<string>): readonly Route[] {
  return [
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
