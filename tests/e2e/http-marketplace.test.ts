/** The marketplace over the API of a running server, and in its chat: what is installed is there in the very next turn. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type TestRegistry, testRegistry } from '../fakes/test-registry.ts';
import { ask, type HttpAnswer } from './http-kit.ts';
import { runClawJson, temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

let registry: TestRegistry;
const shared = sharedServe(async (onEnd) => {
  registry = await testRegistry(join(await temporaryDirectory(onEnd), 'registry'));
  await registry.publish({ name: 'tally', answer: 'input.n + 1' });
  await registry.publish({ name: 'asks_net', permissions: { net: ['api.example.com'] } });
  return { env: { MARKETPLACE_REGISTRIES: `shipped,${registry.folder}`, LLM_PROVIDER: 'offline' } };
});

const api = (path: string, body?: object): Promise<HttpAnswer> =>
  ask(shared(), `/api/v1${path}`, body === undefined ? {} : { body });
const say = async (message: string): Promise<string> =>
  ((await api('/chat', { message })).json as { response: string }).response;
const detailOf = ({ json }: HttpAnswer): string => (json as { detail: string }).detail;

test(
  'a package is found, planned, refused without consent, installed, run, verified and taken away',
  { timeout: 60_000 },
  async () => {
    const found = (await api('/marketplace/search?q=tally')).json;
    expect(found).toMatchObject({
      packages: [{ name: 'tally', key_id: registry.keyId, installed: null }],
      remarks: [],
    });
    expect((await api('/marketplace/packages/tally')).json).toMatchObject({
      packages: [{ license: 'MIT', problem: null }],
    });
    const plan = await api('/marketplace/plan', { package: 'tally' });
    expect(plan.json).toMatchObject({ trust: 'new', questions: ['install', 'publisher'], may: [] });
    const unknown = await api('/marketplace/install', { package: 'tally', yes: true });
    expect([unknown.status, detailOf(unknown)]).toEqual([403, expect.stringContaining('which nobody has agreed to')]);
    const path = await api('/marketplace/install', { package: '/etc/passwd', yes: true });
    expect([path.status, detailOf(path)]).toEqual([400, 'A file can be installed at the terminal only.']);
    const good = await api('/marketplace/install', { package: 'tally', yes: true, trust: registry.keyId });
    expect([good.status, good.json]).toMatchObject([201, { name: 'tally', version: '1.0.0', state: 'active' }]);
    expect((await api('/tools/tally/run', { input: { n: 1 } })).json).toMatchObject({ status: 'ok', output: 2 });
    expect((await api('/marketplace/installed')).json).toMatchObject([{ name: 'tally' }]);
    expect((await api('/marketplace/verify')).json).toMatchObject([{ name: 'tally', status: 'ok' }]);
    await registry.publish({ name: 'tally', version: '1.1.0', answer: 'input.n + 2' });
    const { sha256 } = (await api('/marketplace/plan', { package: 'tally' })).json as { sha256: string };
    await registry.publish({ name: 'tally', version: '1.1.1', answer: 'input.n + 2', permissions: { net: ['*'] } });
    const seen = { yes: true, allow_new_permissions: true, sha256 };
    const swapped = await api('/marketplace/update', { name: 'tally', ...seen });
    expect([swapped.status, detailOf(swapped)]).toEqual([409, expect.stringContaining('another package now')]);
    await registry.publish({ name: 'tally', version: '1.1.2', answer: 'input.n + 2' });
    expect((await api('/marketplace/update', { name: 'tally', yes: true })).json).toMatchObject({ status: 'updated' });
    expect((await api('/marketplace/update', { name: 'tally', yes: true })).json).toMatchObject({ status: 'current' });
    expect((await api('/marketplace/registries')).json).toMatchObject({ registries: [{ location: 'shipped' }, {}] });
    expect((await api('/marketplace/uninstall', { name: 'tally' })).json).toMatchObject({ version: '1.1.2' });
    expect((await api('/marketplace/installed')).json).toEqual([]);
  },
);

test(
  'what a command installs while the server runs is there in the very next turn, and what chat installs too',
  { timeout: 60_000 },
  async () => {
    const home = shared().home;
    const env = { MARKETPLACE_REGISTRIES: registry.folder };
    const trust = ['--yes', '--trust', registry.keyId];
    const { code } = await runClawJson(['tool', 'install', 'tally', ...trust], { home, env, timeoutMs: 60_000 });
    expect(code).toBe(0);
    expect(await say('run tally {"n": 40}')).toContain('42');
    expect(await say('install unit_converter from the marketplace')).toContain('unit_converter 1.0.0 is installed');
    expect(await say('run unit_converter {"value": 1, "from": "km", "to": "m"}')).toContain('1000');
    expect(await say('마켓플레이스에서 base_converter 설치해줘')).toContain('base_converter 1.0.0 is installed');
    expect(await say('install asks_net from the marketplace')).toContain('asks_net was not installed');
  },
);
