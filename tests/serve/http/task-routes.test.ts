import { expect, onTestFinished, test, vi } from 'vitest';
import { openApp } from '../../../src/core/create-app.ts';
import type { RouteDeps } from '../../../src/serve/http/route.ts';
import { taskRoutes } from '../../../src/serve/http/task-routes.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

async function taskKit() {
  vi.stubEnv('CLAW_SECRET_STORE', 'file');
  onTestFinished(() => void vi.unstubAllEnvs());
  const app = await openApp({ home: temporaryHome(), overrides: {} });
  onTestFinished(() => app.close());
  const user = { id: 'a', username: 'ada', role: 'user', state: 'active', created_at: 0 } as const;
  await (await app.store()).users.insertIfAbsent(user);
  const routes = taskRoutes({ app } as RouteDeps);
  return async (scopes: readonly string[] | null, line: string, body: object): Promise<unknown> => {
    const found = routes.find(({ method, path }) => `${method} ${path}` === line);
    if (found === undefined) throw new Error(`no route ${line}`);
    const actor = { user, via: 'api-key', credentialId: 'k', scopes, from: '127.0.0.1' };
    const asked = { actor, params: { id: 'mine' }, query: undefined, body, headers: {} };
    return found.handle(asked as unknown as Parameters<typeof found.handle>[0]);
  };
}

const MAKE = 'POST /tasks';
const CHANGE = 'PATCH /tasks/:id';
const WHEN = { schedule_type: 'cron', schedule_value: '0 9 * * *', tz: 'UTC' };
const DENIED = { code: 'permission-denied' };

test('a key for tasks alone neither talks nor runs tools by way of one', async () => {
  const ask = await taskKit();
  const limited = ['task.*'];
  await expect(ask(limited, MAKE, { ...WHEN, prompt: 'hello' })).rejects.toMatchObject(DENIED);
  await expect(ask(limited, MAKE, { ...WHEN, tool: 'weather' })).rejects.toMatchObject(DENIED);
  const talking = [...limited, 'chat.send'];
  await expect(ask(talking, MAKE, { ...WHEN, prompt: 'hello', gate: 'weather' })).rejects.toMatchObject(DENIED);
  expect(await ask(talking, MAKE, { ...WHEN, id: 'mine', prompt: 'hello' })).toMatchObject({ id: 'mine' });
  for (const change of [{ prompt: 'bye' }, { gate: 'weather' }, { tool_input: {} }]) {
    await expect(ask(limited, CHANGE, change)).rejects.toMatchObject(DENIED);
  }
  expect(await ask(limited, CHANGE, { schedule_value: '0 8 * * *' })).toMatchObject({ schedule_value: '0 8 * * *' });
  expect(await ask(null, CHANGE, { prompt: 'bye' })).toMatchObject({ prompt: 'bye' });
});
