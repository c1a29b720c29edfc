/** Owns who may do what, as one table for every surface. What belongs to somebody is theirs alone: these rows say what a role may do with its own, and what an admin manages for all. */
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Actor } from './actor.ts';
import type { UserRow as User } from '../store/users-table.ts';

type Role = User['role'];

const RANK: Readonly<Record<Role, number>> = { readonly: 1, user: 2, admin: 3 };

/** The least role for each action. Names are `noun.verb`. */
const PERMISSIONS = {
  'self.read': 'readonly',
  'self.change': 'user',
  'chat.send': 'user',
  'conversation.read': 'readonly',
  'conversation.change': 'user',
  'approval.read': 'readonly',
  'approval.decide': 'admin',
  'tool.read': 'readonly',
  'tool.run': 'user',
  'tool.manage': 'admin',
  'marketplace.read': 'readonly',
  'marketplace.manage': 'admin',
  'memory.read': 'readonly',
  'memory.change': 'user',
  'knowledge.read': 'readonly',
  'knowledge.change': 'user',
  'task.read': 'readonly',
  'task.change': 'user',
  'key.read': 'readonly',
  'key.change': 'user',
  'cost.read': 'readonly',
  'cost.read-all': 'admin',
  'webhook.read': 'readonly',
  'webhook.change': 'user',
  'model.read': 'readonly',
  'model.change': 'admin',
  'status.read': 'readonly',
  'stats.read': 'readonly',
  'stats.read-all': 'admin',
  'user.read': 'admin',
  'user.manage': 'admin',
  'budget.manage': 'admin',
  'pairing.manage': 'admin',
  'device.manage': 'admin',
  'group.read': 'admin',
  'group.manage': 'admin',
  'channel.read': 'admin',
  'message.manage': 'admin',
  'config.read': 'admin',
  'config.change': 'admin',
  'secret.manage': 'admin',
  'account.manage': 'admin',
  'audit.read': 'admin',
  'metrics.read': 'admin',
  'doctor.read': 'admin',
  'doctor.fix': 'admin',
  'security.read': 'admin',
  'security.harden': 'admin',
  'log.read': 'admin',
  'backup.manage': 'admin',
  'retention.manage': 'admin',
} as const satisfies Readonly<Record<string, Role>>;

export type Action = keyof typeof PERMISSIONS;

/** Whether the actor may do that. A role or action that is not in the table may nothing. */
export function mayDo({ user, scopes }: Pick<Actor, 'user' | 'scopes'>, action: Action): boolean {
  if (user.state !== 'active') return false;
  const have = Object.hasOwn(RANK, user.role) ? RANK[user.role] : 0;
  const need = Object.hasOwn(PERMISSIONS, action) ? RANK[PERMISSIONS[action]] : Infinity;
  const [noun] = action.split('.', 1);
  return have >= need && (scopes === null || scopes.includes(action) || scopes.includes(`${noun}.*`));
}

/** Whether a key can be limited to this: an action, or all of one noun (`chat.*`). */
export function isScope(text: string): boolean {
  return Object.keys(PERMISSIONS).some((action) => action === text || `${action.split('.', 1)[0] ?? ''}.*` === text);
}

/** The table, for people who choose what a key is good for. */
export function permissionRows(): readonly { readonly action: string; readonly role: Role }[] {
  return Object.entries(PERMISSIONS).map(([action, role]) => ({ action, role }));
}

/** Throws `permission-denied` for a credential that is not good for everything: no way in comes of it, for nobody. */
export function requireWhole({ scopes }: Pick<Actor, 'scopes'>): void {
  if (scopes !== null) throw new ClawError('permission-denied', phrase('credentialNotForSignIn'));
}

/** Throws `permission-denied` for those who may not do that. */
export function requirePermission(actor: Pick<Actor, 'user' | 'scopes'>, action: Action): void {
  if (mayDo(actor, action)) return;
  const { user, scopes } = actor;
  const isScope = user.state === 'active' && mayDo({ user, scopes: null }, action) && scopes !== null;
  const why = user.state === 'active' ? `has the role ${user.role}` : 'is disabled';
  throw new ClawError(
    'permission-denied',
    isScope ? phrase('keyNotGood', action) : phrase('mayNotDo', user.username, why, action),
    { hint: phrase('askAdmin') },
  );
}
