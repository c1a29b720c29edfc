/** Owns what a home holds and takes, for clients. It is counted by another process: every page of a large database may be looked at. */
import { z } from 'zod';
import { requirePermission } from '../../core/access/permissions.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { runAside, saidBy } from '../run-aside.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const byName = z.record(z.string(), z.int());

const stats = z.object({
  at: instant,
  scope: z.enum(['all', 'own']),
  counts: byName,
  tasks: byName,
  deliveries: byName,
  cost_usd: z.object({ today: z.number(), month: z.number() }),
  disk: z
    .object({
      database: z.int(),
      wal: z.int(),
      folders: byName,
      other: z.int(),
      disk_free: z.int(),
      tables: z.object({ groups: z.array(z.object({ group: z.string(), bytes: z.int() })).nullable(), free: z.int() }),
    })
    .nullable(),
  server: z.object({ running: z.boolean(), uptime_seconds: z.int().nullable() }),
});

const LONGEST_MS = 60_000;

export function statsRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/stats',
      action: 'stats.read',
      summary: 'How much there is of what; for admins also what it takes on the disk',
      query: z.object({ own: z.stringbool().default(false).describe('Only what is your own') }),
      result: stats,
      handle: async ({ actor, query, signal }) => {
        const args = ['stats', '--user', actor.user.username, ...(query.own || !maySeeAll(actor) ? ['--own'] : [])];
        const run = await runAside(app, args, { timeoutMs: LONGEST_MS, signal });
        if (run.code === 0) return stats.parse(JSON.parse(run.stdout.toString('utf8')));
        throw new ClawError('upstream-failed', `The count failed (${run.outcome}): ${saidBy(run)}`);
      },
    }),
  ];
}

function maySeeAll(actor: Parameters<typeof requirePermission>[0]): boolean {
  try {
    requirePermission(actor, 'stats.read-all');
    return true;
  } catch {
    return false;
  }
}
