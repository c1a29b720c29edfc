import { expect, test } from 'vitest';
import type { ImportedTask } from '../../../src/core/import/imported.ts';
import { takeTask, takeWebhook, type WantedTask } from '../../../src/core/import/take-work.ts';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import { importKit } from './import-kit.ts';

const task = (more: Partial<ImportedTask> = {}): ImportedTask => ({
  kind: 'task',
  sourceId: 't',
  name: '매일 09:00 / report!',
  prompt: 'report',
  type: 'cron',
  value: '0 9 * * *',
  isActive: true,
  ...more,
});

async function kit(activates: boolean, problem?: string) {
  const { store, run } = await importKit();
  const made: WantedTask[] = [];
  const taker = takeTask(
    store,
    { ...run, activates },
    {
      zone: 'Asia/Seoul',
      check: async () => {
        if (problem !== undefined) throw new ClawError('usage-invalid', problem);
      },
      create: async (_owner, wanted) => `id ${made.push(wanted)}`,
    },
  );
  const take = async (item: ImportedTask) => {
    const decision = await taker.decide(item);
    if ('perform' in decision) await decision.perform(new AbortController().signal);
    return decision;
  };
  return { take, made };
}

test('a task rests unless it was active there and that is wanted here', async () => {
  const resting = await kit(false);
  await resting.take(task());
  expect(resting.made).toMatchObject([
    { id: '09-00-report', zone: 'Asia/Seoul', paused: 'imported from flux-openclaw' },
  ]);
  const active = await kit(true);
  await active.take(task());
  await active.take(task({ name: 'off', isActive: false }));
  expect(active.made.map(({ paused }) => paused)).toEqual([undefined, 'imported from flux-openclaw']);
});

test('one that was to run once and is past is told in one sentence, whatever its time', async () => {
  const { take } = await kit(false, '"2020-01-01T00:00:00" is in the past.');
  await expect(take(task({ type: 'once', value: '2020-01-01T00:00:00' }))).rejects.toThrow(/^it was to run once, and/);
  await expect(take(task({ name: 'other' }))).rejects.toThrow('"2020-01-01');
});

test('answers for a chat that nobody knows here go nowhere, and that is told', async () => {
  const { take, made } = await kit(false);
  expect(await take(task({ jid: 'tg:42' }))).toMatchObject({
    remark: expect.stringContaining('sent nowhere') as string,
  });
  expect(made[0]).not.toHaveProperty('chatId');
});

test('the address of a webhook, which may be as good as a key, stands in no reason', async () => {
  const { store, run } = await importKit();
  const check = async (url: string): Promise<never> => {
    throw new ClawError('sandbox-refused', `${url} may not be called`);
  };
  const taker = takeWebhook(store, run, { check, add: async () => 'id' });
  const webhook = { kind: 'webhook', sourceId: 'w', url: 'http://10.0.0.1/token-of-nobody' } as const;
  await expect(taker.decide({ ...webhook, events: ['turn.completed'] })).rejects.toThrow(/^(?!.*token-of-nobody)/);
  expect(await taker.decide({ ...webhook, events: ['user.created'] })).toMatchObject({ state: 'skipped' });
});
