/** Owns the audit trail of the API: admins read it, nobody changes it. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { auditJson, verdictJson } from '../../core/audit/audit-service.ts';
import type { AuditFilter } from '../../core/store/audit-table.ts';
import { recordAct } from './record-act.ts';
import { Answer, route, type Route, type RouteDeps } from './route.ts';
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

const filterQuery = z.object({
  user: z.string().max(200).optional(),
  action: z.string().max(100).optional().describe('An action, or all of a noun: approval.*'),
  outcome: row.shape.outcome.optional(),
  target: z.string().max(500).optional().describe('What it was done to, exactly'),
  text: z.string().min(1).max(200).optional().describe('Stands in the name, the act, the target or the detail'),
  since: instant.optional(),
  until: instant.optional(),
});

const listQuery = filterQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  before: z.coerce.number().int().min(1).optional().describe('Only rows with a smaller number'),
});

function filterOf({ user, since, until, ...rest }: z.output<typeof filterQuery>): AuditFilter {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as AuditFilter),
    ...(user === undefined ? {} : { username: user }),
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
  };
}

export function auditRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/audit',
      action: 'audit.read',
      summary: 'Rows of the audit trail, newest first',
      query: listQuery,
      result: z.array(row),
      handle: async ({ query: { limit, before, ...query } }) => {
        const rows = await (await app.audit()).list(filterOf(query), limit, before);
        return rows.map((each) => auditJson(each) as z.input<typeof row>);
      },
    }),
    route({
      method: 'GET',
      path: '/audit/actions',
      action: 'audit.read',
      summary: 'The acts that the trail tells of, by name',
      result: z.array(z.string()),
      handle: async () => (await app.store()).audit.actions(),
    }),
    route({
      method: 'GET',
      path: '/audit/export',
      action: 'audit.read',
      summary: 'The rows of the trail as a file, oldest first',
      produces: 'text/csv',
      query: filterQuery.extend({ format: z.enum(['jsonl', 'csv']).default('csv') }),
      handle: async ({ actor, query: { format, ...query } }) => {
        const pages = (await app.audit()).export(format, filterOf(query));
        await recordAct(app, actor, 'audit.export', { detail: { format } });
        const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
        return new Answer(Readable.from(pages), {
          'content-type': `${type}; charset=utf-8`,
          'content-disposition': `attachment; filename="audit.${format}"`,
        });
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
