import { expect, onTestFinished, test, vi } from 'vitest';
import { openApp } from '../../../src/core/create-app.ts';
import { configRoutes } from '../../../src/serve/http/config-routes.ts';
import type { RouteDeps } from '../../../src/serve/http/route.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

async function configKit() {
  vi.stubEnv('CLAW_SECRET_STORE', 'file');
  onTestFinished(() => void vi.unstubAllEnvs());
  const app = await openApp({ home: temporaryHome(), overrides: {} });
  onTestFinished(() => app.close());
  const { users } = await app.store();
  const user = { id: 'a', username: 'ada', role: 'admin', state: 'active', created_at: 0 } as const;
  await users.insertIfAbsent(user);
  const routes = configRoutes({ app } as RouteDeps);
  const ask = async (
    scopes: readonly string[] | null,
    line: string,
    parts: { readonly name?: string; readonly body?: object },
  ): Promise<unknown> => {
    const found = routes.find(({ method, path }) => `${method} ${path}` === line);
    if (found === undefined) throw new Error(`no route ${line}`);
    const actor = { user, via: 'api-key', credentialId: 'k', scopes, from: '127.0.0.1' };
    const asked = { actor, params: { name: parts.name }, query: undefined, body: parts.body, headers: {} };
    return found.handle(asked as unknown as Parameters<typeof found.handle>[0]);
  };
  return { app, ask };
}

const SET = 'PUT /config/settings/:name';
const UNSET = 'DELETE /config/settings/:name';

test('who may come in is not changed with a key that is good for some things only', async () => {
  const { app, ask } = await configKit();
  const limited = ['config.change'];
  for (const name of ['AUTH_ENABLED', 'auth-enabled', 'CLAW_DASHBOARD_PAIRING', 'TELEGRAM_ALLOWED_USERS']) {
    const refused = { code: 'permission-denied' };
    await expect(ask(limited, SET, { name, body: { value: 'false' } }), name).rejects.toMatchObject(refused);
    await expect(ask(limited, UNSET, { name }), name).rejects.toMatchObject(refused);
  }
  expect(await ask(limited, SET, { name: 'ASSISTANT_NAME', body: { value: 'Ada' } })).toMatchObject({ value: 'Ada' });
  await expect(ask(limited, 'POST /config/undo', { body: {} })).rejects.toMatchObject({ code: 'permission-denied' });
  expect(await ask(null, SET, { name: 'AUTH_ENABLED', body: { value: 'true' } })).toMatchObject({ value: true });
  expect(await ask(null, 'POST /config/undo', { body: {} })).toMatchObject({ changed: ['AUTH_ENABLED'] });
  expect(app.settings.get('ASSISTANT_NAME')).toBe('Ada');
});
