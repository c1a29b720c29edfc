/** Owns the audit trail of the API: admins read it, nobody changes it. */
import { z } from 'zod';
import { auditJson, verdictJson } from '../../core/audit/audit-service.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const row = z.object({
  seq: z.int(),
  at: instant,
  user_id: z.string().nullable(),
  username: z.string(),
  via: z.string(),
  from: z.string(),
  action: z.string(),
  target: z.string().nullable(),
  outcome: z.enum(['ok', 'denied', 'failed']),
  detail: z.record(z.string(), z.unknown()),
  code: z.string(),
});

const verdict = z.object({
  ok: z.boolean(),
  rows: z.int(),
  cut_through: z.int(),
  last_row: z.int(),
  last_code: z.string(),
  first_bad_row: z.int().nullable(),
  problem: z.string().nullable(),
  remark: z.string().nullable(),
});

const listQuery = z.object({
  user: z.string().max(200).optional(),
  action: z.string().max(100).optional().describe('An action, or all of a noun: approval.*'),
  since: instant.optional(),
  until: instant.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  before: z.coerce.number().int().min(1).optional().describe('Only rows with a smaller number'),
});

export function auditRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/audit',
      action: 'audit.read',
      summary: 'Rows of the audit trail, newest first',
      query: listQuery,
      result: z.array(row),
      handle: async ({ query: { user, action, since, until, limit, before } }) => {
        const filter = {
          ...(user === undefined ? {} : { username: user }),
          ...(action === undefined ? {} : { action }),
          ...(since === undefined ? {} : { since: Date.parse(since) }),
          ...(until === undefined ? {} : { until: Date.parse(until) }),
        };
        const rows = await (await app.audit()).list(filter, limit, before);
        return rows.map((each) => auditJson(each) as z.input<typeof row>);
      },
    }),
    route({
      method: 'POST',
      path: '/audit/verify',
      action: 'audit.read',
      summary: 'Check that no row was changed, removed, moved or put in',
      result: verdict,
      handle: async ({ signal }) => verdictJson(await (await app.audit()).verify({ signal })),
    }),
  ];
}
