import { describe, expect, it } from 'vitest';
import { claimDue } from '../../../src/core/tasks/ledger.ts';
import { readSchedule } from '../../../src/core/tasks/schedule.ts';
import type { TaskActor } from '../../../src/core/tasks/task-actor.ts';
import { HOUR, onTrouble, START, taskWorld as world } from './task-kit.ts';

describe('the ledger', () => {
  it('creating runs nothing, not even a look later', async () => {
    const { create, settle, ran, ledger } = await world();
    await create();
    await settle();
    expect(ran).toEqual([]);
    expect(await ledger()).toEqual([]);
  });

  it('an interval stays anchored over a long run and a time when nobody looked', async () => {
    const { create, settle, time, ledger } = await world();
    await create();
    for (const at of [1, 2]) {
      time.now = START + at * HOUR;
      await settle();
    }
    time.now = Date.parse('2026-03-02T15:10:00Z');
    await settle();
    time.now = Date.parse('2026-03-02T16:00:00Z');
    await settle();
    expect(await ledger()).toEqual([
      '11:00 ran',
      '12:00 ran',
      '13:00 skipped',
      '14:00 skipped',
      '15:00 ran',
      '16:00 ran',
    ]);
  });

  it.each([
    ['skip', ['11:00 skipped', '12:00 skipped', '13:00 skipped']],
    ['once', ['11:00 skipped', '12:00 skipped', '13:00 ran']],
    ['all', ['11:00 ran', '12:00 ran', '13:00 ran']],
  ] as const)('policy %s', async (misfire, expected) => {
    const { create, settle, time, ledger } = await world();
    await create({ misfire });
    time.now = START + 3.5 * HOUR;
    await settle();
    expect(await ledger()).toEqual(expected);
  });

  it('what is later than allowed is missed', async () => {
    const { create, settle, time, ledger } = await world();
    await create({ misfire: 'all', maxLateness: '90m' });
    time.now = START + 3.5 * HOUR;
    await settle();
    expect(await ledger()).toEqual(['11:00 missed', '12:00 ran', '13:00 ran']);
  });

  it('two processes never run one instant twice', async () => {
    const { create, time, open, store, clock } = await world();
    await create();
    const other = open();
    time.now = START + HOUR;
    const seen = await other.tasks.due(time.now);
    expect(await claimDue({ store, clock }, { onTrouble })).toHaveLength(1);
    expect(seen).toHaveLength(1);
    expect(await claimDue({ store: other, clock }, { onTrouble })).toEqual([]);
  });

  it('a clock that is set back runs nothing again', async () => {
    const { create, settle, time, ledger } = await world();
    await create();
    time.now = START + HOUR;
    await settle();
    time.now = START - 5 * HOUR;
    await settle();
    time.now = START + HOUR + 1;
    await settle();
    expect(await ledger()).toEqual(['11:00 ran']);
  });

  it('a pause skips what is due meanwhile, unless it is caught up with', async () => {
    const { create, settle, time, ledger, service, actor } = await world();
    await create();
    await service.pause(actor, 't');
    time.now = START + 2.5 * HOUR;
    await settle();
    await service.resume(actor, 't');
    await settle();
    expect(await ledger()).toEqual(['11:00 skipped', '12:00 skipped']);
    await service.pause(actor, 't');
    time.now = START + 4.5 * HOUR;
    await service.resume(actor, 't', true);
    await settle();
    expect(await ledger()).toEqual(['11:00 skipped', '12:00 skipped', '13:00 skipped', '14:00 ran']);
  });

  it('a task that fails goes on, and waits after three failures', async () => {
    const { create, settle, time, answer, service, actor, ledger } = await world();
    await create({ value: '1m' });
    answer.now = { status: 'error', output: null, error: 'it broke' };
    for (let minute = 1; minute <= 20; minute += 1) {
      time.now = START + minute * 60_000;
      await settle();
    }
    const states = (await ledger()).map((line) => line.slice(6));
    expect(states).toHaveLength(20);
    expect(states.filter((state) => state === 'failed')).toHaveLength(5);
    expect((await service.find(actor, 't')).state).toBe('active');
    answer.now = { status: 'ok', output: 'fine' };
    time.now += HOUR;
    await settle();
    expect((await service.find(actor, 't')).failures).toBe(0);
  });

  it('tells the owner of a row of failures once, in their direct chat, and of the next row again', async () => {
    const { create, settle, time, answer, store, actor, outbox } = await world();
    await create();
    const fail = async (hour: number): Promise<string[]> => {
      answer.now = { status: 'error', output: null, error: 'it broke' };
      time.now = START + hour * HOUR;
      await settle();
      return outbox();
    };
    expect(await fail(1)).toEqual([]);
    const chat = {
      jid: 'tg:42',
      channel: 'telegram',
      user_id: actor.user.id,
      conversation_id: null,
      created_at: START,
    };
    await store.rooms.putDirectChat(chat);
    expect(await fail(2)).toEqual(['tg:42 _Task t: It failed: it broke. It goes on._']);
    expect(await fail(3)).toEqual([]);
    answer.now = { status: 'ok', output: 'fine' };
    time.now = START + 5 * HOUR;
    await settle();
    expect(await fail(6)).toEqual(['tg:42 _Task t: It failed: it broke. It goes on._']);
  });

  it('tells the owner of a task whose room is gone why it is disabled', async () => {
    const { create, settle, time, store, actor, outbox, uid } = await world();
    await create();
    const chat = {
      jid: 'tg:42',
      channel: 'telegram',
      user_id: actor.user.id,
      conversation_id: null,
      created_at: START,
    };
    await store.rooms.putDirectChat(chat);
    await store.tasks.update(await uid(), { chat_id: 'tg:-100' });
    time.now = START + HOUR;
    await settle();
    expect(await outbox()).toEqual(['tg:42 _Task t: It is disabled: its room tg:-100 is gone._']);
    time.now = START + 2 * HOUR;
    await settle();
    expect(await outbox()).toEqual([]);
  });

  it('a task whose owner is disabled is disabled with a reason, and is not run each minute', async () => {
    const { create, settle, time, store, service, actor, ledger, uid } = await world();
    await create();
    await store.users.insertIfAbsent({ id: 'u2', username: 'mina', role: 'user', state: 'disabled', created_at: 0 });
    await store.tasks.update(await uid(), { owner_id: 'u2' });
    time.now = START + 5 * HOUR;
    await settle();
    expect(await service.find(actor, 't')).toMatchObject({ state: 'disabled', reason: 'its owner mina is disabled' });
    expect((await ledger()).at(-1)).toBe('15:00 failed');
    time.now = START + 7.5 * HOUR;
    await settle();
    await store.tasks.update(await uid(), { owner_id: actor.user.id });
    await service.resume(actor, 't');
    expect((await ledger()).slice(-3)).toEqual(['15:00 failed', '16:00 skipped', '17:00 skipped']);
  });

  it('tells the webhooks of its owner of each run, in the transaction that closes it', async () => {
    const { create, settle, time, store, actor } = await world();
    const hook = { id: 'abc', owner_id: actor.user.id, url: 'https://example.com', events: '["task.run"]' };
    await store.webhooks.insert({
      ...hook,
      state: 'active',
      reason: null,
      failures: 0,
      created_at: START,
      updated_at: START,
    });
    await create();
    time.now = START + HOUR;
    await settle();
    const told = (await store.webhooks.due(time.now, 10)).map(({ body }) => JSON.parse(body) as unknown);
    expect(told).toMatchObject([{ type: 'task.run', data: { task_id: 't', state: 'ran' } }]);
  });

  it('a gate that says no skips the run', async () => {
    const { create, settle, time, answer, ledger } = await world();
    await create({ gate: 'may_it' });
    answer.now = { status: 'ok', output: { wake: false } };
    time.now = START + HOUR;
    await settle();
    answer.now = { status: 'ok', output: { wake: true } };
    time.now = START + 2 * HOUR;
    await settle();
    expect(await ledger()).toEqual(['11:00 skipped', '12:00 ran']);
  });

  it('the 51st task is refused, and so is a time that has passed', async () => {
    const { create } = await world();
    for (let count = 0; count < 50; count += 1) await create({ id: `t${count}` });
    await expect(create({ id: 'more' })).rejects.toThrow('no more are allowed');
    await expect(create({ type: 'once', value: '2026-01-01T00:00:00Z' })).rejects.toThrow('in the past');
    await expect(create({ type: 'once', value: '2027-03-14T02:30:00', zone: 'America/New_York' })).rejects.toThrow(
      'gap',
    );
  });

  it('a task of once is done when it has run', async () => {
    const { create, settle, time, service, actor, ran } = await world();
    await create({ type: 'once', value: '2026-03-02T12:00:00Z' });
    time.now = START + 2 * HOUR;
    await settle();
    time.now = START + 9 * HOUR;
    await settle();
    expect(ran).toEqual([START + 2 * HOUR]);
    expect((await service.find(actor, 't')).state).toBe('done');
  });

  it('another user sees and changes nothing of it', async () => {
    const { create, store, service } = await world();
    await create();
    const mina = { id: 'u2', username: 'mina', role: 'user', state: 'active', created_at: 0 } as const;
    await store.users.insertIfAbsent(mina);
    const actor: TaskActor = { user: mina, chatId: null, isAll: false };
    expect(await service.list(actor)).toEqual([]);
    for (const act of [service.pause, service.cancel, service.find]) {
      await expect(act(actor, 't')).rejects.toThrow('no task');
    }
  });

  it('says why an instant ran or did not', async () => {
    const { create, settle, time, service, actor } = await world();
    await create();
    time.now = START + 2.5 * HOUR;
    await settle();
    const why = async (at: number): Promise<string> => (await service.explain(actor, 't', at)).text;
    expect(await why(START + HOUR)).toContain('policy once');
    expect(await why(START + 2 * HOUR)).toContain('ran: caught up');
    expect(await why(START + 2.2 * HOUR)).toContain('not an instant of its schedule');
    expect(await why(START + 3 * HOUR)).toContain('not due yet');
  });

  it('years of simulated time, with jumps and restarts, leave no instant unaccounted for', async () => {
    const zones = ['America/New_York', 'Australia/Lord_Howe', 'Asia/Seoul', 'America/Santiago', 'Europe/Berlin'];
    const values = ['30 2 * * *', '0 */6 * * *', '15 9 * * 1-5', '0 0 L * *', '45 1 13 * 5'];
    for (const [at, zone] of zones.entries()) {
      const { create, time, settle, store, uid } = await world();
      const value = values[at] ?? '';
      await create({ type: 'cron', value, zone, misfire: at % 2 === 0 ? 'all' : 'once' });
      let random = 12_345 + at;
      const next = (most: number): number => (random = (random * 48_271) % 2_147_483_647) % most;
      let latest = START;
      while (latest < START + 365 * 24 * HOUR) {
        time.now = latest + next(9 * 24 * HOUR);
        latest = Math.max(latest, time.now);
        await settle();
        time.now -= next(2 * 24 * HOUR);
        await settle();
      }
      const schedule = readSchedule({ type: 'cron', value, zone, anchor: START });
      const expected: number[] = [];
      for (let due = schedule.next(START); due !== undefined && due <= latest; due = schedule.next(due)) {
        expected.push(due);
      }
      const rows = (await store.tasks.history(await uid(), 1_000_000)).toReversed();
      expect(rows.map((row) => row.due_at)).toEqual(expected);
      expect(rows.filter((row) => row.state === 'running')).toEqual([]);
    }
  }, 60_000);
});
