/** What the tests of the audit trail share: a home with a trail of some rows, and a way to change it as an attacker with the database file would. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { verifyAudit, type AuditVerdict } from '../../../src/core/audit/verify-audit.ts';
import { auditPaths } from '../../../src/core/kernel/paths.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';

export const openTrail = (home: string): Store =>
  openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });

export const owner = { user: { id: 'u1', username: 'owner' }, via: 'terminal' };

export async function fill(store: Store, count: number, from = 1): Promise<void> {
  for (let index = from; index < from + count; index += 1) {
    await store.audit.append({ at: index * 1000, by: owner, action: 'config.set', target: `SETTING_${index}` });
  }
}

/** Runs SQL on the file without claw, the triggers dropped first. */
export function tamper(home: string, sql: string): void {
  const database = new Sqlite(join(home, 'claw.db'));
  const names = database
    .prepare("select name from sqlite_master where type = 'trigger' and name like 'audit%'")
    .pluck();
  for (const name of names.all() as string[]) database.exec(`drop trigger ${name}`);
  database.exec(sql);
  database.close();
}

export const verdictOf = (store: Store, home: string): Promise<AuditVerdict> =>
  verifyAudit(store.audit, auditPaths(home));
