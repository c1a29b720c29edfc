import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import type { ModelEvent } from '../../../src/core/llm/language-model.ts';
import { openModels, type Models } from '../../../src/core/llm/open-models.ts';
import { FAILOVER_CLASSES } from '../../../src/core/llm/failover-rules.ts';
import { createSecretCredentials } from '../../../src/core/llm/secret-credentials.ts';
import type { ModelSettings } from '../../../src/core/llm/choose-model.ts';
import { anthropicWire } from '../../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../../fakes/llm/chat-wire.ts';
import { type ModelServer, plainReply, type ReplySource, startModelServer } from '../../fakes/llm/model-server.ts';
import { spoken } from '../../fakes/llm/wire.ts';
import { memoryStates } from '../../fakes/memory-states.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const ADDRESSES = {
  anthropic: 'https://api.anthropic.com',
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com',
};

interface Setup {
  readonly keys?: readonly string[];
  readonly addresses?: Readonly<Record<string, string>>;
  readonly settings?: Partial<ModelSettings>;
  readonly overridesFile?: string;
}

function open({
  keys = [],
  addresses = {},
  settings = {},
  overridesFile = '/nowhere/models.json',
}: Setup = {}): Models {
  const all = { ...ADDRESSES, ...addresses };
  return openModels({
    clock: { ...systemClock, sleep: async () => {} },
    overridesFile,
    providerStates: memoryStates(),
    credentials: createSecretCredentials({
      addresses: all,
      secret: async (name) => (keys.includes(name) ? `value-of-${name}` : undefined),
    }),
    settings: {
      provider: undefined,
      model: undefined,
      fallbacks: [],
      failoverOn: FAILOVER_CLASSES,
      failoverAfterMs: 0,
      addresses: all,
      defaultModels: {},
      retryCount: 0,
      baseDelayMs: 0,
      ...settings,
    },
  });
}

async function serve(...replies: ReplySource[]): Promise<ModelServer> {
  const server = await startModelServer(replies);
  onTestFinished(() => server.close());
  return server;
}

async function ask(
  models: Models,
  name?: string,
): Promise<{ events: ModelEvent[]; ref: string; codes: string[]; price: unknown }> {
  const { model, ref, takeNotices, price } = await models.resolve(name);
  const events: ModelEvent[] = [];
  const parts = [{ type: 'text', text: 'hi', provenance: 'owner' }] as const;
  const { signal } = new AbortController();
  for await (const event of model.stream({
    system: [],
    messages: [{ role: 'user', parts }],
    tools: [],
    maxOutputTokens: 50_000,
    signal,
  })) {
    events.push(event);
  }
  return { events, ref, codes: takeNotices().map(({ code }) => code), price: price() };
}

describe('which model answers', () => {
  test('with nothing set up: offline mode, which says so once and what to add', async () => {
    const models = open();
    const { ref, takeNotices, price } = await models.resolve();
    expect(ref).toBe('offline/offline');
    expect(price()).toMatchObject({ input: 0, output: 0 });
    expect(takeNotices()).toMatchObject([
      { code: 'offline', text: expect.stringContaining('claw secret set ANTHROPIC_API_KEY') as string },
    ]);
    expect((await models.resolve()).takeNotices()).toEqual([]);
  });

  test('with the key of Anthropic: its default model, without a word', async () => {
    const { ref, takeNotices } = await open({ keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'] }).resolve();
    expect(ref).toBe('anthropic/claude-sonnet-5-5');
    expect(takeNotices()).toEqual([]);
  });

  test.each([
    ['OPENAI_API_KEY', 'openai/gpt-6.1-terra'],
    ['GOOGLE_API_KEY', 'google/gemini-3.8-flash'],
  ])('with %s only: that provider, and it says so', async (key, expected) => {
    const { ref, takeNotices } = await open({ keys: [key] }).resolve();
    expect(ref).toBe(expected);
    expect(takeNotices()).toMatchObject([
      { code: 'provider-chosen', text: expect.stringContaining(expected) as string },
    ]);
  });

  test('with a server of one’s own: the first model that it lists', async () => {
    const server = await serve(plainReply(200, { data: [{ id: 'llama3.3:8b' }, { id: 'qwen3' }] }));
    expect((await open({ addresses: { 'openai-compatible': `${server.url}/v1` } }).resolve()).ref).toBe(
      'openai-compatible/llama3.3:8b',
    );
  });

  test('a chosen provider that cannot be used makes way for offline mode, which says why', async () => {
    const { ref, takeNotices } = await open({
      keys: ['ANTHROPIC_API_KEY'],
      settings: { provider: 'openai' },
    }).resolve();
    expect(ref).toBe('offline/offline');
    expect(takeNotices()[0]?.text).toBe(
      'Offline mode. openai needs OPENAI_API_KEY, which is not set. Run: claw secret set OPENAI_API_KEY',
    );
  });

  test.each([
    [{ model: 'openai/gpt-5' }, 'openai/gpt-5'],
    [{ model: 'claude-haiku-4-5' }, 'anthropic/claude-haiku-4-5'],
    [{ provider: 'google' }, 'google/gemini-3.8-flash'],
    [{ provider: 'openai', model: 'claude-haiku-4-5' }, 'openai/claude-haiku-4-5'],
    [{ provider: 'openai', model: 'anthropic/claude-haiku-4-5' }, 'anthropic/claude-haiku-4-5'],
    [{ model: 'a-model-of-tomorrow' }, 'anthropic/a-model-of-tomorrow'],
  ])('the settings %j mean %s', async (settings, expected) => {
    const keys = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GOOGLE_API_KEY'];
    expect((await open({ keys, settings }).resolve()).ref).toBe(expected);
  });
});

describe('a model named on the way', () => {
  test('without its key is refused with the key’s name and the next step', async () => {
    await expect(open().resolve('anthropic/claude-x')).rejects.toMatchObject({
      code: 'auth-missing',
      exitCode: 4,
      message: expect.stringContaining('ANTHROPIC_API_KEY') as string,
      hint: 'claw secret set ANTHROPIC_API_KEY',
    });
  });

  test.each([
    ['openai-compatible', 'OPENAI_COMPATIBLE_BASE_URL'],
    ['copilot', 'COPILOT_API_URL'],
    ['replay', 'REPLAY_FILE'],
  ])('%s without its setting is refused with the setting’s name', async (name, setting) => {
    await expect(open().resolve(`${name}/x`)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(setting) as string,
    });
  });

  test.each([
    ['openai-compatible/meta-llama/llama-3.3', 'openai-compatible/meta-llama/llama-3.3'],
    ['anthropic', 'anthropic/claude-sonnet-5-5'],
    ['anthropic/', 'anthropic/claude-sonnet-5-5'],
    ['gpt-5', 'openai/gpt-5'],
    ['offline', 'offline/offline'],
  ])('%s means %s', async (name, expected) => {
    const keys = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'];
    const models = open({ keys, addresses: { 'openai-compatible': 'http://127.0.0.1:9/v1' } });
    expect((await models.resolve(name)).ref).toBe(expected);
    expect((await models.choose(name)).provider).toBe(expected.split('/')[0]);
  });

  test.each([
    ['nobody/none', { keys: ['ANTHROPIC_API_KEY'] }],
    ['nobody/none', { keys: ['ANTHROPIC_API_KEY'], settings: { provider: 'anthropic' } }],
    ['nobody/none', { addresses: { 'openai-compatible': 'http://127.0.0.1:9/v1' } }],
    ['none', {}],
    ['none', { settings: { provider: 'offline' } }],
  ])('%s of %j is not found: nobody else answers for it', async (name, options) => {
    await expect(open(options).resolve(name)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('an empty name is a usage error', async () => {
    await expect(open().resolve(' ')).rejects.toMatchObject({ code: 'usage-invalid' });
  });
});

describe('a resolved model', () => {
  test('sends its key and never asks for more than the model can write', async () => {
    const server = await serve(spoken(anthropicWire, { text: ['hi'] }));
    const models = open({ keys: ['ANTHROPIC_API_KEY'], addresses: { anthropic: server.url } });
    await ask(models, 'anthropic/claude-3-5-haiku-20241022');
    const [request] = server.requests;
    expect(request?.headers['x-api-key']).toBe('value-of-ANTHROPIC_API_KEY');
    expect(request === undefined ? 0 : anthropicWire.maxTokens(request)).toBe(8192);
  });

  test.each(['/v1', ''])('speaks Chat Completions to OPENAI_BASE_URL with the path %j', async (path) => {
    const server = await serve((request) =>
      request.path === '/v1/chat/completions' ? spoken(chatWire, { text: ['hi'] }) : plainReply(404, 'not here'),
    );
    const models = open({ keys: ['OPENAI_API_KEY'], addresses: { openai: `${server.url}${path}` } });
    expect((await ask(models)).events.at(-1)).toMatchObject({ type: 'response-end', parts: [{ text: 'hi' }] });
    expect(server.requests.at(-1)?.headers['authorization']).toBe('Bearer value-of-OPENAI_API_KEY');
  });

  test('sends no credential to a server of one’s own that wants none', async () => {
    const server = await serve(spoken(chatWire, { text: ['hi'] }));
    await ask(open({ addresses: { 'openai-compatible': `${server.url}/v1` } }), 'openai-compatible/llama');
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  test('fails over to FALLBACK_MODELS that can be used, priced as the one that answered', async () => {
    const broken = await serve(plainReply(529, anthropicWire.errorBody(529, 'Overloaded')));
    const works = await serve(spoken(chatWire, { text: ['here'] }));
    const models = open({
      keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
      addresses: { anthropic: broken.url, openai: `${works.url}/v1` },
      settings: { fallbacks: ['google/gemini-3.8-flash', 'openai/gpt-4o'] },
    });
    const { events, codes, price } = await ask(models);
    expect(events.at(-1)).toMatchObject({ parts: [{ text: 'here' }] });
    expect(codes).toEqual(['failover']);
    expect(price).toMatchObject({ input: 2.5 });
    expect(await models.breakers()).toEqual({ anthropic: 'closed' });
  });

  test.each([
    ['http://127.0.0.1:11434/v1', 0],
    ['http://localhost:11434', 0],
    ['http://[::1]:8000/v1', 0],
    ['http://192.0.2.1:8000/v1', undefined],
    ['https://127.0.0.1.example.com/v1', undefined],
  ])('at %s costs %s', async (address, input) => {
    const models = open({
      addresses: { 'openai-compatible': address, anthropic: address },
      keys: ['ANTHROPIC_API_KEY'],
    });
    expect((await models.resolve('openai-compatible/llama')).price()?.input).toBe(input);
    expect((await models.resolve('anthropic/unheard-of')).price()).toBeNull();
  });

  test('of a chain goes on with the chain, and not with FALLBACK_MODELS', async () => {
    const broken = await serve(plainReply(529, anthropicWire.errorBody(529, 'Overloaded')));
    const works = await serve(spoken(chatWire, { text: ['here'] }));
    const models = open({
      keys: ['ANTHROPIC_API_KEY'],
      addresses: { anthropic: broken.url, 'openai-compatible': `${works.url}/v1` },
      settings: { fallbacks: ['anthropic/claude-haiku-4-5'] },
    });
    const name = 'anthropic/claude-sonnet-5-5, openai-compatible/llama';
    expect(await models.chain(name)).toBe('anthropic/claude-sonnet-5-5,openai-compatible/llama');
    const { model, asked } = await models.resolve(name);
    const parts = [{ type: 'text', text: 'hi', provenance: 'owner' }] as const;
    const messages = [{ role: 'user', parts }] as const;
    const { signal } = new AbortController();
    for await (const _ of model.stream({ system: [], messages, tools: [], maxOutputTokens: 9, signal }));
    expect(asked()).toBe('openai-compatible/llama');
    expect(broken.requests).toHaveLength(1);
    await expect(models.chain('anthropic/claude-sonnet-5-5,google/x')).rejects.toMatchObject({ code: 'auth-missing' });
  });

  test('takes the price of the user’s own list', async () => {
    const overridesFile = join(temporaryHome(), 'models.json');
    writeFileSync(
      overridesFile,
      JSON.stringify([{ provider: 'openai-compatible', id: 'llama', context: 8_000, price: { input: 0, output: 0 } }]),
    );
    const addresses = { 'openai-compatible': 'http://192.0.2.1:9/v1' };
    expect((await open({ addresses }).resolve('openai-compatible/llama')).price()).toBeNull();
    const own = await open({ addresses, overridesFile }).resolve('openai-compatible/llama');
    expect(own.price()).toMatchObject({ input: 0 });
    expect(own.contextTokens).toBe(8_000);
  });
});

test('a recording goes on where it was, call after call', async () => {
  const file = join(temporaryHome(), 'answers.jsonl');
  writeFileSync(file, '{"text":"One."}\n{"text":"Two."}\n');
  const { model } = await open({ addresses: { replay: file } }).resolve('replay');
  const said: unknown[] = [];
  const { signal } = new AbortController();
  for (const _ of [1, 2]) {
    for await (const event of model.stream({ system: [], messages: [], tools: [], maxOutputTokens: 9, signal })) {
      if (event.type === 'response-end') said.push(event.parts);
    }
  }
  expect(said).toMatchObject([[{ text: 'One.' }], [{ text: 'Two.' }]]);
});

describe('the list of models', () => {
  test('tells what can be used, what is missing for the rest, and which answers', async () => {
    const models = await open({ keys: ['OPENAI_API_KEY'], settings: { model: 'openai/gpt-5-2025-08-07' } }).list();
    expect(models.filter(({ isCurrent }) => isCurrent).map(({ id }) => id)).toEqual(['gpt-5']);
    expect(models.find(({ id }) => id === 'gpt-5')).toMatchObject({ missing: undefined, chain: 1, breaker: 'closed' });
    expect(models.find(({ provider }) => provider === 'google')?.missing).toContain('GOOGLE_API_KEY');
    expect(models.find(({ provider }) => provider === 'offline')).toMatchObject({
      missing: undefined,
      isCurrent: false,
    });
  });

  test('holds what servers of one’s own list, and a current model that nobody lists', async () => {
    const server = await serve(plainReply(200, { data: [{ id: 'qwen3' }] }));
    const models = await open({
      addresses: { 'openai-compatible': `${server.url}/v1` },
      settings: { provider: 'openai-compatible', model: 'mine' },
    }).list();
    expect(models.filter(({ provider }) => provider === 'openai-compatible')).toMatchObject([
      { id: 'qwen3', price: { input: 0, output: 0 }, isLocal: true, isCurrent: false },
      { id: 'mine', price: { input: 0, output: 0 }, isLocal: true, isCurrent: true },
    ]);
  });
});
