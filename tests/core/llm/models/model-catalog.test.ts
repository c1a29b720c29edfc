import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadModelCatalog } from '../../../../src/core/llm/models/model-catalog.ts';
import { PROVIDERS } from '../../../../src/core/llm/registry.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

const NO_FILE = '/nowhere/models.json';

function modelsFile(content: unknown): string {
  const file = join(temporaryHome(), 'models.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('the built-in models', () => {
  test('are found by exact id or dated alias, never by a part or with something added', async () => {
    const { find } = await loadModelCatalog(NO_FILE);
    expect(find('anthropic', 'claude-sonnet-4-5')?.id).toBe('claude-sonnet-4-5');
    expect(find('anthropic', 'claude-sonnet-4-5-20250929')?.id).toBe('claude-sonnet-4-5');
    for (const id of [
      'claude-sonnet',
      'claude-sonnet-4-5-2025',
      'claude-sonnet-4-5-20250929-v2',
      'xclaude-sonnet-4-5',
      '',
    ]) {
      expect(find('anthropic', id)).toBeUndefined();
    }
    expect(find('openai', 'claude-sonnet-4-5')).toBeUndefined();
    expect(find('openai', 'gpt-4o-mini')?.price?.input).toBe(0.15);
  });

  test('have sizes, prices that make sense and the day they were read', async () => {
    const { models } = await loadModelCatalog(NO_FILE);
    const ids = models.flatMap(({ provider, id, aliases = [] }) =>
      [id, ...aliases].map((each) => `${provider}/${each}`),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const { contextTokens, maxOutputTokens, price, pricedOn } of models) {
      expect(contextTokens).toBeGreaterThanOrEqual(maxOutputTokens);
      expect(price?.output).toBeGreaterThan(price?.input ?? NaN);
      expect(price?.cacheRead).toBeLessThan(price?.input ?? NaN);
      expect(pricedOn).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });

  test('hold the default model of every provider that has one of its own', async () => {
    const { find } = await loadModelCatalog(NO_FILE);
    for (const name of ['anthropic', 'openai', 'google']) {
      const provider = PROVIDERS.find((each) => each.name === name);
      expect(find(name, provider?.defaultModel ?? '')).toBeDefined();
    }
  });
});

describe('models.json', () => {
  test('changes what it names and keeps the rest', async () => {
    const file = modelsFile([
      {
        provider: 'anthropic',
        id: 'claude-sonnet-4-5-20250929',
        price: { input: 1, output: 2 },
        priced_on: '2027-01-01',
      },
    ]);
    const { find } = await loadModelCatalog(file);
    expect(find('anthropic', 'claude-sonnet-4-5')).toMatchObject({
      id: 'claude-sonnet-4-5',
      contextTokens: 200_000,
      price: { input: 1, output: 2, cacheRead: 1, cacheWrite: 1 },
      pricedOn: '2027-01-01',
    });
  });

  test('adds models, and can make a price unknown', async () => {
    const file = modelsFile([
      { provider: 'openai-compatible', id: 'meta/llama-3.3', context: 32_000, price: { input: 0, output: 0 } },
      { provider: 'openai', id: 'gpt-5', price: null },
    ]);
    const { find } = await loadModelCatalog(file);
    expect(find('openai-compatible', 'meta/llama-3.3')).toMatchObject({ contextTokens: 32_000, price: { input: 0 } });
    expect(find('openai', 'gpt-5')?.price).toBeNull();
  });

  test.each([
    ['no JSON', '{'],
    ['no list', {}],
    ['a negative price', [{ provider: 'openai', id: 'x', price: { input: -1, output: 0 } }]],
    ['an unknown field', [{ provider: 'openai', id: 'x', prize: 1 }]],
  ])('with %s is refused with its place', async (_, content) => {
    const file = modelsFile(content);
    await expect(loadModelCatalog(file)).rejects.toMatchObject({
      code: 'data-invalid',
      message: expect.stringContaining(file) as string,
    });
  });
});
