/** Run as a process of its own: makes the model named by argv[2] answer once and prints the packages that were loaded for it. */
import { registerHooks } from 'node:module';

const [name = '', address = ''] = process.argv.slice(2);
const loaded = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(found.url);
    if (match?.[1] !== undefined) loaded.add(match[1]);
    return found;
  },
});

const { openModels } = await import('../../../src/core/llm/open-models.ts');
const { systemClock } = await import('../../../src/core/kernel/clock.ts');
const models = openModels({
  clock: systemClock,
  providerStates: { get: async () => undefined, all: async () => [], change: async () => undefined },
  overridesFile: '/nowhere/models.json',
  credentials: {
    take: async () => ({ kind: 'api-key', value: 'test-key', source: 'test' }),
    failed: async () => ({ again: false }),
    missing: async () => undefined,
  },
  settings: {
    provider: undefined,
    model: undefined,
    fallbacks: [],
    failoverOn: [],
    failoverAfterMs: 0,
    addresses: { anthropic: address, openai: address, google: address },
    defaultModels: {},
    retryCount: 0,
    baseDelayMs: 0,
  },
});
const { model } = await models.resolve(name);
const parts = [{ type: 'text', text: 'hi', provenance: 'owner' }] as const;
const { signal } = new AbortController();
const request = { system: [], messages: [{ role: 'user', parts }], tools: [], maxOutputTokens: 100, signal } as const;
for await (const event of model.stream(request)) if (event.type === 'response-end') break;
process.stdout.write(JSON.stringify([...loaded]));
