/** Owns the right of a command to work as somebody: `--user` names whose data is meant, and what that user may not do is not done for them either. */
import type { User } from '../core/access/local-user.ts';
import { requirePermission } from '../core/access/permissions.ts';
import type { App } from '../core/create-app.ts';

/** The user of that name, or the owner of the home. Throws `not-found`, and `permission-denied` when they may not do that. */
export async function permittedUser(
  app: Pick<App, 'actor'>,
  name: string | undefined,
  action: Parameters<typeof requirePermission>[1],
): Promise<User> {
  const actor = await app.actor(name);
  requirePermission(actor, action);
  return actor.user;
}
