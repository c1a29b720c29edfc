import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { localOwner } from '../../../src/core/access/local-user.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { readBudget } from '../../../src/core/spending/budget-text.ts';
import { type BudgetSettings, createBudgets, type PlannedCall } from '../../../src/core/spending/budgets.ts';
import { periodAt } from '../../../src/core/spending/period.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const SETTINGS: BudgetSettings = { zone: 'UTC', dailyCalls: 0, userDailyCalls: 0 };
const signal = new AbortController().signal;

async function kit(settings: Partial<BudgetSettings> = {}) {
  const home = temporaryHome();
  const file = join(home, 'claw.db');
  const snapshotFolder = join(home, 'backups');
  const store = openStore({ file, snapshotFolder, now: 0 });
  onTestFinished(() => store.close());
  const userId = (await localOwner(store, systemClock)).id;
  const budgets = createBudgets({ store, clock: systemClock }, { ...SETTINGS, ...settings });
  const setBudget = (id: string, text: string) =>
    store.budgets.setBudget({ id, scope: 'user', subject: userId, ...readBudget(text), created_at: 0 });
  const call = (id: string, more: Partial<PlannedCall> = {}): PlannedCall => ({
    id,
    owner: { userId, conversationId: 'c', taskId: null, tools: [] },
    maxOutputTokens: 4096,
    atMost: (tokens) => ({ microUsd: 1_000 + tokens * 10, tokens: 1_000 + tokens }),
    ...more,
  });
  const settle = async (id: string, microUsd: number, tokens = 0): Promise<string[]> => {
    const told = await store.transaction((tables) => budgets.settle(tables, id, { microUsd, tokens }));
    budgets.settled();
    return told.map(({ text }) => text);
  };
  const today = (budgetId: string) =>
    store.budgets.period({ budgetId, startsAt: periodAt('day', Date.now(), 'UTC').startsAt });
  return { home, file, snapshotFolder, store, userId, budgets, setBudget, call, settle, today };
}

const nothing = async (): Promise<void> => {};

test('a budget of $0.01 lets exactly two of 100 turns of $0.004 pass that come at once from two processes', async () => {
  const { file, snapshotFolder, userId, setBudget, today } = await kit();
  await setBudget('b', '0.01/day');
  const program = fileURLToPath(new URL('budget-writer.ts', import.meta.url));
  const runs = [1, 2].map(async () => {
    const child = spawn(process.execPath, [program, file, snapshotFolder, userId, '50'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    await once(child, 'close');
    return JSON.parse(out) as { passed: number; codes: string[] };
  });
  const [first, second] = await Promise.all(runs);
  expect((first?.passed ?? 0) + (second?.passed ?? 0)).toBe(2);
  expect(first?.codes).toEqual(['limit-reached']);
  expect(await today('b')).toMatchObject({ spent: 8_000, reserved: 0 });
});

test('no mix of calls passes a budget, whatever each needs and uses, and what is held is released', async () => {
  const use = fc.record({
    answer: fc.integer({ min: 64, max: 4096 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(use, { minLength: 2, maxLength: 12 }),
      fc.integer({ min: 0, max: 200_000 }),
      async (uses, amount) => {
        const { budgets, store, setBudget, call, settle, today } = await kit();
        await setBudget('b', `${amount / 1e6}/day`);
        const run = async ({ answer, share }: (typeof uses)[number], index: number): Promise<number> => {
          const id = `call-${index}`;
          const { use: held } = await budgets.reserve(call(id, { maxOutputTokens: answer }), nothing, signal);
          const used = Math.floor(held.microUsd * share);
          await settle(id, used);
          return used;
        };
        const results = await Promise.allSettled(uses.map(run));
        const spent = results.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
        expect(spent).toBeLessThanOrEqual(amount);
        expect(await today('b')).toMatchObject({ spent, reserved: 0 });
        expect(
          await store.budgets.holdsOnBudget({ budgetId: 'b', startsAt: periodAt('day', Date.now(), 'UTC').startsAt }),
        ).toEqual([]);
      },
    ),
    { numRuns: 15 },
  );
});

test('the last answer is as long as what is left allows, and the refusal says what is used and when it renews', async () => {
  const { budgets, setBudget, call, settle } = await kit();
  await setBudget('b', '0.01/day');
  const first = await budgets.reserve(call('a'), nothing, signal);
  expect(first.maxOutputTokens).toBe(900);
  await settle('a', 9_000);
  await expect(budgets.reserve(call('b'), nothing, signal)).rejects.toMatchObject({
    code: 'limit-reached',
    message: expect.stringMatching(
      /daily budget of the user .* \$0\.009 of \$0\.01 used\. It renews at \d{4}-\d\d-\d\d 00:00 \(UTC\)/,
    ) as string,
  });
});

test('it warns once when four fifths are used', async () => {
  const { budgets, setBudget, call, settle } = await kit();
  await setBudget('b', '0.1/day');
  await budgets.reserve(call('a'), nothing, signal);
  expect(await settle('a', 10_000)).toEqual([]);
  await budgets.reserve(call('b'), nothing, signal);
  await expect(settle('b', 40_000)).resolves.toEqual([]);
  await budgets.reserve(call('c'), nothing, signal);
  expect(await settle('c', 31_000)).toEqual(['81 % of a budget is used: $0.081 of $0.10.']);
  await budgets.reserve(call('d'), nothing, signal);
  expect(await settle('d', 1_000)).toEqual([]);
});

test('a call that waits goes on when the one that runs settles, and an interrupt ends the wait', async () => {
  const { budgets, setBudget, call, settle } = await kit();
  await setBudget('b', '0.05/day');
  await budgets.reserve(call('a'), nothing, signal);
  const stop = new AbortController();
  const interrupted = budgets.reserve(call('b'), nothing, stop.signal);
  const waits = budgets.reserve(call('c'), nothing, signal);
  stop.abort(new Error('interrupted'));
  await expect(interrupted).rejects.toThrow('interrupted');
  await settle('a', 1_000);
  await expect(waits).resolves.toMatchObject({ maxOutputTokens: 4096 });
});

test('what a dead process held counts as spent, so that nobody waits for it', async () => {
  const { store, budgets, setBudget, call, today } = await kit();
  await setBudget('b', '0.1/day');
  await budgets.reserve(call('mine'), nothing, signal);
  const { startsAt } = periodAt('day', Date.now(), 'UTC');
  await store.budgets.changePeriod({ budgetId: 'b', startsAt }, { spent: 0, reserved: 50_000 });
  const lost = {
    call_id: 'lost',
    budget_id: 'b',
    starts_at: startsAt,
    amount: 50_000,
    budget_amount: 100_000,
    unit: 'money',
  } as const;
  await store.budgets.addHold({ ...lost, runner: '1999999999:1' });
  await store.transaction((tables) => budgets.settleLost(tables, 'mine'));
  await expect(budgets.reserve(call('next'), nothing, signal)).resolves.toMatchObject({ maxOutputTokens: 704 });
  expect(await today('b')).toMatchObject({ spent: 91_960, reserved: 8_040 });
});

test('the settings limit calls of a day, of everybody and of one user', async () => {
  const { budgets, call, settle } = await kit({ dailyCalls: 2 });
  for (const id of ['a', 'b']) {
    await budgets.reserve(call(id), nothing, signal);
    await settle(id, 0);
  }
  await expect(budgets.reserve(call('c'), nothing, signal)).rejects.toThrow(/MAX_DAILY_CALLS.*2 of 2 calls/);
});

test('a day begins at local midnight, also when the clocks change, and a month on its first day', () => {
  const hours = (at: string, zone: string): number => {
    const { startsAt, endsAt } = periodAt('day', Date.parse(at), zone);
    return (endsAt - startsAt) / 3_600_000;
  };
  expect(hours('2026-03-29T12:00:00Z', 'Europe/Berlin')).toBe(23);
  expect(hours('2026-10-25T12:00:00Z', 'Europe/Berlin')).toBe(25);
  expect(periodAt('month', Date.parse('2026-02-10T00:00:00Z'), 'Asia/Seoul')).toEqual({
    startsAt: Date.parse('2026-01-31T15:00:00Z'),
    endsAt: Date.parse('2026-02-28T15:00:00Z'),
  });
});

test('budgets are read exactly, and what is none is refused', () => {
  expect(readBudget('5/day')).toEqual({ unit: 'money', amount: 5_000_000, period: 'day' });
  expect(readBudget('$0.01/month')).toEqual({ unit: 'money', amount: 10_000, period: 'month' });
  expect(readBudget('100000tokens/day')).toEqual({ unit: 'tokens', amount: 100_000, period: 'day' });
  expect(readBudget('200 calls/day')).toEqual({ unit: 'calls', amount: 200, period: 'day' });
  for (const wrong of ['', '5', '-1/day', '5/week', '1.5calls/day', '1e9/day', 'NaN/day'])
    expect(() => readBudget(wrong)).toThrow(/is no budget/);
});

test('the calls of one run reserve of its budget: the answer is shortened to what is left, and the call that finds nothing is refused', async () => {
  const { budgets, call } = await kit();
  const reserve = (id: string, amount: number) =>
    budgets.reserve(call(id, { run: { turnId: 't', amount } }), nothing, new AbortController().signal);
  expect(await reserve('a', 11_000)).toMatchObject({ maxOutputTokens: 1000, use: { microUsd: 11_000 } });
  await expect(reserve('b', 1_500)).rejects.toMatchObject({
    code: 'limit-reached',
    message: expect.stringContaining('one run of the task') as string,
  });
});
