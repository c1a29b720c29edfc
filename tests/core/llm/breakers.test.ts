import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../fakes/scripted-model.ts';
import { HELLO, failure, setUp, run, always } from './resilience-kit.ts';

describe('the breaker', () => {
  test('after three failed calls the provider is left alone, and that is said and can be read', async () => {
    const broken = always(failure('server'));
    const { model, notices, breakers } = setUp({ models: [broken], retryCount: 0 });
    for (const _ of [1, 2, 3]) await run(model);
    expect(await breakers.states()).toEqual({ p: 'open' });
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
    expect(await breakers.states()).toEqual({ p: 'half-open' });
    expect((await run(model)).error).toBeUndefined();
    expect(await breakers.states()).toEqual({ p: 'closed' });
  });

  test('a refused key or request does not open it', async () => {
    const { model, breakers } = setUp({ models: [always(failure('auth'))], retryCount: 0 });
    for (const _ of [1, 2, 3, 4, 5]) await run(model);
    expect(await breakers.states()).toEqual({});
  });
});
