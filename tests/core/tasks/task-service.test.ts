import { expect, test } from 'vitest';
import type { TaskActor } from '../../../src/core/tasks/task-actor.ts';
import { HOUR, START, taskWorld } from './task-kit.ts';

async function people() {
  const world = await taskWorld();
  const mina = { id: 'u2', username: 'mina', role: 'user', state: 'active', created_at: 0 } as const;
  await world.store.users.insertIfAbsent(mina);
  const other: TaskActor = { user: mina, chatId: null, isAll: false };
  const input = { tool: 'do_it', type: 'interval', value: '1h', zone: 'UTC' } as const;
  return { ...world, other, input };
}

test('an id is unique among the tasks of one person; that of another gives nothing away', async () => {
  const { service, actor, other, input, create } = await people();
  await create();
  const theirs = await service.create(other, { ...input, id: 't' });
  expect(theirs.owner_id).toBe('u2');
  await expect(service.create(other, { ...input, id: 't' })).rejects.toMatchObject({ code: 'conflict' });
  await service.pause(other, 't');
  expect((await service.find(actor, 't')).state).toBe('active');
  const [mine] = await service.list({ ...actor, isAll: false });
  await expect(service.find(other, mine?.id ?? '')).rejects.toMatchObject({ code: 'not-found' });
  await expect(service.find(other, 'owner/t')).rejects.toMatchObject({ code: 'not-found' });
});

test('an admin names the task of another by its id alone, by user and id, or by the id of the store', async () => {
  const { service, actor, other, input } = await people();
  const theirs = await service.create(other, { ...input, id: 'news' });
  for (const id of ['news', 'mina/news', theirs.id]) expect(await service.find(actor, id)).toMatchObject(theirs);
});

test('an id that several people use is refused to an admin with the way to say whose', async () => {
  const { service, actor, other, input, store } = await people();
  const jun = { id: 'u3', username: 'jun', role: 'user', state: 'active', created_at: 0 } as const;
  await store.users.insertIfAbsent(jun);
  await service.create(other, { ...input, id: 'news' });
  await service.create({ ...other, user: jun }, { ...input, id: 'news' });
  await expect(service.pause(actor, 'news')).rejects.toMatchObject({ code: 'usage-invalid' });
  expect((await service.pause(actor, 'jun/news')).owner_id).toBe('u3');
});

test('each change is one row of the audit trail that says from where it was made', async () => {
  const { service, actor, input, store } = await people();
  const from = { ...actor, user: { ...actor.user, via: 'api-key', from: '127.0.0.1' } };
  await service.create(from, { ...input, id: 't' });
  await service.update(from, 't', { misfire: 'all' });
  await service.pause(actor, 't');
  await service.resume(from, 't');
  await service.cancel(from, 't');
  const rows = (await store.audit.list({}, 10)).toReversed();
  expect(rows.map(({ action, via, target }) => `${action} ${via} ${target}`)).toEqual([
    'task.create api-key t',
    'task.update api-key t',
    'task.pause terminal t',
    'task.resume api-key t',
    'task.cancel api-key t',
  ]);
});

test('a refused try at what is another’s, or at what a tool may not, is in the audit trail', async () => {
  const { service, other, create, store, input } = await people();
  await create();
  await expect(service.cancel(other, 't')).rejects.toThrow('no task');
  const reader = { ...other, user: { ...other.user, role: 'readonly' as const, via: 'tool', from: 'tg:-1' } };
  await expect(service.create(reader, { ...input, id: 'r' })).rejects.toMatchObject({ code: 'permission-denied' });
  await expect(service.cancel(other, 'nothing')).rejects.toThrow('no task');
  const rows = await store.audit.list({}, 10);
  expect(rows.filter(({ outcome }) => outcome === 'denied').map(({ action, via }) => [action, via])).toEqual([
    ['task.create', 'tool'],
    ['task.cancel', 'terminal'],
  ]);
});

test.each([
  [{ id: '' }, 'cannot be the id'],
  [{ id: '🙂' }, 'cannot be the id'],
  [{ id: '../x' }, 'cannot be the id'],
  [{ id: 'a'.repeat(65) }, 'cannot be the id'],
  [{ prompt: 'and a prompt' }, 'a prompt or a tool'],
  [{ tool: 'No-Tool' }, 'no name of a tool'],
  [{ gate: '../gate' }, 'no name of a tool'],
  [{ toolInput: { text: 'x'.repeat(100_001) } }, 'longer than'],
  [{ budgetUsd: 0 }, 'no amount'],
  [{ budgetUsd: Number.NaN }, 'no amount'],
  [{ budgetUsd: 1e-9 }, 'no amount'],
  [{ maxLateness: 'soon' }, 'neither whole milliseconds'],
  [{ maxLateness: '0' }, 'above 0'],
  [{ zone: 'Mars/Olympus' }, 'time zone'],
] as const)('refuses %j and stores nothing', async (wrong, words) => {
  const { service, actor, create } = await people();
  await expect(create(wrong)).rejects.toThrow(words);
  expect(await service.list(actor, true)).toEqual([]);
});

test('a prompt has 1 to as many characters as a message', async () => {
  const { service, actor } = await people();
  const ask = (id: string, prompt: string) =>
    service.create(actor, { id, prompt, type: 'interval', value: '1h', zone: 'UTC' });
  await ask('full', 'x'.repeat(10_000));
  await expect(ask('over', 'x'.repeat(10_001))).rejects.toThrow('10001 characters');
  await expect(ask('none', ' \n ')).rejects.toThrow('empty');
  await expect(service.update(actor, 'full', { prompt: '' })).rejects.toThrow('empty');
  await expect(service.update(actor, 'full', {})).rejects.toThrow('Nothing');
});

test('a run by hand is refused while one runs, and of a task that is cancelled', async () => {
  const { service, actor, create } = await people();
  await create();
  await service.claim(actor, 't');
  await expect(service.claim(actor, 't')).rejects.toThrow('it runs at this moment');
  await create({ id: 'gone' });
  await service.cancel(actor, 'gone');
  await expect(service.claim(actor, 'gone')).rejects.toThrow('it is cancelled');
});

test('a task that was disabled comes back only when there is room for it', async () => {
  const { service, actor, create, store, uid } = await people();
  await create();
  await store.tasks.update(await uid(), { state: 'disabled', reason: 'its room is gone' });
  for (let count = 0; count < 50; count += 1) await create({ id: `n${count}` });
  await expect(service.resume(actor, 't')).rejects.toMatchObject({ code: 'limit-reached' });
});

test('a new schedule counts from now, and what was due until then is accounted for', async () => {
  const { service, actor, create, time, ledger, settle } = await people();
  await create();
  time.now = START + 2.5 * HOUR;
  const changed = await service.update(actor, 't', { value: '2h' });
  expect(changed.next_at).toBe(START + 4.5 * HOUR);
  time.now = START + 4.5 * HOUR;
  await settle();
  expect(await ledger()).toEqual(['11:00 skipped', '12:00 skipped', '14:30 ran']);
});
