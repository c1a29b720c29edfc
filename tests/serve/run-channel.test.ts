import { expect, test } from 'vitest';
import { ClawError } from '../../src/core/kernel/errors.ts';
import type { Channel } from '../../src/serve/channels/channel.ts';
import { closedInbox } from '../fakes/closed-inbox.ts';
import { runChannel } from '../../src/serve/run-channel.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { quietLog } from '../fakes/quiet-log.ts';
import { type ScriptedChannel, scriptedChannel } from './scripted-channel.ts';

const MINUTE = 60_000;

/** A running channel whose tries are the given channels, the last one again and again. */
async function run(clock: ManualClock, ...tries: readonly ScriptedChannel[]) {
  let made = 0;
  const create = async (): Promise<Channel> => {
    const next = tries[Math.min(made, tries.length - 1)];
    made += 1;
    if (next === undefined) throw new Error('no channel');
    return next;
  };
  const connections: number[] = [];
  const onConnected = async (): Promise<void> => void connections.push(clock.elapsed());
  const channel = runChannel({ name: 'x', create, inbox: closedInbox, onConnected, clock, log: quietLog });
  await clock.advance(0);
  return { channel, connections, made: () => made };
}

const refusing = (error: Error) =>
  scriptedChannel('x', async () => {
    throw error;
  });

test('it is found for sending once it is connected, and not before', async () => {
  const clock = manualClock();
  let connect = (): void => {};
  const slow = scriptedChannel('x', () => new Promise((resolve) => (connect = resolve)));
  const { channel } = await run(clock, slow);
  expect([channel.channel(), channel.report().state]).toEqual([undefined, 'connecting']);
  connect();
  await clock.advance(0);
  expect([channel.channel(), channel.report()]).toMatchObject([slow, { state: 'connected', account: 'x-bot' }]);
});

test('a start that fails is tried again after 5 s, 10 s, 20 s and never later than 5 min', async () => {
  const clock = manualClock();
  const { channel, made } = await run(clock, refusing(new ClawError('upstream-failed', 'no route')));
  const waits: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    const [wait = 0] = clock.sleeping();
    waits.push(wait / 1000);
    expect(channel.report()).toMatchObject({ state: 'failed', detail: 'no route', retry_at: clock.now() + wait });
    await clock.advance(wait);
  }
  expect([waits, made()]).toEqual([[5, 10, 20, 40, 80, 160, 300, 300], 9]);
});

test('a refused token is tried again only every 5 min', async () => {
  const clock = manualClock();
  const good = scriptedChannel('x');
  const { channel } = await run(clock, refusing(new ClawError('auth-rejected', 'wrong token')), good);
  await clock.advance(5 * MINUTE - 1);
  expect(channel.report()).toMatchObject({ state: 'failed', detail: 'wrong token' });
  await clock.advance(1);
  expect(channel.report()).toMatchObject({ state: 'connected', detail: null, retry_at: null });
});

test('a connection that was given up is closed and made anew', async () => {
  const clock = manualClock();
  const [first, second] = [scriptedChannel('x'), scriptedChannel('x')];
  const { channel, connections } = await run(clock, first, second);
  first.set({ state: 'failed', detail: 'kicked out' });
  await clock.advance(2000);
  expect([first.calls.at(-1), channel.report().detail, channel.channel()]).toEqual(['close', 'kicked out', undefined]);
  await clock.advance(5000);
  expect(channel.channel()).toBe(second);
  expect(connections).toEqual([0, 7000]);
});

test('closing ends a wait for the next try, and a channel that is still starting', async () => {
  const clock = manualClock();
  const waiting = await run(clock, refusing(new ClawError('upstream-failed', 'no route')));
  await waiting.channel.close();
  await clock.advance(10 * MINUTE);
  expect(waiting.made()).toBe(1);

  let fail: (error: Error) => void = () => {};
  const stuck = scriptedChannel('x', () => new Promise((_, reject) => (fail = reject)));
  const starting = await run(clock, stuck);
  const closed = starting.channel.close();
  fail(new Error('aborted'));
  await closed;
  expect(stuck.calls).toContain('close');
});

test('after the intake stopped it can still send, and does not start again', async () => {
  const clock = manualClock();
  const only = scriptedChannel('x');
  const { channel, made } = await run(clock, only);
  await channel.stopIntake();
  only.set({ state: 'failed' });
  await clock.advance(10 * MINUTE);
  expect([only.calls, made(), channel.channel()]).toEqual([['start', 'stopIntake'], 1, only]);
});
