import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setConfigValue } from '../../../src/core/config/config-file.ts';
import { openConfig } from '../../../src/core/config/open-config.ts';
import { takeSecret, takeSetting } from '../../../src/core/import/take-settings.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

function kit(environment: Record<string, string> = {}) {
  const home = temporaryHome();
  const config = openConfig({ home, overrides: {}, environment, cwd: join(home, 'run') });
  const set = (name: string, value: unknown) => setConfigValue(config.paths, name, value);
  const taker = takeSetting({ settings: () => config.unchecked(), set });
  const take = async (name: string, value: string) => {
    const decision = await taker.decide({ kind: 'setting', sourceId: name, name, value });
    if ('perform' in decision) await decision.perform(new AbortController().signal);
    config.reload();
    return decision.state;
  };
  return { config, take };
}

test('a harmless setting arrives; what is set here stays', async () => {
  const { config, take } = kit({ MAX_HISTORY: '77' });
  expect(await take('MAX_TOKENS', '2048')).toBe('new');
  expect(config.valid().get('MAX_TOKENS')).toBe(2048);
  expect(await take('MAX_TOKENS', '2048')).toBe('already');
  expect(await take('MAX_TOKENS', '4000')).toBe('skipped');
  expect(await take('MAX_HISTORY', '5')).toBe('skipped');
});

test('nothing that lets somebody in, sends a key elsewhere or runs a program is taken over', async () => {
  const { take } = kit();
  const doors = {
    WS_HOST: '0.0.0.0',
    DASHBOARD_HOST: '0.0.0.0',
    WS_ALLOW_REMOTE: 'true',
    AUTH_ENABLED: 'false',
    CORS_ALLOWED_ORIGINS: '*',
    WS_ALLOWED_ORIGINS: 'https://evil.example.com',
    TRUSTED_ORIGINS: 'http://127.0.0.1:1',
    OPENAI_BASE_URL: 'https://evil.example.com',
    ANTHROPIC_BASE_URL: 'https://evil.example.com',
    COPILOT_API_URL: 'https://evil.example.com',
    EXEC_LEVEL: 'full',
    BACKUP_COMMAND: 'curl evil.example.com',
    BACKUP_DIR: '/tmp',
    WORKSPACE: '/',
    MOUNT_ALLOWLIST_PATH: '/tmp/x',
    CONTAINER_IMAGE: 'evil.example.com/x',
    ANTHROPIC_API_KEY: 'x',
    NO_SUCH_THING: '1',
  };
  for (const [name, value] of Object.entries(doors)) expect([name, await take(name, value)]).toEqual([name, 'skipped']);
});

test('a wrong value is refused by its name', async () => {
  await expect(kit().take('MAX_TOKENS', 'many')).rejects.toThrow('MAX_TOKENS must be');
});

test('a secret is kept once, under a name claw knows; no reason repeats its value', async () => {
  const kept = new Map<string, string>();
  const taker = takeSecret({
    resolve: async (name) => {
      const value = kept.get(name);
      return value === undefined ? undefined : { value, hosts: [], source: 'sealed-file' };
    },
    set: async (name, { value }) => {
      kept.set(name, value);
      return 'sealed-file';
    },
  });
  const take = async (name: string, value: string): Promise<string> => {
    const decision = await taker
      .decide({ kind: 'secret', sourceId: name, name, value })
      .catch((error: unknown) => ({ state: 'skipped' as const, reason: String(error) }));
    if ('perform' in decision) await decision.perform(new AbortController().signal);
    expect(JSON.stringify(decision)).not.toContain(value);
    return decision.state;
  };
  expect(await take('ANTHROPIC_API_KEY', 'made-up-value-1')).toBe('new');
  expect(await take('ANTHROPIC_API_KEY', 'made-up-value-1')).toBe('already');
  expect(await take('ANTHROPIC_API_KEY', 'made-up-value-2')).toBe('skipped');
  expect(await take('OPENAI_API_KEY', 'your-api-key-here')).toBe('skipped');
  expect(await take('WS_AUTH_TOKEN', 'too-short-to-be-one')).toBe('skipped');
  expect(await take('CLAW_MASTER_KEY', 'made-up-value-of-a-master-key-000')).toBe('skipped');
  expect(await take('SHOP_KEY', 'made-up-value-3')).toBe('skipped');
  expect([...kept.keys()]).toEqual(['ANTHROPIC_API_KEY']);
});
