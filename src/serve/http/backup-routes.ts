/** Owns the backups of the API: made and proved aside; a restore needs the server to be stopped and is a command. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { backupJson } from '../../core/backup/backup-json.ts';
import type { ListedBackup } from '../../core/backup/backup-service.ts';
import type { App } from '../../core/create-app.ts';
import { forHome } from '../../core/doctor/command-text.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { runAside, saidBy } from '../run-aside.ts';
import { backUpAside } from '../scheduled-backup.ts';
import { recordAct } from './record-act.ts';
import { Answer, route, type Route, type RouteDeps } from './route.ts';
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
  verified_at: instant.nullable().describe('When it was last proved that it restores'),
});

const proof = z.object({
  ok: z.boolean(),
  file: z.string(),
  sha256: z.string(),
  schema: z.int(),
  files: z.int(),
  rows: z.int(),
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
      handle: async () => {
        const found = (await (await app.backups()).service.list()).map(backupJson);
        const { audit } = await app.store();
        const proved = await audit.lastOf(
          'backup.verify',
          found.map(({ file }) => file),
        );
        return found.map((each) => ({ ...each, verified_at: isoOf(provedAfter(each, proved)) }));
      },
    }),
    ...planRoutes(app),
    ...fileRoutes(app),
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
      body: z.strictObject({
        keep: z.int().min(1).optional().describe('How many stay; else BACKUP_KEEP'),
        dry_run: z.boolean().default(false).describe('Only say which would go'),
      }),
      result: z.object({ removed: z.array(z.string()) }),
      handle: async ({ actor, body }) => {
        const { service } = await app.backups();
        const removed = await service.prune(body.keep ?? app.settings.get('BACKUP_KEEP'), body.dry_run);
        if (body.dry_run) return { removed };
        for (const file of removed) await recordAct(app, actor, 'backup.delete', { target: file });
        return { removed };
      },
    }),
  ];
}

/** A file that was put in the place of another of its name is not proved by what was told of that one. */
function provedAfter(
  { file, created_at: made }: { readonly file: string; readonly created_at: string },
  proved: ReadonlyMap<string, number>,
): number | undefined {
  const at = proved.get(file);
  return at === undefined || at < Date.parse(made) ? undefined : at;
}

const isoOf = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

const HOUR_MS = 60 * 60_000;

function planRoutes(app: App): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/backup-plan',
      action: 'backup.manage',
      summary: 'Where backups go, how often one is made, how many stay, and whether they are encrypted',
      result: z.object({
        folder: z.string(),
        every_hours: z.number().describe('0: only when somebody asks'),
        next_at: instant.nullable(),
        keep: z.int(),
        encrypts: z.boolean(),
        includes_secrets: z.boolean(),
        restore: z.string().describe('The command that puts one back; the name of its file follows'),
      }),
      handle: async () => {
        const { settings } = app;
        const [last] = await (await app.backups()).service.list();
        const every = settings.get('BACKUP_EVERY_HOURS');
        const due = last === undefined ? app.clock.now() : Date.parse(last.header.created_at) + every * HOUR_MS;
        const encrypts = (await (await app.secrets()).resolve('BACKUP_PASSPHRASE')) !== undefined;
        return {
          folder: settings.get('BACKUP_DIR'),
          every_hours: every,
          next_at: every === 0 ? null : new Date(Math.max(due, app.clock.now())).toISOString(),
          keep: settings.get('BACKUP_KEEP'),
          encrypts,
          restore: forHome('claw backup restore', app.paths.home),
          includes_secrets: encrypts && settings.get('BACKUP_SECRETS'),
        };
      },
    }),
  ];
}

const named = z.object({ name: z.string().max(200).describe('Name of the file in the folder of backups') });

function fileRoutes(app: App): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/backups/:name/verify',
      action: 'backup.manage',
      summary: 'Prove a backup by restoring it aside; answers when that is done',
      params: named,
      result: proof,
      handle: async ({ actor, params: { name }, signal }) => {
        const { file } = await listed(app, name);
        const run = await runAside(app, ['backup', 'verify', basename(file)], { timeoutMs: LONGEST_MS, signal });
        if (run.code === 0) return proof.parse(JSON.parse(run.stdout.toString('utf8')));
        await recordAct(app, actor, 'backup.verify', { target: file, outcome: 'failed' });
        throw new ClawError('data-invalid', `The backup could not be proved: ${saidBy(run)}`, {
          hint: `claw backup verify ${basename(file)}`,
        });
      },
    }),
    route({
      method: 'GET',
      path: '/backups/:name/file',
      action: 'backup.manage',
      summary: 'The file of a backup; only of one that is encrypted, because it holds everything of everybody',
      produces: 'application/octet-stream',
      params: named,
      handle: async ({ actor, params: { name } }) => {
        const { file, header, bytes } = await listed(app, name);
        if (header.encryption === null) {
          throw new ClawError('permission-denied', 'Only an encrypted backup leaves the machine this way.', {
            hint: 'Set a pass-phrase and back up again: claw secret set BACKUP_PASSPHRASE',
          });
        }
        await recordAct(app, actor, 'backup.download', { target: file });
        return new Answer(createReadStream(file), {
          'content-type': 'application/octet-stream',
          'content-length': String(bytes),
          'content-disposition': `attachment; filename="${basename(file)}"`,
        });
      },
    }),
  ];
}

/** A backup of the list by its name: no other file can be meant. Throws `not-found`. */
async function listed(app: App, name: string): Promise<ListedBackup> {
  const found = (await (await app.backups()).service.list()).find(({ file }) => basename(file) === name);
  if (found === undefined) throw new ClawError('not-found', `There is no backup ${JSON.stringify(name)}.`);
  return found;
}

const LONGEST_MS = 12 * HOUR_MS;
