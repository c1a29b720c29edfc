/** Owns the audit rows of commands whose effect is a file, not a row: written right after it. */
import type { App } from '../core/create-app.ts';
import type { AuditEntry } from '../core/store/audit-table.ts';

type Act = Pick<AuditEntry, 'target' | 'outcome' | 'detail'>;

/** Adds a row in the name of whoever runs the command: the user `username`, or the owner of the home. */
export async function recordAct(app: App, action: string, act: Act, username?: string): Promise<void> {
  const user = await app.user(username);
  await (await app.store()).audit.append({ at: app.clock.now(), by: { user, via: 'terminal' }, action, ...act });
}
