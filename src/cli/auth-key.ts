/** Owns logging in with nothing but an API key. */
import { requirePermission } from '../core/access/permissions.ts';
import { checkSecretValue } from '../core/config/prepare-change.ts';
import type { App } from '../core/create-app.ts';
import { readSecret } from './read-secret.ts';
import { recordAct } from './record-act.ts';

/** The secret that is the key of a provider. */
export const KEY_OF: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_API_KEY',
};

/** Reads the key and keeps it as a secret. */
export async function keepKey(app: App, provider: string): Promise<{ provider: string; name: string; source: string }> {
  requirePermission(await app.actor(), 'account.manage');
  const name = KEY_OF[provider] ?? '';
  const value = await readSecret(`API key of ${provider}`);
  checkSecretValue(name, value);
  const source = await (await app.secrets()).set(name, { value, hosts: [] });
  await recordAct(app, 'secret.set', { target: name, detail: { hosts: [], store: source } });
  return { provider, name, source };
}

/** Forgets the key of a provider. Throws `not-found`, and `conflict` for one that stands in the environment. */
export async function forgetKey(app: App, provider: string): Promise<readonly string[]> {
  requirePermission(await app.actor(), 'account.manage');
  const name = KEY_OF[provider] ?? '';
  await (await app.secrets()).remove(name);
  await recordAct(app, 'secret.remove', { target: name });
  return [`${provider} itself is not told: the key stays good there until you withdraw it.`];
}
