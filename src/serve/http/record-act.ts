/** Owns the audit rows of requests whose effect is a file, not a row: written right after it. */
import type { Actor } from '../../core/access/actor.ts';
import type { App } from '../../core/create-app.ts';
import type { AuditEntry } from '../../core/store/audit-table.ts';

type Act = Pick<AuditEntry, 'target' | 'outcome' | 'detail'>;

/** Adds a row in the name of whoever asks. */
export async function recordAct(app: App, by: Actor, action: string, act: Act): Promise<void> {
  await (await app.store()).audit.append({ at: app.clock.now(), by, action, ...act });
}
