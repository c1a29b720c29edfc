import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../fakes/llm/chat-wire.ts';
import { googleWire } from '../fakes/llm/google-wire.ts';
import { type ModelServer, plainReply, type ReplySource, startModelServer } from '../fakes/llm/model-server.ts';
import { spoken, type Wire } from '../fakes/llm/wire.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

async function serve(...replies: ReplySource[]): Promise<ModelServer> {
  const server = await startModelServer(replies);
  onTestFinished(() => server.close());
  return server;
}

interface Row {
  readonly id: string;
  readonly provider: string;
  readonly context: number | null;
  readonly input_usd_per_mtok: number | null;
  readonly configured: boolean;
  readonly current: boolean;
}

describe('claw model', () => {
  it('lists models with prices, what is configured and which answers', async () => {
    const env = { OPENAI_API_KEY: 'made-up-key', LLM_MODEL: 'openai/gpt-5' };
    const { json, code } = await runClawJson(['model', 'list'], { env });
    const rows = json as Row[];
    expect(code).toBe(0);
    expect(rows.find(({ id }) => id === 'claude-sonnet-4-6')).toMatchObject({
      provider: 'anthropic',
      context: 1_000_000,
      max_output: 64_000,
      input_usd_per_mtok: 3,
      output_usd_per_mtok: 15,
      cached_input_usd_per_mtok: 0.3,
      priced_on: '2026-11-21',
      configured: false,
      current: false,
    });
    expect(rows.filter(({ current }) => current)).toMatchObject([{ id: 'gpt-5', configured: true }]);
    const { stdout } = await runClaw(['model', 'list', '--provider', 'openai'], { env });
    expect(stdout).toMatch(/^\* {2}openai\/gpt-5 +400000 +\$1\.25 +\$10 +\$0\.125$/m);
    expect(stdout).not.toContain('anthropic/');
  });

  it('sets the model in config.json, and only one that can be used', async () => {
    const home = await temporaryDirectory();
    const refused = await runClaw(['model', 'set', 'openai/gpt-5'], { home });
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('OPENAI_API_KEY');
    const env = { OPENAI_API_KEY: 'made-up-key' };
    expect((await runClawJson(['model', 'set', 'openai/gpt-5'], { home, env })).json).toEqual({
      provider: 'openai',
      model: 'gpt-5',
    });
    expect(JSON.parse(await readFile(join(home, 'config.json'), 'utf8'))).toEqual({
      LLM_PROVIDER: 'openai',
      LLM_MODEL: 'gpt-5',
    });
    const outranked = await runClaw(['model', 'set', 'openai/gpt-4o'], {
      home,
      env: { ...env, LLM_MODEL: 'openai/o3' },
    });
    expect(outranked.stderr).toContain('LLM_MODEL from the environment outranks config.json');
  });

  it('tests every provider that is set up, and exits 8 when one fails', async () => {
    const anthropic = await serve(spoken(anthropicWire, { text: ['Ready'], usage: { input: 20, output: 3 } }));
    const openai = await serve(spoken(chatWire, { text: ['Ready'] }));
    const env = {
      ANTHROPIC_API_KEY: 'made-up-key',
      ANTHROPIC_BASE_URL: anthropic.url,
      OPENAI_API_KEY: 'made-up-key',
      OPENAI_BASE_URL: `${openai.url}/v1`,
    };
    const fine = await runClawJson(['model', 'test'], { env });
    expect(fine.code).toBe(0);
    expect(fine.json).toMatchObject([
      { provider: 'anthropic', model: 'claude-sonnet-5-5', ok: true, input_tokens: 20, output_tokens: 3, error: null },
      { provider: 'openai', ok: true },
    ]);
    expect(anthropic.requests).toHaveLength(1);

    const broken = await serve(plainReply(401, anthropicWire.errorBody(401, 'invalid x-api-key')));
    const failed = await runClawJson(['model', 'test'], { env: { ...env, ANTHROPIC_BASE_URL: broken.url } });
    expect(failed.code).toBe(8);
    expect(failed.json).toMatchObject([
      { ok: false, error: 'anthropic refused the credential (HTTP 401).' },
      { ok: true },
    ]);
  });

  it('says what to add when nothing is set up to test', async () => {
    const { code, stderr } = await runClaw(['model', 'test']);
    expect(code).toBe(4);
    expect(stderr).toContain('claw secret set ANTHROPIC_API_KEY');
  });
});

describe('a provider behind claw chat', () => {
  const PROVIDERS: readonly (readonly [string, string, Wire, (url: string) => Record<string, string>])[] = [
    [
      'anthropic',
      'claude-sonnet-4-6',
      anthropicWire,
      (url) => ({ ANTHROPIC_API_KEY: 'made-up-key', ANTHROPIC_BASE_URL: url }),
    ],
    ['openai', 'gpt-4.1', chatWire, (url) => ({ OPENAI_API_KEY: 'made-up-key', OPENAI_BASE_URL: `${url}/v1` })],
    ['google', 'gemini-2.5-flash', googleWire, (url) => ({ GEMINI_API_KEY: 'made-up-key', GOOGLE_BASE_URL: url })],
    ['copilot', 'gpt-5-mini', chatWire, (url) => ({ COPILOT_API_URL: `${url}/v1` })],
    ['openai-compatible', 'meta/llama-3.3', chatWire, (url) => ({ OPENAI_COMPATIBLE_BASE_URL: `${url}/v1` })],
  ];

  it.each(PROVIDERS)(
    '%s streams, has a tool run, gets its result by its id, and is booked',
    async (provider, model, wire, settings) => {
      const call = { id: 'call_made_up', name: 'add_two_numbers', input: { a: 2, b: 3 } };
      const usage = { input: 1000, output: 100 };
      const server = await serve(
        spoken(wire, { calls: [call], usage }),
        spoken(wire, { text: ['It is ', '5.'], usage }),
      );
      const { json, code } = await runClawJson(
        ['chat', '-p', 'add 2 and 3', '--model', `${provider}/${model}`, '--output-format', 'json'],
        {
          env: settings(server.url),
        },
      );
      expect(code).toBe(0);
      expect(json).toMatchObject({
        text: 'It is 5.',
        model: `${provider}/${model}`,
        stop_reason: 'complete',
        usage: {
          input_tokens: 2000,
          output_tokens: 200,
          cost_usd: provider === 'copilot' ? null : (expect.any(Number) as number),
        },
        tools: [{ name: 'add_two_numbers', status: 'ok' }],
      });
      const [first, second] = server.requests;
      expect(first && second && [...wire.complaints(first), ...wire.complaints(second)]).toEqual([]);
      expect(second && wire.results(second)).toEqual([{ id: 'call_made_up', output: '5' }]);
    },
  );

  it('tries again, then goes on with a fallback, and says so', async () => {
    const broken = await serve(plainReply(529, anthropicWire.errorBody(529, 'Overloaded')));
    const works = await serve(spoken(chatWire, { text: ['Here I am.'] }));
    const { stdout, stderr, code } = await runClaw(['chat', '-p', 'hi'], {
      env: {
        ANTHROPIC_API_KEY: 'made-up-key',
        ANTHROPIC_BASE_URL: broken.url,
        OPENAI_API_KEY: 'made-up-key',
        OPENAI_BASE_URL: `${works.url}/v1`,
        FALLBACK_MODELS: 'openai/gpt-4.1',
        LLM_RETRY_COUNT: '2',
        LLM_RETRY_BASE_DELAY: '0.01',
      },
    });
    expect(stdout).toBe('Here I am.\n');
    expect(stderr).toMatch(/Trying again in 0 s \(1 of 2\)[\s\S]*\(2 of 2\)[\s\S]*Going on with openai\/gpt-4\.1\./);
    expect(code).toBe(0);
    expect(broken.requests).toHaveLength(3);
  });

  it('records what a model answers, and replays it without the model', async () => {
    const home = await temporaryDirectory();
    const call = { id: 'call_made_up', name: 'add_two_numbers', input: { a: 1, b: 1 } };
    const server = await serve(
      spoken(anthropicWire, { calls: [call] }),
      spoken(anthropicWire, { text: ['Two, ', 'of course.'] }),
    );
    const env = { ANTHROPIC_API_KEY: 'made-up-key', ANTHROPIC_BASE_URL: server.url, RECORD_FILE: 'answers.jsonl' };
    await runClaw(['chat', '-p', '1 and 1'], { home, env });
    await server.close();
    const replayed = await runClaw(['chat', '-p', '1 and 1'], {
      home,
      env: { LLM_PROVIDER: 'replay', REPLAY_FILE: 'answers.jsonl' },
    });
    expect(replayed).toMatchObject({ stdout: 'Two, of course.\n', code: 0 });
  });

  it('replays answers that were written by hand', async () => {
    const home = await temporaryDirectory();
    await writeFile(
      join(home, 'answers.jsonl'),
      '{"calls":[{"name":"add_two_numbers","input":{"a":1,"b":1}}]}\n{"text":"Two."}\n',
    );
    const env = { LLM_PROVIDER: 'replay', REPLAY_FILE: 'answers.jsonl' };
    const { stdout, code } = await runClaw(['chat', '-p', 'hi'], { home, env });
    expect(stdout).toBe('Two.\n');
    expect(code).toBe(0);
  });
});

it('refuses a class of failures that there is not, and names those there are', async () => {
  const { code, stderr } = await runClaw(['model', 'list'], { env: { FAILOVER_ON: 'overloaded,servr' } });
  expect([code, stderr]).toEqual([3, expect.stringMatching(/no class of failures "servr"[\s\S]*overloaded,server/)]);
});
