import { describe, expect, test } from 'vitest';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import type { Part } from '../../../src/core/kernel/messages.ts';
import { createAuthorizedModel } from '../../../src/core/llm/authorized-model.ts';
import type { Credential, Credentials, CredentialVerdict } from '../../../src/core/llm/credential.ts';
import { type ModelEvent, ModelFailure, type ModelFailureKind } from '../../../src/core/llm/language-model.ts';
import { scriptedModel, type ScriptStep } from '../../fakes/scripted-model.ts';
import { phrase } from '../../../src/core/kernel/language/phrase.ts';

const HELLO: Part = { type: 'text', text: 'Hello', provenance: 'assistant' };
const USAGE = { inputTokens: 9, outputTokens: 1, cachedTokens: 0, cacheWriteTokens: 0 };

function failure(kind: ModelFailureKind, status = 401): ModelFailure {
  return new ModelFailure(kind, `It failed as ${kind}.`, { provider: 'p', status, retryAfterMs: 7_000 });
}

interface Setup {
  /** What each call does, in order. */
  readonly script: readonly (readonly ScriptStep[])[];
  readonly verdicts?: readonly CredentialVerdict[];
  readonly kind?: Credential['kind'];
  readonly credentials?: Partial<Credentials>;
}

async function run({ script, verdicts = [], kind = 'bearer', credentials }: Setup) {
  const model = scriptedModel(script, { provider: 'p', model: 'm' });
  const told: { credential: Credential; failure: ModelFailure }[] = [];
  const notices: string[] = [];
  const used: (string | undefined)[] = [];
  let taken = 0;
  const authorized = createAuthorizedModel(
    { provider: 'p', model: 'm' },
    {
      credentials: {
        take: async () => ({ kind, value: `value-${(taken += 1)}`, source: 'test' }),
        async failed(_, credential, why) {
          told.push({ credential, failure: why });
          return verdicts[told.length - 1] ?? { again: false };
        },
        missing: async () => undefined,
        ...credentials,
      },
      open: async (credential) => {
        used.push(credential?.value);
        return model;
      },
      onNotice: ({ phrase: { text } }) => notices.push(text),
    },
  );
  const events: ModelEvent[] = [];
  const parts: Part[] = [{ type: 'text', text: 'hi', provenance: 'owner' }];
  const { signal } = new AbortController();
  const request = { system: [], messages: [{ role: 'user' as const, parts }], tools: [], maxOutputTokens: 9, signal };
  try {
    for await (const event of authorized.stream(request)) events.push(event);
    return { events, error: undefined, told, notices, used };
  } catch (error) {
    return { events, error, told, notices, used };
  }
}

describe('a call with a credential', () => {
  test('that works takes one and tells nothing', async () => {
    const { events, used, told } = await run({ script: [[HELLO]] });
    expect(events.at(-1)?.type).toBe('response-end');
    expect(used).toEqual(['value-1']);
    expect(told).toEqual([]);
  });

  test.each(['auth', 'usage-limit'] as const)('that fails as %s is made again with a newly taken one', async (kind) => {
    const notice = { code: 'key-used', phrase: phrase('accountBack', 'The key') };
    const { events, used, told, notices } = await run({
      script: [[failure(kind)], [HELLO]],
      verdicts: [{ again: true, notice }],
    });
    expect(events.map(({ type }) => type).slice(-4)).toEqual([
      'try-lost',
      'response-start',
      'text-delta',
      'response-end',
    ]);
    expect(used).toEqual(['value-1', 'value-2']);
    expect(told).toMatchObject([{ credential: { value: 'value-1' }, failure: { kind, status: 401 } }]);
    expect(notices).toEqual([notice.phrase.text]);
  });

  test('is made again twice at most', async () => {
    const { error, used } = await run({
      script: Array.from({ length: 9 }, () => [failure('auth')]),
      verdicts: Array.from({ length: 9 }, () => ({ again: true })),
    });
    expect(error).toMatchObject({ kind: 'auth' });
    expect(used).toHaveLength(3);
  });

  test('stays failed when there is nothing else to try', async () => {
    const { error, used } = await run({ script: [[failure('auth')], [HELLO]] });
    expect(error).toMatchObject({ kind: 'auth' });
    expect(used).toHaveLength(1);
  });

  test('is never made again after a visible word', async () => {
    const { error, told } = await run({ script: [[HELLO, failure('auth')], [HELLO]], verdicts: [{ again: true }] });
    expect(error).toMatchObject({ kind: 'auth' });
    expect(told).toEqual([]);
  });

  test.each(['server', 'overloaded', 'network', 'invalid-request', 'forbidden', 'cancelled'] as const)(
    'that fails as %s says nothing of its credential',
    async (kind) => {
      const { error, told } = await run({ script: [[failure(kind, 500)]], verdicts: [{ again: true }] });
      expect(error).toMatchObject({ kind });
      expect(told).toEqual([]);
    },
  );

  test('of a subscription that is limited has used up its allowance; a key has only to wait', async () => {
    const limited = failure('rate-limited', 429);
    const subscription = await run({ script: [[limited], [HELLO]], verdicts: [{ again: true }] });
    expect(subscription.told).toMatchObject([
      { failure: { kind: 'usage-limit', status: 429, retryAfterMs: 7_000, cause: limited } },
    ]);
    const key = await run({ script: [[limited], [HELLO]], verdicts: [{ again: true }], kind: 'api-key' });
    expect(key).toMatchObject({ told: [], error: { kind: 'rate-limited' } });
  });

  test('that was billed before it was refused is told as a lost try', async () => {
    const usage = { type: 'usage', usage: USAGE } as const;
    const { events } = await run({ script: [[usage, failure('usage-limit')], [HELLO]], verdicts: [{ again: true }] });
    expect(events).toContainEqual({ type: 'try-lost', model: 'p/m', failure: 'usage-limit', usage: USAGE });
  });

  test('that cannot be had is a failure of the kind auth, so that the next model may answer', async () => {
    const cause = new ClawError('auth-missing', 'p needs P_KEY, which is not set.', { hint: 'claw secret set P_KEY' });
    const { error, used } = await run({ script: [[HELLO]], credentials: { take: async () => Promise.reject(cause) } });
    expect(error).toMatchObject({ name: 'ModelFailure', kind: 'auth', message: cause.message, cause });
    expect(used).toEqual([]);
  });
});
