import { expect, test } from 'vitest';
import { isScope, requirePermission } from '../../../src/core/access/permissions.ts';

type Action = Parameters<typeof requirePermission>[1];
type Role = 'readonly' | 'user' | 'admin';

// Written down a second time on purpose: who widens a right says so twice.
const RIGHTS: Readonly<Record<Role, readonly string[]>> = {
  readonly: [
    'self.read', 'conversation.read', 'approval.read', 'tool.read', 'memory.read', 'knowledge.read', 'task.read',
    'key.read', 'cost.read', 'webhook.read', 'model.read', 'status.read', 'stats.read',
  ], // oxfmt-ignore
  user: [
    'self.change', 'chat.send', 'conversation.change', 'tool.run', 'memory.change', 'knowledge.change', 'task.change',
    'key.change', 'webhook.change',
  ], // oxfmt-ignore
  admin: [
    'approval.decide', 'tool.manage', 'cost.read-all', 'model.change', 'user.read', 'user.manage', 'budget.manage',
    'pairing.manage', 'device.manage', 'group.read', 'group.manage', 'channel.read', 'message.manage', 'config.read', 'config.change',
    'secret.manage', 'audit.read', 'metrics.read', 'doctor.fix', 'security.harden', 'log.read', 'backup.manage', 'retention.manage', 'stats.read-all',
  ], // oxfmt-ignore
};
const ACTIONS = Object.values(RIGHTS).flat() as Action[];

const person = (role: Role, state: 'active' | 'disabled' = 'active') => ({
  id: 'p',
  username: 'p',
  role,
  state,
  created_at: 0,
});

function allowed(actor: Parameters<typeof requirePermission>[0]): string[] {
  return ACTIONS.filter((action) => {
    try {
      requirePermission(actor, action);
      return true;
    } catch {
      return false;
    }
  });
}

test('a role may what is written here, and all that the roles below it may', () => {
  const { readonly, user, admin } = RIGHTS;
  expect(allowed({ user: person('readonly'), scopes: null })).toEqual(readonly);
  expect(allowed({ user: person('user'), scopes: null })).toEqual([...readonly, ...user]);
  expect(allowed({ user: person('admin'), scopes: null })).toEqual([...readonly, ...user, ...admin]);
});

test('a disabled person may nothing, whatever the role', () => {
  for (const role of ['readonly', 'user', 'admin'] as const) {
    expect(allowed({ user: person(role, 'disabled'), scopes: null })).toEqual([]);
  }
});

test('scopes narrow a role and never widen it', () => {
  expect(allowed({ user: person('readonly'), scopes: ['memory.*', 'chat.send'] })).toEqual(['memory.read']);
  expect(allowed({ user: person('admin'), scopes: [] })).toEqual([]);
  expect(allowed({ user: person('admin'), scopes: ['cost.read'] })).toEqual(['cost.read']);
});

test('a role or action that is not in the table may nothing', () => {
  const odd = { ...person('admin'), role: 'toString' as Role };
  expect(allowed({ user: odd, scopes: null })).toEqual([]);
  const user = person('admin');
  expect(() => requirePermission({ user, scopes: null }, 'constructor' as Action)).toThrow('may not');
  expect(isScope('nobody.knows')).toBe(false);
});
