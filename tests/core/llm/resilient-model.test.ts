import { describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../../src/core/kernel/clock.ts';
import type { Part } from '../../../src/core/kernel/messages.ts';
import { createBreakers } from '../../../src/core/llm/breakers.ts';
import {
  ModelFailure,
  type LanguageModel,
  type ModelEvent,
  type ModelFailureKind,
  type ModelRequest,
} from '../../../src/core/llm/language-model.ts';
import { createResilientModel, type ModelNotice } from '../../../src/core/llm/resilient-model.ts';
import { scriptedModel, type ScriptStep } from '../../fakes/scripted-model.ts';

const HELLO: Part = { type: 'text', text: 'Hello', provenance: 'assistant' };

function failure(kind: ModelFailureKind, more: { status?: number; retryAfterMs?: number } = {}): ModelFailure {
  return new ModelFailure(kind, `It failed as ${kind}.`, { provider: 'p', ...more });
}

interface Setup {
  readonly models: readonly [LanguageModel, ...LanguageModel[]];
  readonly retryCount?: number;
  readonly pauseMs?: number;
  readonly clock?: Clock;
}

/** A resilient model on a clock that does not wait, with what it waited for and said. */
function setUp({ models, retryCount = 3, pauseMs = 30_000, clock }: Setup) {
  const waits: number[] = [];
  const notices: ModelNotice[] = [];
  const breakers = createBreakers(pauseMs);
  const fake: Clock = {
    ...systemClock,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  const model = createResilientModel(models, {
    clock: clock ?? fake,
    breakers,
    retryCount,
    baseDelayMs: 1000,
    onNotice: (notice) => notices.push(notice),
  });
  return { model, waits, notices, breakers };
}

function request(signal: AbortSignal = new AbortController().signal): ModelRequest {
  const parts: Part[] = [{ type: 'text', text: 'hi', provenance: 'owner' }];
  return { system: [], messages: [{ role: 'user', parts }], tools: [], maxOutputTokens: 100, signal };
}

async function run(model: LanguageModel, signal?: AbortSignal): Promise<{ events: ModelEvent[]; error: unknown }> {
  const events: ModelEvent[] = [];
  try {
    for await (const event of model.stream(request(signal))) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

/** A model that always does the same. */
function always(step: ScriptStep, provider = 'p', calls = 50) {
  return scriptedModel(
    Array.from({ length: calls }, () => [step]),
    { provider, model: `${provider}-model` },
  );
}

describe('retrying', () => {
  test.each(['rate-limited', 'overloaded', 'server', 'network', 'broken-stream'] as const)(
    'a call that fails as %s is tried again after 1, 2 and 4 seconds, and the last failure is thrown',
    async (kind) => {
      const broken = always(failure(kind));
      const { model, waits, notices } = setUp({ models: [broken] });
      const { error } = await run(model);
      expect(error).toMatchObject({ kind });
      expect(broken.requests).toHaveLength(4);
      for (const [index, seconds] of [1, 2, 4].entries()) {
        expect(waits[index]).toBeGreaterThanOrEqual(seconds * 1000);
        expect(waits[index]).toBeLessThanOrEqual(seconds * 1100);
      }
      expect(notices.filter(({ code }) => code === 'retry')).toHaveLength(3);
      expect(notices[0]?.text).toMatch(
        new RegExp(`^It failed as ${kind}\\. Trying again in 1(\\.1)? s \\(1 of 3\\)\\.$`),
      );
    },
  );

  test.each(['auth', 'forbidden', 'invalid-request', 'usage-limit', 'cancelled'] as const)(
    'a call that fails as %s is not tried again',
    async (kind) => {
      const broken = always(failure(kind));
      const { model, waits } = setUp({ models: [broken] });
      expect((await run(model)).error).toMatchObject({ kind });
      expect(broken.requests).toHaveLength(1);
      expect(waits).toEqual([]);
    },
  );

  test('a success after failures is the whole answer, once', async () => {
    const model = setUp({ models: [scriptedModel([[failure('server')], [failure('overloaded')], [HELLO]])] }).model;
    const { events, error } = await run(model);
    expect(error).toBeUndefined();
    expect(events.filter(({ type }) => type !== 'waiting').map(({ type }) => type)).toEqual([
      'response-start',
      'text-delta',
      'response-end',
    ]);
  });

  test.each([
    ['text', HELLO],
    ['reasoning', { type: 'reasoning', text: 'Hmm', provider: 'p' } as const],
  ])('nothing is repeated once %s was shown', async (_, part) => {
    const broken = scriptedModel([[part, failure('broken-stream')], [HELLO]]);
    const { model, waits } = setUp({ models: [broken, always(HELLO, 'q')] });
    const { events, error } = await run(model);
    expect(error).toMatchObject({ kind: 'broken-stream' });
    expect(events.map(({ type }) => type)).toContain(`${part.type}-delta`);
    expect(broken.requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test('an answer that broke before its first word is asked for again', async () => {
    const broken = scriptedModel([[{ type: 'response-start' }, failure('broken-stream')], [HELLO]]);
    expect((await run(setUp({ models: [broken] }).model)).error).toBeUndefined();
  });

  test('Retry-After is what is waited, and a wait too long is none', async () => {
    const patient = setUp({ models: [scriptedModel([[failure('rate-limited', { retryAfterMs: 30_000 })], [HELLO]])] });
    expect((await run(patient.model)).error).toBeUndefined();
    expect(patient.waits).toEqual([30_000]);
    const hopeless = setUp({ models: [always(failure('rate-limited', { retryAfterMs: 3_600_000 }))] });
    expect((await run(hopeless.model)).error).toMatchObject({ kind: 'rate-limited', retryAfterMs: 3_600_000 });
    expect(hopeless.waits).toEqual([]);
  });

  test('a count of 0 means one try', async () => {
    const broken = always(failure('server'));
    await run(setUp({ models: [broken], retryCount: 0 }).model);
    expect(broken.requests).toHaveLength(1);
  });

  test('a notice can be taken before the wait is over', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { model, notices } = setUp({
      models: [scriptedModel([[failure('server')], [HELLO]])],
      clock: { ...systemClock, sleep: () => released },
    });
    const events = model.stream(request())[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ type: 'waiting' });
    expect(notices).toHaveLength(1);
    release();
    expect((await events.next()).value).toEqual({ type: 'response-start' });
  });

  test('cancelling ends the wait at once', async () => {
    const stop = new AbortController();
    const { model } = setUp({ models: [always(failure('server'))], clock: systemClock });
    const running = run(model, stop.signal);
    const started = performance.now();
    setTimeout(() => stop.abort(new Error('enough')), 20);
    expect((await running).error).toMatchObject({ kind: 'cancelled' });
    expect(performance.now() - started).toBeLessThan(900);
  });

  test('a reader that leaves while the call waits causes no further call', async () => {
    const broken = always(failure('server'));
    const { promise: slept, resolve: wake } = Promise.withResolvers<void>();
    const clock: Clock = {
      ...systemClock,
      sleep: (ms, signal) => systemClock.sleep(ms, signal).finally(wake),
    };
    for await (const event of setUp({ models: [broken], clock }).model.stream(request())) {
      if (event.type === 'waiting') break;
    }
    await slept;
    await new Promise(setImmediate);
    expect(broken.requests).toHaveLength(1);
  });
});

describe('failing over', () => {
  test.each([
    'rate-limited',
    'overloaded',
    'server',
    'network',
    'broken-stream',
    'usage-limit',
    'auth',
    'forbidden',
  ] as const)('after %s the next model answers, and that is said', async (kind) => {
    const { model, notices } = setUp({ models: [always(failure(kind)), always(HELLO, 'q')] });
    const { events, error } = await run(model);
    expect(error).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'response-end', parts: [HELLO] });
    expect(model.answeredBy.provider).toBe('q');
    expect(notices.at(-1)).toEqual({ code: 'failover', text: `It failed as ${kind}. Going on with q/q-model.` });
  });

  test('a wrong request fails where it is; a model that does not exist is passed over', async () => {
    const wrong = setUp({ models: [always(failure('invalid-request', { status: 400 })), always(HELLO, 'q')] });
    expect((await run(wrong.model)).error).toMatchObject({ kind: 'invalid-request' });
    const unknown = setUp({ models: [always(failure('invalid-request', { status: 404 })), always(HELLO, 'q')] });
    expect((await run(unknown.model)).error).toBeUndefined();
  });

  test('a provider that asks to wait long makes way at once', async () => {
    const { model, waits } = setUp({
      models: [always(failure('rate-limited', { retryAfterMs: 20_000 })), always(HELLO, 'q')],
    });
    expect((await run(model)).error).toBeUndefined();
    expect(waits).toEqual([]);
  });

  test('the failure of the last model is the one that is thrown', async () => {
    const { model } = setUp({ models: [always(failure('server')), always(failure('auth'), 'q')], retryCount: 0 });
    expect((await run(model)).error).toMatchObject({ kind: 'auth' });
  });

  test('a bug is no failure of a provider: it is thrown as it is', async () => {
    const { model } = setUp({ models: [scriptedModel([]), always(HELLO, 'q')] });
    expect((await run(model)).error).toEqual(new Error('the script has no call 1'));
  });
});

describe('the breaker', () => {
  test('after three failed calls the provider is left alone, and that is said and can be read', async () => {
    const broken = always(failure('server'));
    const { model, notices, breakers } = setUp({ models: [broken], retryCount: 0 });
    for (const _ of [1, 2, 3]) await run(model);
    expect(breakers.states()).toEqual({ p: 'open' });
    expect(notices.map(({ code }) => code)).toEqual(['breaker-open']);
    expect((await run(model)).error).toMatchObject({
      kind: 'overloaded',
      message: expect.stringContaining('p failed') as string,
    });
    expect(broken.requests).toHaveLength(3);
  });

  test('an open breaker leads to the next model without a wait', async () => {
    const { model, waits } = setUp({ models: [always(failure('server')), always(HELLO, 'q')], retryCount: 0 });
    for (const _ of [1, 2, 3, 4]) expect((await run(model)).error).toBeUndefined();
    expect(waits).toEqual([]);
  });

  test('after the pause one call is tried, and a success closes it', async () => {
    const script = [[failure('server')], [failure('server')], [failure('server')], [HELLO]];
    const recovering = scriptedModel(script, { provider: 'p' });
    const { model, breakers } = setUp({ models: [recovering], retryCount: 0, pauseMs: 0 });
    for (const _ of [1, 2, 3]) await run(model);
    expect(breakers.states()).toEqual({ p: 'open' });
    expect((await run(model)).error).toBeUndefined();
    expect(breakers.states()).toEqual({ p: 'closed' });
  });

  test('a refused key or request does not open it', async () => {
    const { model, breakers } = setUp({ models: [always(failure('auth'))], retryCount: 0 });
    for (const _ of [1, 2, 3, 4, 5]) await run(model);
    expect(breakers.states()).toEqual({ p: 'closed' });
  });
});
