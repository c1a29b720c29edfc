import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { localOwner } from '../../../src/core/access/local-user.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import type { EmbeddingModel } from '../../../src/core/llm/embedding-model.ts';
import { ModelFailure } from '../../../src/core/llm/language-model.ts';
import { readBudget } from '../../../src/core/spending/budget-text.ts';
import { createBudgets } from '../../../src/core/spending/budgets.ts';
import { type EmbeddingCall, embedMetered, loseOldEmbeddings } from '../../../src/core/spending/metered-embedding.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const signal = new AbortController().signal;

async function kit(
  embed: EmbeddingModel['embed'] = async ({ texts }) => ({
    vectors: texts.map(() => Float32Array.of(1)),
    inputTokens: 7,
  }),
) {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
  onTestFinished(() => store.close());
  const ownerId = (await localOwner(store, systemClock)).id;
  const budgets = createBudgets({ store, clock: systemClock }, { zone: 'UTC', dailyCalls: 0, userDailyCalls: 0 });
  const model = { provider: 'openai', model: 'small', maxTexts: 64, embed };
  const prices = { cost: () => 3, ceiling: () => 100 };
  const deps = { store, clock: systemClock, budgets, model, prices };
  await store.budgets.setBudget({
    id: 'b',
    scope: 'user',
    subject: ownerId,
    ...readBudget('1000tokens/day'),
    created_at: 0,
  });
  const call = (more: Partial<EmbeddingCall> = {}) =>
    embedMetered(deps, { ownerId, texts: ['some words'], reason: 'embed-documents', signal, ...more });
  const rows = () => store.journal.modelCalls('');
  const spent = async () => {
    const startsAt = Date.parse(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`);
    const period = await store.budgets.period({ budgetId: 'b', startsAt });
    return [period?.spent, period?.reserved];
  };
  return { deps, store, call, rows, spent, ownerId };
}

test('a call is written down with its reason, its tokens and its price, and settled in its budget', async () => {
  const { call, rows, spent } = await kit();
  expect(await call()).toEqual([Float32Array.of(1)]);
  expect(await rows()).toMatchObject([
    {
      state: 'done',
      stop_reason: 'embed-documents',
      model: 'openai/small',
      input_tokens: 7,
      cost_micro_usd: 3,
      is_estimated: 0,
    },
  ]);
  expect(await spent()).toEqual([7, 0]);
});

test('what a budget does not leave is not sent', async () => {
  let sent = 0;
  const { call, rows } = await kit(async () => {
    sent += 1;
    throw new Error('never');
  });
  await expect(call({ texts: ['x'.repeat(2_000)] })).rejects.toMatchObject({ code: 'limit-reached' });
  expect([sent, await rows()]).toEqual([0, []]);
});

test('a call that is refused costs nothing, one that is broken off what it may have read', async () => {
  const kinds = ['invalid-request', 'cancelled'] as const;
  let at = 0;
  const { call, rows, spent } = await kit(async () => {
    throw new ModelFailure(kinds[at++] ?? 'server', 'no', { provider: 'openai' });
  });
  await expect(call()).rejects.toMatchObject({ kind: 'invalid-request' });
  expect(await spent()).toEqual([0, 0]);
  await expect(call()).rejects.toMatchObject({ kind: 'cancelled' });
  const [tokens, reserved] = await spent();
  expect(tokens).toBeGreaterThan(0);
  expect(reserved).toBe(0);
  expect((await rows()).map(({ state, is_estimated }) => [state, is_estimated])).toEqual([
    ['failed', 0],
    ['cancelled', 1],
  ]);
});

test('vectors and their payment are kept together or not at all', async () => {
  const { call, rows, store, ownerId } = await kit();
  const write: EmbeddingCall['write'] = async (tables) => {
    await tables.knowledge.putFolder({ id: 'f', owner_id: ownerId, path: '/a', created_at: 1, checked_at: null });
    throw new Error('the disk is full');
  };
  await expect(call({ write })).rejects.toThrow('the disk is full');
  expect(await store.knowledge.folders()).toEqual([]);
  expect(await rows()).toMatchObject([{ state: 'failed', input_tokens: 7 }]);
});

test('the call of a process that died counts with all it had reserved', async () => {
  const { deps, call, rows, spent } = await kit(() => new Promise(() => {}));
  void call().catch(() => {});
  await expect.poll(async () => (await rows()).length).toBe(1);
  await loseOldEmbeddings(deps, systemClock.now() - 60_000);
  expect(await rows()).toMatchObject([{ state: 'started' }]);
  await loseOldEmbeddings(deps, systemClock.now() + 1);
  expect(await rows()).toMatchObject([{ state: 'lost' }]);
  const [tokens, reserved] = await spent();
  expect(tokens).toBeGreaterThanOrEqual(Buffer.byteLength('some words'));
  expect(reserved).toBe(0);
});
