import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findProvider, PROVIDERS } from '../../../src/core/llm/registry.ts';
import { serve } from '../../contracts/language-model-kit.ts';
import { anthropicWire } from '../../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../../fakes/llm/chat-wire.ts';
import { googleWire } from '../../fakes/llm/google-wire.ts';
import { spoken } from '../../fakes/llm/wire.ts';

const SDKS = new Set(['@anthropic-ai/sdk', '@google/genai', 'openai']);

/** Packages that a process loads to let the model `name` answer once. */
async function packagesFor(name: string, address: string): Promise<string[]> {
  const script = join(import.meta.dirname, 'list-imports.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, name, address]);
  return JSON.parse(stdout) as string[];
}

describe('the registry of providers', () => {
  test('loads no package for offline mode', async () => {
    expect(await packagesFor('offline', '')).toEqual([]);
  });

  test.each([
    ['anthropic', '@anthropic-ai/sdk', anthropicWire],
    ['openai', 'openai', chatWire],
    ['google', '@google/genai', googleWire],
  ])('loads for %s its own SDK and no other', async (name, sdk, wire) => {
    const server = await serve(spoken(wire, { text: ['hi'] }));
    const loaded = await packagesFor(name, server.url);
    expect(loaded.filter((each) => SDKS.has(each))).toEqual([sdk]);
  });

  test('has one row for each name', () => {
    expect(new Set(PROVIDERS.map(({ name }) => name)).size).toBe(PROVIDERS.length);
    expect(findProvider('nobody')).toBeUndefined();
  });
});
