import { describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../../src/core/kernel/clock.ts';
import { ModelFailure } from '../../../src/core/llm/language-model.ts';
import { testModel } from '../../../src/core/llm/test-model.ts';
import { scriptedModel } from '../../fakes/scripted-model.ts';

/** A clock on which every look takes 40 ms. */
function steppingClock(): Clock {
  let elapsed = 0;
  return { ...systemClock, elapsed: () => (elapsed += 40) };
}

const { signal } = new AbortController();

describe('the trial of a model', () => {
  test('is one tiny request, timed, with its tokens', async () => {
    const model = scriptedModel([[{ type: 'text', text: 'Ready.', provenance: 'assistant' }]], {
      usage: { inputTokens: 12, outputTokens: 2 },
    });
    const trial = await testModel(model, steppingClock(), signal);
    expect(trial).toMatchObject({ latencyMs: 40, usage: { inputTokens: 12, outputTokens: 2 }, failure: undefined });
    expect(model.requests).toHaveLength(1);
    expect(JSON.stringify(model.requests[0]).length).toBeLessThan(300);
  });

  test('tells why it failed', async () => {
    const failure = new ModelFailure('auth', 'No.', { provider: 'p' });
    expect(await testModel(scriptedModel([[failure]]), systemClock, signal)).toMatchObject({ failure });
  });

  test('is thrown away when the user stops it', async () => {
    await expect(
      testModel(scriptedModel([[{ type: 'waiting' }]]), systemClock, AbortSignal.abort()),
    ).rejects.toMatchObject({
      kind: 'cancelled',
    });
  });
});
