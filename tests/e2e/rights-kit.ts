/** Owns people of every kind for tests of rights: made in a home before its server starts, each with the credential they show. */
import { type Actor, terminalActor } from '../../src/core/access/actor.ts';
import { requirePermission } from '../../src/core/access/permissions.ts';
import { openApp } from '../../src/core/create-app.ts';

/** One who asks, and as what they are to be treated; undefined: as nobody. */
export interface Asker {
  readonly name: string;
  readonly id: string;
  /** The API key; undefined for nobody. */
  readonly key: string | undefined;
  readonly actor: Pick<Actor, 'user' | 'scopes'> | undefined;
}

const SCOPES = ['webhook.read', 'task.*'];
const NOBODY = '00000000-0000-7000-8000-000000000000';

/** nobody, readonly, user, admin, disabled, expired, revoked and scoped, in this order. */
export async function makeAskers(home: string): Promise<readonly Asker[]> {
  const app = await openApp({ home, overrides: { CLAW_SECRET_STORE: 'file' } });
  const { users, keys } = await app.access();
  const owner = await app.actor();
  const make = async (name: string, role: 'readonly' | 'user' | 'admin') => {
    const { user } = await users.create(owner, { username: name, role });
    return { user, key: async (more = {}) => keys.create(owner, user, more) };
  };
  const askers: Asker[] = [{ name: 'nobody', id: NOBODY, key: undefined, actor: undefined }];
  for (const role of ['readonly', 'user', 'admin'] as const) {
    const { user, key } = await make(role, role);
    askers.push({ name: role, id: user.id, key: (await key()).text, actor: terminalActor(user) });
  }
  for (const name of ['disabled', 'expired', 'revoked'] as const) {
    const { user, key } = await make(name, 'admin');
    const shown = await key(name === 'expired' ? { expiresInMs: 1 } : {});
    if (name === 'revoked') await keys.revoke(owner, user, shown.row.id);
    if (name === 'disabled') await users.disable(owner, user.id);
    askers.push({ name, id: user.id, key: shown.text, actor: undefined });
  }
  const { user, key } = await make('scoped', 'admin');
  const { text } = await key({ scopes: SCOPES });
  askers.push({ name: 'scoped', id: user.id, key: text, actor: { user, scopes: SCOPES } });
  await app.close();
  return askers;
}

type Action = Parameters<typeof requirePermission>[1];

/** What the permission table says of this asker. */
export function verdictOf({ actor }: Asker, action: Action | 'public'): 'allowed' | 401 | 403 {
  if (action === 'public') return 'allowed';
  if (actor === undefined) return 401;
  try {
    requirePermission(actor, action);
    return 'allowed';
  } catch {
    return 403;
  }
}

export const headersOf = ({ key }: Asker): Record<string, string> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` };
