/** Owns the backups of the API: made and proved aside; a restore needs the server to be stopped and is a command. */
import { z } from 'zod';
import { backupJson } from '../../core/backup/backup-json.ts';
import { recordAct } from './record-act.ts';
import { backUpAside } from '../scheduled-backup.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const backup = z.object({
  file: z.string(),
  bytes: z.int(),
  created_at: instant,
  claw: z.string(),
  schema: z.int(),
  encrypted: z.boolean(),
  secrets: z.boolean(),
  scheduled: z.boolean(),
});

const made = z.looseObject({ file: z.string(), bytes: z.int(), sha256: z.string(), schema: z.int() });

export function backupRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/backups',
      action: 'backup.manage',
      summary: 'List the backups, newest first',
      result: z.array(backup),
      handle: async () => (await (await app.backups()).service.list()).map(backupJson),
    }),
    route({
      method: 'POST',
      path: '/backups',
      action: 'backup.manage',
      summary: 'Make a backup now; answers when it is written',
      status: 201,
      result: made,
      handle: async () => made.parse(await backUpAside(app, [])),
    }),
    route({
      method: 'POST',
      path: '/backups/prune',
      action: 'backup.manage',
      summary: 'Take away all but the newest backups',
      body: z.strictObject({ keep: z.int().min(1).optional().describe('How many stay; else BACKUP_KEEP') }),
      result: z.object({ removed: z.array(z.string()) }),
      handle: async ({ actor, body }) => {
        const { service } = await app.backups();
        const removed = await service.prune(body.keep ?? app.settings.get('BACKUP_KEEP'));
        for (const file of removed) await recordAct(app, actor, 'backup.delete', { target: file });
        return { removed };
      },
    }),
  ];
}
