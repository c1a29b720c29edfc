/** A child process of budgets.test.ts: makes model calls of 4,000 micro-USD at once, each reserving first. Arguments: file, snapshot folder, user, count. Prints how many were let through. */
import { createBudgets } from '../../../src/core/spending/budgets.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { openStore } from '../../../src/core/store/store.ts';

const [file = '', snapshotFolder = '', userId = '', count = '0'] = process.argv.slice(2);
const store = openStore({ file, snapshotFolder, now: 0 });
const budgets = createBudgets({ store, clock: systemClock }, { zone: 'UTC', dailyCalls: 0, userDailyCalls: 0 });
const owner = { userId, conversationId: 'c', taskId: null, tools: [] };
const signal = new AbortController().signal;
const calls = Array.from({ length: Number(count) }, async (_, index) => {
  const id = `${process.pid}-${index}`;
  const atMost = (tokens: number) => ({ microUsd: 2_500 + tokens * 15, tokens });
  await budgets.reserve({ id, owner, maxOutputTokens: 4096, atMost }, async () => {}, signal);
  await systemClock.sleep(5);
  await store.transaction((tables) => budgets.settle(tables, id, { microUsd: 4_000, tokens: 100 }));
  budgets.settled();
});
const results = await Promise.allSettled(calls);
const codes = results.flatMap((result) =>
  result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
);
process.stdout.write(JSON.stringify({ passed: Number(count) - codes.length, codes: [...new Set(codes)] }));
await store.close();
