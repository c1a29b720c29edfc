import { expect, test } from 'vitest';
import { createChatService } from '../../../src/core/conversations/chat-service.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { createBudgets } from '../../../src/core/spending/budgets.ts';
import { periodAt } from '../../../src/core/spending/period.ts';
import { chatKit } from '../conversations/chat-kit.ts';

test('a reader that goes away in the middle of an answer leaves nothing reserved, and the call is counted', async () => {
  const kit = await chatKit([{ text: 'a long answer' }], { price: (usage) => usage.inputTokens + usage.outputTokens });
  const { store, userId, deps } = kit;
  await store.budgets.setBudget({
    id: 'b',
    scope: 'user',
    subject: userId,
    unit: 'tokens',
    amount: 1_000_000,
    period: 'day',
    created_at: 0,
  });
  const settings = { zone: 'UTC', dailyCalls: 0, userDailyCalls: 0 };
  const budgets = createBudgets({ store, clock: systemClock }, settings);
  const chat = createChatService({ ...deps, policy: { ...deps.policy, budgets } });
  let turnId = '';
  for await (const event of chat.send({ userId, text: 'hi', signal: new AbortController().signal, taskId: 'task-1' })) {
    if (event.type === 'turn-start') turnId = event.turnId;
    if (event.type === 'text-delta') break;
  }
  const [call] = await store.journal.modelCalls(turnId);
  expect(call).toMatchObject({ state: 'cancelled', is_estimated: 1, task_id: 'task-1' });
  const { startsAt } = periodAt('day', Date.now(), 'UTC');
  const used = (call?.input_tokens ?? 0) + (call?.output_tokens ?? 0);
  expect(used).toBeGreaterThan(0);
  expect(await store.budgets.period({ budgetId: 'b', startsAt })).toMatchObject({ spent: used, reserved: 0 });
  expect(await store.budgets.holdsOnBudget({ budgetId: 'b', startsAt })).toEqual([]);
});
