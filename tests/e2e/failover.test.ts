import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../fakes/llm/chat-wire.ts';
import {
  DISCONNECT,
  HANG,
  PAUSE,
  type ModelReply,
  type ModelServer,
  plainReply,
  type ReplySource,
  startModelServer,
} from '../fakes/llm/model-server.ts';
import { spoken } from '../fakes/llm/wire.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

const FIRST = 'anthropic/claude-sonnet-4-6';
const SECOND = 'openai-compatible/llama';
const fine = (text: string): ModelReply => spoken(anthropicWire, { text: [text], usage: { input: 1000, output: 10 } });
const second = (text: string): ModelReply => spoken(chatWire, { text: [text], usage: { input: 500, output: 20 } });
const failing = (status: number, headers = {}): ModelReply =>
  plainReply(status, anthropicWire.errorBody(status, 'Something is wrong.'), headers);

interface Pair {
  readonly home: string;
  readonly first: ModelServer;
  readonly second: ModelServer;
  readonly env: Readonly<Record<string, string>>;
}

async function serve(...replies: ReplySource[]): Promise<ModelServer> {
  const server = await startModelServer(replies);
  onTestFinished(() => server.close());
  return server;
}

/** A home whose first model is a stand-in for Anthropic, and whose second one is a server of one's own. */
async function pair(first: readonly ReplySource[], next: readonly ReplySource[] = [second('SECOND')]): Promise<Pair> {
  const one = await serve(...first);
  const two = await serve(...next);
  const home = await temporaryDirectory();
  const env = {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: one.url,
    OPENAI_COMPATIBLE_BASE_URL: `${two.url}/v1`,
    LLM_MODEL: FIRST,
    FALLBACK_MODELS: SECOND,
  };
  return { home, first: one, second: two, env };
}

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the request to the first model to that to the second; NaN when one was not asked. */
  readonly ms: number;
}

async function ask(
  { home, env, first, second: next }: Pair,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  let from = NaN;
  let to = NaN;
  void first.arrived(first.requests.length + 1).then(() => (from = performance.now()));
  void next.arrived(next.requests.length + 1).then(() => (to = performance.now()));
  const run = await runClaw(['chat', '-p', 'hi'], { home, env: { ...env, ...more }, timeoutMs: 60_000 });
  return { ...run, ms: to - from };
}

interface Call {
  readonly model: string;
  readonly state: string;
  readonly error: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly is_estimated: number;
  readonly tries: readonly { model: string; failure: string }[] | null;
}

/** The calls of the home's only turn, and the model it ended with. */
function journal({ home }: Pair): { model: string; calls: readonly Call[] } {
  const database = new Sqlite(join(home, 'claw.db'), { readonly: true });
  try {
    const rows = database.prepare('select * from model_calls order by started_at, id').all() as (Omit<Call, 'tries'> & {
      tries: string | null;
    })[];
    const { model } = database.prepare('select model from turns').get() as { model: string };
    const calls = rows.map((row) => ({
      ...row,
      tries: row.tries === null ? null : (JSON.parse(row.tries) as Call['tries']),
    }));
    return { model, calls };
  } finally {
    database.close();
  }
}

/** The same as `claw conversation show` tells it. */
async function shown({ home, env }: Pair): Promise<readonly Call[]> {
  const { json: list } = await runClawJson(['conversation', 'list'], { home, env });
  const [{ id = '' } = {}] = list as { id?: string }[];
  const { json } = await runClawJson(['conversation', 'show', id], { home, env });
  return (json as { turns: { model_calls: Call[] }[] }).turns[0]?.model_calls ?? [];
}

/** Tokens in and out by model, as `claw cost` says. */
async function costs({ home, env }: Pair): Promise<Record<string, readonly [number, number]>> {
  const { json } = await runClawJson(['cost', '--by', 'model'], { home, env });
  const rows = json as { model: string; input_tokens: number; output_tokens: number }[];
  return Object.fromEntries(rows.map((row) => [row.model, [row.input_tokens, row.output_tokens] as const]));
}

describe('the next model answers', { timeout: 60_000 }, () => {
  test.each([
    ['529', [failing(529)]],
    ['503', [failing(503)]],
    ['silence', [{ pieces: [HANG] }]],
    ['a closed connection', [{ pieces: [DISCONNECT] }]],
    ['429 with a long wait', [failing(429, { 'retry-after': '600' })]],
    ['401', [failing(401)]],
    ['403', [failing(403)]],
    ['404', [failing(404)]],
  ] as const)('within 3 s after %s', async (what, replies) => {
    const both = await pair(replies);
    const { stdout, code, ms, stderr } = await ask(both);
    expect({ code, text: stdout.trim() }, stderr).toEqual({ code: 0, text: 'SECOND' });
    expect(ms).toBeLessThan(3_000);
    expect(both.second.requests).toHaveLength(1);
    const { model, calls } = journal(both);
    expect(model).toBe(SECOND);
    expect(calls.at(-1)).toMatchObject({ model: SECOND, state: 'done', input_tokens: 500, output_tokens: 20 });
    // Nothing was billed but the answer; what was silent counts as an estimate.
    if (what === 'silence')
      expect(calls[0]).toMatchObject({ model: FIRST, state: 'failed', error: 'timeout', is_estimated: 1 });
    else {
      expect(calls).toHaveLength(1);
      expect(calls[0]?.tries?.[0]).toMatchObject({ model: FIRST });
    }
  });
});

describe('the first model stays', { timeout: 60_000 }, () => {
  test('when its answer speaks of 429', async () => {
    const both = await pair([fine('HTTP 429: rate_limit_error, overloaded, 529')]);
    expect((await ask(both)).stdout).toContain('429');
    expect(both.second.requests).toHaveLength(0);
  });

  test('when its answer breaks after the first word: what came is kept, and the failure is told', async () => {
    const both = await pair([{ pieces: [...anthropicWire.opening(), DISCONNECT] }]);
    const { stdout, stderr, code } = await ask(both);
    expect(code).not.toBe(0);
    expect(stdout).toContain('Hello');
    expect(stderr).toMatch(/broke/);
    expect(both.second.requests).toHaveLength(0);
  });

  test('when the request was wrong', async () => {
    const both = await pair([failing(400)]);
    expect((await ask(both)).code).not.toBe(0);
    expect(both.second.requests).toHaveLength(0);
  });

  test('when its class is left out of FAILOVER_ON', async () => {
    const both = await pair([failing(401)]);
    expect((await ask(both, { FAILOVER_ON: 'overloaded,server' })).stderr).toContain('credential');
    expect(both.second.requests).toHaveLength(0);
  });

  test('while it is slow but accepted the request', async () => {
    const silence = Array.from({ length: 45 }, () => PAUSE);
    const spokenLate = { pieces: [': well\n\n', ...silence, ...fine('LATE').pieces] };
    const both = await pair([spokenLate]);
    expect((await ask(both)).stdout.trim()).toBe('LATE');
    expect(both.second.requests).toHaveLength(0);
  });
});

describe('a try that was billed', { timeout: 60_000 }, () => {
  const billed: ModelReply = { pieces: [...anthropicWire.opening().slice(0, 1), DISCONNECT] };

  test('is a row of its own, and the sums are those of the bills', async () => {
    const both = await pair([billed]);
    const { stdout } = await ask(both);
    expect(stdout.trim()).toBe('SECOND');
    const calls = await shown(both);
    const lost = calls.slice(0, -1);
    expect(lost).toHaveLength(both.first.requests.length);
    for (const call of lost) expect(call).toMatchObject({ model: FIRST, state: 'failed', error: 'broken-stream' });
    const [, bill] = Object.entries(await costs(both)).find(([model]) => model === FIRST) ?? [];
    expect(bill?.[0]).toBe(120 * both.first.requests.length);
    expect((await costs(both))[SECOND]).toEqual([500, 20]);
  });

  test('uses up a budget, and no further try is made that would pass it', async () => {
    const [start = ''] = anthropicWire.speak({ text: ['x'], usage: { input: 30_000, output: 1 } });
    const both = await pair([{ pieces: [start, DISCONNECT] }]);
    const { home, env } = both;
    await runClaw(['budget', 'set', '0.10/day'], { home, env });
    const { code, stderr } = await ask(both);
    expect(code).not.toBe(0);
    expect(stderr).toContain('daily budget of this home');
    expect(both.first.requests).toHaveLength(1);
    expect(both.second.requests).toHaveLength(0);
    const { json } = await runClawJson(['budget', 'list'], { home, env });
    expect((json as { used: number }[])[0]?.used).toBe(0.090015);
  });

  test('counts against the cost of its turn', async () => {
    const [start = ''] = anthropicWire.speak({ text: ['x'], usage: { input: 30_000, output: 1 } });
    const both = await pair([{ pieces: [start, DISCONNECT] }]);
    const { stderr } = await ask(both, { MAX_TURN_COST_USD: '0.095' });
    expect(stderr).toContain('the turn may not cost another one');
    expect(both.first.requests).toHaveLength(1);
  });
});

describe('a chain', { timeout: 60_000 }, () => {
  test('of which all fail names each and the next step', async () => {
    const both = await pair([failing(529)], [failing(503)]);
    const { code, stderr } = await ask(both, { LLM_RETRY_COUNT: '0' });
    expect(code).not.toBe(0);
    expect(stderr).toContain(`${FIRST}: anthropic answered HTTP 529`);
    expect(stderr).toContain(`${SECOND}: openai-compatible answered HTTP 503`);
    expect(stderr).toContain('claw model test');
  });

  test('spares a model that failed three times, in every process, and returns to it when it is well', async () => {
    const both = await pair([failing(529), failing(529), failing(529), fine('FIRST')]);
    const quick = { LLM_RETRY_COUNT: '0' };
    for (const _ of [1, 2, 3, 4]) expect((await ask(both, quick)).stdout.trim()).toBe('SECOND');
    expect(both.first.requests).toHaveLength(3);
    const { home, env } = both;
    const { json } = await runClawJson(['model', 'list', '--configured'], { home, env });
    const rows = json as { id: string; breaker: string; chain: number | null; input_usd_per_mtok: number }[];
    expect(rows.find(({ id }) => id === 'claude-sonnet-4-6')).toMatchObject({ breaker: 'open', chain: 1 });
    expect(rows.find(({ id }) => id === 'llama')).toMatchObject({ chain: 2, input_usd_per_mtok: 0, local: true });
    expect((await runClaw(['status'], { home, env })).stdout).toContain('anthropic: breaker open');
    lapse(home);
    expect((await ask(both, quick)).stdout.trim()).toBe('FIRST');
    expect((await runClawJson(['status'], { home, env })).json).toMatchObject({ breakers: { anthropic: 'closed' } });
  });
});

/** Lets the half minute pass for which a provider is left alone. */
function lapse(home: string): void {
  const database = new Sqlite(join(home, 'claw.db'));
  database.prepare('update provider_states set open_until = 1').run();
  database.close();
}
