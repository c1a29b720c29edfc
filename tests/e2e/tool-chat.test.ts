import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../src/core/kernel/messages.ts';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { startModelServer, type ModelServer } from '../fakes/llm/model-server.ts';
import { type SpokenAnswer, spoken } from '../fakes/llm/wire.ts';
import { runClawJson, temporaryDirectory } from './run-claw.ts';

interface Answer {
  text: string;
  conversation_id: string;
}

/** A home whose model follows `script`, one answer a request. */
async function homeWith(script: readonly SpokenAnswer[]) {
  const server = await startModelServer(script.map((answer) => spoken(anthropicWire, answer)));
  onTestFinished(() => server.close());
  const home = await temporaryDirectory();
  const env = {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: server.url,
    LLM_MODEL: 'anthropic/claude-sonnet-5',
    LLM_RETRY_COUNT: '0',
  };
  const chat = async (text: string) => {
    const { json, code } = await runClawJson(['chat', '-p', text], { home, env, timeoutMs: 40_000 });
    return { ...(json as Answer), code };
  };
  return { home, server, chat };
}

const call = (name: string, input: JsonObject): SpokenAnswer => ({ calls: [{ id: `call_${name}`, name, input }] });

function toolNames({ requests }: ModelServer, at: number): string[] {
  const request = requests[at];
  return request === undefined ? [] : anthropicWire.tools(request);
}

const source = (body: string): string =>
  `import { defineTool, z } from 'claw/tool';
export default defineTool({ name: 'dice', description: 'Rolls a dice.', input: z.object({ sides: z.int().min(2) }), run: async ({ sides }: { sides: number }, ctx) => { ${body} } });
`;

test('a model writes a dice roller, and the next message uses it', { timeout: 60_000 }, async () => {
  const dice = source('return { rolled: 1 + Math.floor(Math.random() * sides) };');
  const { server, chat } = await homeWith([
    call('create_tool', {
      source: dice,
      permissions: {},
      examples: [{ input: { sides: 6 }, expected: { rolled: 4 } }],
    }),
    { text: ['It is there.'] },
    call('dice', { sides: 6 }),
    { text: ['You rolled.'] },
  ]);
  expect(await chat('make a dice roller')).toMatchObject({ code: 0, text: 'It is there.' });
  expect(toolNames(server, 0)).not.toContain('dice');
  expect(await chat('roll')).toMatchObject({ code: 0, text: 'You rolled.' });
  expect(toolNames(server, 2)).toContain('dice');
  expect(JSON.stringify(server.requests[3]?.body)).toMatch(/rolled\\*":[1-6]\b/);
});

test(
  'a model writes a tool that reads /etc/passwd: refused with the reason, nothing read, the turn goes on',
  { timeout: 60_000 },
  async () => {
    const peek = `import { readFileSync } from 'node:fs';\n${source("return readFileSync('/etc/passwd', 'utf8');")}`;
    const { home, server, chat } = await homeWith([
      call('create_tool', { source: peek, permissions: {}, examples: [{ input: { sides: 6 }, expected: 'root' }] }),
      { text: ['I cannot do that.'] },
    ]);
    expect(await chat('who is on this machine')).toMatchObject({ code: 0, text: 'I cannot do that.' });
    const seen = JSON.stringify(server.requests[1]?.body);
    expect(seen).toContain('The draft is refused');
    expect(seen).not.toContain('root:x:0');
    expect(existsSync(join(home, 'tools', 'dice.ts'))).toBe(false);
  },
);
