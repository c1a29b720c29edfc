import { describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../../src/core/kernel/clock.ts';
import { scriptedModel } from '../../fakes/scripted-model.ts';
import { HELLO, failure, setUp, run, always } from './resilience-kit.ts';

describe('a model with another one next', () => {
  /** A model that says nothing until it is cancelled, or answers after `ms`. */
  function silent(ms = 60_000, provider = 'p') {
    return scriptedModel([[HELLO], [HELLO], [HELLO]], {
      provider,
      model: `${provider}-model`,
      beforeStart: ({ signal }) => systemClock.sleep(ms, signal),
    });
  }

  test('that is silent is cut, once, and the cut try counts as an estimate', async () => {
    const cut = silent();
    const { model, breakers, failovers } = setUp({
      models: [cut, always(HELLO, 'q')],
      clock: systemClock,
      failoverAfterMs: 50,
    });
    const started = performance.now();
    const { events, error } = await run(model);
    expect(error).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2_500);
    expect(cut.requests).toHaveLength(1);
    expect(events.find(({ type }) => type === 'try-lost')).toMatchObject({
      model: 'p/p-model',
      failure: 'timeout',
      isEstimated: true,
      usage: { inputTokens: expect.any(Number) as number, outputTokens: 0 },
    });
    expect(await breakers.states()).toEqual({ p: 'open' });
    expect(failovers).toMatchObject([{ from: { provider: 'p' }, to: { provider: 'q' }, failure: 'timeout' }]);
  });

  test('alone is waited for as long as it takes', async () => {
    const { model } = setUp({ models: [silent(80)], clock: systemClock, failoverAfterMs: 20 });
    expect((await run(model)).error).toBeUndefined();
  });

  test('that accepted is left its time', async () => {
    const slow = scriptedModel([[HELLO]], { provider: 'p', beforeStep: () => systemClock.sleep(1_300) });
    const { model } = setUp({ models: [slow, always(HELLO, 'q')], clock: systemClock, failoverAfterMs: 20 });
    expect((await run(model)).error).toBeUndefined();
    expect(model.asked.provider).toBe('p');
  });

  test('that was cut and is slow is given more when it is tried again', async () => {
    const slow = silent(1_200);
    const { model } = setUp({
      models: [slow, always(HELLO, 'q')],
      clock: systemClock,
      failoverAfterMs: 900,
      pauseMs: 0,
    });
    await run(model);
    expect(model.asked.provider).toBe('q');
    await run(model);
    expect(model.asked.provider).toBe('p');
  });

  test('is tried again only while there is time for it', async () => {
    const waits: number[] = [];
    const clock: Clock = {
      now: () => 0,
      elapsed: () => 0,
      sleep: (ms) => (ms < 2_000 ? Promise.resolve(void waits.push(ms)) : new Promise(() => undefined)),
    };
    const busy = always(failure('overloaded'));
    const { model } = setUp({ models: [busy, always(HELLO, 'q')], clock, failoverAfterMs: 2_500 });
    await run(model);
    expect(waits).toHaveLength(1);
    expect(busy.requests).toHaveLength(2);
    expect(model.asked.provider).toBe('q');
  });

  test('is left when its class says so, and only then', async () => {
    const models = [always(failure('auth')), always(HELLO, 'q')] as const;
    expect((await run(setUp({ models, failoverOn: ['overloaded'] }).model)).error).toMatchObject({ kind: 'auth' });
  });
});
