/** Owns the list of housekeeping tasks of a server. */
import type { App } from '../core/create-app.ts';
import { rotateLog } from '../core/kernel/rotate-log.ts';
import { type MaintenanceTask, pruneLeftovers } from './maintenance.ts';
import { refreshRegistries } from './refresh-registries.ts';
import { backupWhenDue } from './scheduled-backup.ts';

/** SQLite keeps its log at about 4 MB by itself; a larger file was left by a moment of many writes. Bytes. */
const LARGE_WAL = 16 * 1024 * 1024;

export function maintenanceTasks(app: App): Readonly<Record<string, MaintenanceTask>> {
  const { paths, clock } = app;
  return {
    checkpoint: async () => ({ wal_bytes_freed: (await (await app.store()).checkpoint(LARGE_WAL)) ?? 0 }),
    leftovers: async () => ({ leftovers_deleted: await pruneLeftovers(paths.run, clock.now()) }),
    search_index: async () => ({ messages_indexed: await (await app.conversations()).indexWaiting() }),
    audit: async () => {
      await (await app.store()).anchorAudit();
      return {};
    },
    registries: refreshRegistries(app),
    logs: async () => {
      const limits = { maxBytes: app.settings.get('LOG_MAX_BYTES'), keepDays: app.settings.get('LOG_KEEP_DAYS') };
      const { rotated, removed } = rotateLog(paths.log, limits, clock.now());
      return { logs_rotated: rotated ? 1 : 0, logs_deleted: removed };
    },
  };
}

/** Backups, in rounds of their own: one may take hours, and nothing else waits for it. */
export function backupTasks(app: App): Readonly<Record<string, MaintenanceTask>> {
  return { backup: async (signal) => ({ backup: (await backupWhenDue(app, signal)) ?? 'not due' }) };
}

/** What is older than it is kept goes once a night, in rounds of its own: the first may take minutes. */
export function retentionTasks(app: App): Readonly<Record<string, MaintenanceTask>> {
  return {
    async retention(signal) {
      const service = await app.retention();
      if (!(await service.isDue())) return { retention: 'not due' };
      const { gone, ms } = await service.run({}, signal);
      return { ...Object.fromEntries(gone.map(({ kind, rows }) => [`${kind}_deleted`, rows])), retention_ms: ms };
    },
  };
}
