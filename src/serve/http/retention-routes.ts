/** Owns how long what is kept, for clients: the rules, the last round and the next, and a round now. */
import { z } from 'zod';
import { reportJson, ruleJson } from '../../core/retention/retention-json.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const rule = z.object({
  setting: z.string(),
  keep: z.int().describe('0: for ever'),
  unit: z.enum(['days', 'rows']),
  kinds: z.array(z.string()),
});

const report = z.object({
  dry_run: z.boolean(),
  at: instant,
  ms: z.int(),
  rows: z.int(),
  bytes: z.int(),
  gone: z.array(z.object({ kind: z.string(), rows: z.int(), bytes: z.int() })),
});

export function retentionRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/retention',
      action: 'retention.manage',
      summary: 'How long what is kept, what the last round took away, and when the next one is',
      result: z.object({ rules: z.array(rule), last: report.nullable(), next_at: instant }),
      handle: async () => {
        const service = await app.retention();
        const last = await service.last();
        return {
          rules: service.rules().map(ruleJson),
          last: last === undefined ? null : reportJson(last),
          next_at: new Date(service.next()).toISOString(),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/retention/run',
      action: 'retention.manage',
      summary: 'Take away what is older than it is kept now; answers when it is done',
      body: z.strictObject({ dry_run: z.boolean().default(false).describe('Only count') }),
      result: report,
      handle: async ({ actor, body, signal }) =>
        reportJson(await (await app.retention()).run(actor, signal, body.dry_run)),
    }),
  ];
}
