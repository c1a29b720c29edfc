import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Credential } from '../../../../src/core/llm/credential.ts';
import { createAnthropicModel } from '../../../../src/core/llm/anthropic/anthropic-model.ts';
import { collect, endOf, requestOf, serve, text } from '../../../contracts/language-model-kit.ts';
import { temporaryDirectory } from '../../../e2e/run-claw.ts';
import { anthropicWire } from '../../../fakes/llm/anthropic-wire.ts';
import { sse } from '../../../fakes/llm/model-server.ts';
import { spoken } from '../../../fakes/llm/wire.ts';

const credential = async (): Promise<Credential> => ({ kind: 'api-key', value: 'test-key', source: 'test' });
const ask = requestOf([text('user', 'hi')]);

describe('the Anthropic adapter', () => {
  test.each(['', '/', '/v1', '/v1/'])('takes a base URL that ends with %j', async (end) => {
    const server = await serve(spoken(anthropicWire, { text: ['hi'] }));
    const model = createAnthropicModel({
      provider: 'anthropic',
      model: 'claude-test',
      baseUrl: server.url + end,
      credential,
    });
    await collect(model.stream(ask));
    expect(server.requests[0]?.path).toBe('/v1/messages');
    expect(server.requests[0]?.headers['x-api-key']).toBe('test-key');
  });

  test('sends the credential it was given and not what another program left on the disk', async () => {
    const folder = await temporaryDirectory();
    mkdirSync(join(folder, 'configs'));
    mkdirSync(join(folder, 'credentials'));
    const profile = { version: '1.0', authentication: { type: 'user_oauth' }, workspace_id: 'made-up-workspace' };
    writeFileSync(join(folder, 'configs', 'default.json'), JSON.stringify(profile));
    const left = { version: '1.0', type: 'oauth_token', access_token: 'made-up-token', expires_at: 4_000_000_000 };
    writeFileSync(join(folder, 'credentials', 'default.json'), JSON.stringify(left), { mode: 0o600 });
    vi.stubEnv('ANTHROPIC_CONFIG_DIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = await serve(spoken(anthropicWire, { text: ['hi'] }));
    const options = { provider: 'anthropic', model: 'claude-test', baseUrl: server.url, credential };
    await collect(createAnthropicModel(options).stream(ask));
    expect(server.requests[0]?.headers['x-api-key']).toBe('test-key');
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
    expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('made-up');
  });

  test('writes nothing to the terminal, not even about a model that ages', async () => {
    const said = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error'), vi.spyOn(console, 'log')];
    const server = await serve(spoken(anthropicWire, { text: ['hi'] }), { pieces: [anthropicWire.malformedEvent()] });
    const model = createAnthropicModel({
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      baseUrl: server.url,
      credential,
    });
    await collect(model.stream(ask));
    await expect(collect(model.stream(ask))).rejects.toMatchObject({ kind: 'broken-stream' });
    for (const each of said) expect(each).not.toHaveBeenCalled();
  });

  test('keeps encrypted thinking', async () => {
    const events = anthropicWire.speak({ text: ['Yes.'] });
    const block = {
      type: 'content_block_start',
      index: 9,
      content_block: { type: 'redacted_thinking', data: 'ZGF0YQ==' },
    };
    const server = await serve({ pieces: [...events.slice(0, 2), sse(block, block.type), ...events.slice(2)] });
    const model = createAnthropicModel({
      provider: 'anthropic',
      model: 'claude-test',
      baseUrl: server.url,
      credential,
    });
    const { parts } = endOf(await collect(model.stream(ask)));
    expect(parts[0]).toEqual({ type: 'reasoning', text: '', provider: 'anthropic', opaque: 'redacted:ZGF0YQ==' });
  });

  test('gives the id of the request for support', async () => {
    const server = await serve({
      headers: { 'request-id': 'req_made_up' },
      pieces: anthropicWire.speak({ text: ['hi'] }),
    });
    const model = createAnthropicModel({
      provider: 'anthropic',
      model: 'claude-test',
      baseUrl: server.url,
      credential,
    });
    expect((await collect(model.stream(ask)))[0]).toEqual({ type: 'response-start', requestId: 'req_made_up' });
  });
});
