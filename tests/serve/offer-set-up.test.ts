import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import type { Log } from '../../src/core/kernel/log.ts';
import { createSetUpOffers } from '../../src/serve/offer-set-up.ts';
import type { ServerState } from '../../src/serve/server-state.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

async function offersKit(overrides: Record<string, string>) {
  vi.stubEnv('CLAW_SECRET_STORE', 'file');
  onTestFinished(() => void vi.unstubAllEnvs());
  const home = temporaryHome();
  mkdirSync(join(home, 'run'), { recursive: true });
  const app = await openApp({ home, overrides });
  onTestFinished(() => app.close());
  const shown: string[] = [];
  const lines: string[] = [];
  const write = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
  const log: Log = {
    debug: write,
    info: write,
    warn: write,
    error: write,
    with: () => log,
    close: async () => {},
  };
  const state = { current: () => ({ ports: { http: 8123 }, http_host: '0.0.0.0' }) as unknown as ServerState };
  const offers = createSetUpOffers({ app, state, log, show: (url) => void shown.push(url) });
  return { app, offers, shown, lines, file: join(home, 'run', 'setup-link') };
}

test('the link is shown on the terminal and kept in a file of the owner alone, and the log only says where', async () => {
  const { offers, shown, lines, file, app } = await offersKit({ AUTH_ENABLED: 'true' });
  await offers.follow();
  await offers.follow();
  const [url = ''] = shown;
  expect(shown).toHaveLength(1);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8123\/dashboard\/setup#[0-9a-f]{64}$/);
  expect(readFileSync(file, 'utf8')).toBe(`${url}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const secret = url.split('#')[1] ?? '';
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('claw dashboard');
  expect(lines.join('\n')).not.toContain(secret);
  expect((await app.masker()).mask(`a line with ${secret}`)).not.toContain(secret);
  await offers.close();
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['nobody has to sign in', {}],
  ['a token of the settings signs the owner in', { AUTH_ENABLED: 'true', DASHBOARD_TOKEN: 'made-up-token-of-a-test' }],
])('there is none where %s', async (_why, overrides) => {
  const { offers, shown, lines, file } = await offersKit(overrides);
  await offers.follow();
  expect([shown, lines, existsSync(file)]).toEqual([[], [], false]);
});

test('there is none where an admin has a key', async () => {
  const { offers, shown, app } = await offersKit({ AUTH_ENABLED: 'true' });
  const admin = await app.actor();
  await (await app.access()).keys.create(admin, admin.user, {});
  await offers.follow();
  expect(shown).toEqual([]);
});
