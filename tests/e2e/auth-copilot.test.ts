import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import { chatWire } from '../fakes/llm/chat-wire.ts';
import { plainReply, startModelServer } from '../fakes/llm/model-server.ts';
import { type EndpointServer, startEndpoints } from '../fakes/oauth/endpoint-server.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

const EXCHANGE = '/copilot_internal/v2/token';
const DEVICE = {
  device_code: 'device-canary',
  user_code: 'ABCD-1234',
  verification_uri: 'https://example.com/login/device',
  expires_in: 900,
  interval: 1,
};

async function github(): Promise<EndpointServer> {
  const server = await startEndpoints();
  onTestFinished(() => server.close());
  server.answer('/login/device/code', { body: DEVICE });
  server.answer('/login/oauth/access_token', { body: { access_token: 'github-canary', token_type: 'bearer' } });
  return server;
}

/** The exchange gives out a new token at each call. */
function exchanges(server: EndpointServer, api: string | undefined): void {
  let count = 0;
  server.answer(EXCHANGE, () => {
    count += 1;
    const expires_at = Math.floor(Date.now() / 1000) + 1800;
    const endpoints = api === undefined ? {} : { endpoints: { api } };
    return { body: { token: `copilot-canary-${count}`, expires_at, refresh_in: 1500, ...endpoints } };
  });
}

/** `ageMs`: how long ago the token of Copilot was renewed; 0: it was not yet. */
async function signIn(home: string, env: Readonly<Record<string, string>>, ageMs = 0): Promise<void> {
  const app = await openApp({ home, overrides: { SECRET_STORE: 'file', ...env } });
  const { service } = await app.accounts();
  await service.startLogin('copilot');
  await service.endLogin('copilot', undefined, { by: { id: 'owner-1' }, isAgreed: true });
  if (ageMs > 0) {
    await service.refresh('copilot', { id: 'owner-1' });
    await (await app.store()).accounts.change('copilot', { refreshed_at: Date.now() - ageMs });
  }
  await app.close();
}

test('after the log-in the provider answers with the token that GitHub exchanges, and with another when the API refuses it', async () => {
  const [home, server] = [await temporaryDirectory(), await github()];
  const model = await startModelServer([
    plainReply(401, { error: { message: 'token expired', code: 'invalid_api_key' } }),
    { pieces: chatWire.speak({ text: ['hello from Copilot'] }) },
  ]);
  onTestFinished(() => model.close());
  exchanges(server, model.url);
  const env = {
    COPILOT_CLIENT_ID: 'client-1',
    GITHUB_API_ROOT: server.url,
    COPILOT_API_HOSTS: '127.0.0.1',
    COPILOT_EDITOR_VERSION: 'test/1',
    LLM_MODEL: 'copilot/gpt-5-mini',
    LLM_RETRY_COUNT: '0',
  };
  await signIn(home, env, 600_000);
  expect(await runClaw(['chat', '-p', 'hello'], { home, env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('hello from Copilot') as unknown,
  });
  expect(model.requests.map(({ headers }) => headers['authorization'])).toEqual([
    'Bearer copilot-canary-2',
    'Bearer copilot-canary-3',
  ]);
  expect(model.requests[1]).toMatchObject({ path: '/chat/completions', headers: { 'editor-version': 'test/1' } });
  expect(server.asked(EXCHANGE).map(({ headers }) => headers.authorization)).toEqual(
    Array.from({ length: 3 }, () => 'token github-canary'),
  );
  const { json } = await runClawJson(['model', 'list'], { home, env });
  expect(JSON.stringify(json)).not.toContain('canary');
});

test('the token goes nowhere when GitHub names a host that is not expected', async () => {
  const [home, server] = [await temporaryDirectory(), await github()];
  const model = await startModelServer([{ pieces: chatWire.speak({ text: ['never'] }) }]);
  onTestFinished(() => model.close());
  exchanges(server, model.url);
  const env = {
    COPILOT_CLIENT_ID: 'client-1',
    GITHUB_API_ROOT: server.url,
    LLM_MODEL: 'copilot/gpt-5-mini',
    LLM_RETRY_COUNT: '0',
  };
  await signIn(home, env);
  const { stdout, stderr, code } = await runClaw(['chat', '-p', 'hello'], { home, env });
  expect(code).not.toBe(0);
  expect(stderr).toContain('COPILOT_API_HOSTS');
  expect(`${stdout}${stderr}`).not.toContain('canary');
  expect(model.requests).toEqual([]);
});
