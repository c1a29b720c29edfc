import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { scriptedModel } from '../../fakes/scripted-model.ts';
import { HELLO, failure, setUp, request, run, always } from './resilience-kit.ts';

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
      expect(notices[0]?.phrase.text).toMatch(
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
      'try-lost',
      'try-lost',
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
    expect((await events.next()).value).toEqual({ type: 'try-lost', model: 'scripted/scripted-1', failure: 'server' });
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
    for await (const event of setUp({ models: [broken] }).model.stream(request())) {
      if (event.type === 'waiting') break;
    }
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
    expect(model.asked.provider).toBe('q');
    expect(notices.at(-1)).toMatchObject({
      code: 'failover',
      phrase: { text: `It failed as ${kind}. Going on with q/q-model.` },
    });
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

  test('when all fail the error names each, and passes by when one of them does', async () => {
    const { model } = setUp({ models: [always(failure('auth')), always(failure('server'), 'q')], retryCount: 0 });
    expect((await run(model)).error).toMatchObject({
      kind: 'server',
      message: 'None of 2 models answered. p/p-model: It failed as auth. q/q-model: It failed as server.',
      cause: expect.any(AggregateError) as AggregateError,
    });
  });

  test('a bug is no failure of a provider: it is thrown as it is', async () => {
    const { model } = setUp({ models: [scriptedModel([]), always(HELLO, 'q')] });
    expect((await run(model)).error).toEqual(new Error('the script has no call 1'));
  });
});

describe('a try that failed', () => {
  const billed = {
    type: 'usage',
    usage: { inputTokens: 7, outputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0 },
  } as const;

  test('is told, with what it was billed, before the next one begins', async () => {
    const broken = scriptedModel([[billed, failure('broken-stream')]], { provider: 'p', model: 'p-model' });
    const next = always(HELLO, 'q');
    const { model } = setUp({ models: [broken, next], retryCount: 0 });
    const events = model.stream(request())[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ type: 'waiting' });
    const usage = billed.usage;
    expect((await events.next()).value).toEqual({
      type: 'try-lost',
      model: 'p/p-model',
      failure: 'broken-stream',
      usage,
    });
    await new Promise(setImmediate);
    expect(next.requests).toHaveLength(0);
    expect(model.asked.provider).toBe('p');
    expect((await events.next()).value).toEqual({ type: 'response-start' });
    expect(model.asked.provider).toBe('q');
  });

  test('is not followed by another when its reader leaves', async () => {
    const broken = scriptedModel([[billed, failure('broken-stream')]], { provider: 'p' });
    const next = always(HELLO, 'q');
    for await (const event of setUp({ models: [broken, next], retryCount: 0 }).model.stream(request())) {
      if (event.type === 'try-lost') break;
    }
    await new Promise(setImmediate);
    expect(next.requests).toHaveLength(0);
  });

  test('as the last one tells what it was billed before it fails', async () => {
    const broken = scriptedModel([[billed, failure('broken-stream')]], { provider: 'p' });
    const { events, error } = await run(setUp({ models: [broken], retryCount: 0 }).model);
    expect(error).toMatchObject({ kind: 'broken-stream' });
    expect(events).toEqual([billed]);
  });

  test('reads the limit of the next one anew', async () => {
    const next = always(HELLO, 'q');
    const { model } = setUp({ models: [scriptedModel([[billed, failure('server')]]), next], retryCount: 0 });
    const own = { ...request(), maxOutputTokens: 100 };
    for await (const event of model.stream(own)) if (event.type === 'try-lost') own.maxOutputTokens = 40;
    expect(next.requests[0]?.maxOutputTokens).toBe(40);
  });
});
