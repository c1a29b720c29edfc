/** Owns the list of housekeeping tasks of a server. */
import type { App } from '../core/create-app.ts';
import { rotateLog } from '../core/kernel/rotate-log.ts';
import { cutAudit } from './cut-audit.ts';
import { type MaintenanceTask, pruneLeftovers } from './maintenance.ts';
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
      const store = await app.store();
      const cut = await cutAudit(store, app.settings.get('AUDIT_KEEP_DAYS'), clock.now());
      await store.anchorAudit();
      return { audit_rows_cut: cut };
    },
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
