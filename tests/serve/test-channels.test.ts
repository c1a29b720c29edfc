import { expect, test } from 'vitest';
import { openConfig } from '../../src/core/config/open-config.ts';
import { ClawError } from '../../src/core/kernel/errors.ts';
import type { PlannedChannel } from '../../src/serve/channel-plan.ts';
import type { Channel } from '../../src/serve/channels/channel.ts';
import { channelTestsText, testChannels } from '../../src/serve/test-channels.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';
import { quietLog } from '../fakes/quiet-log.ts';
import { scriptedChannel } from './scripted-channel.ts';

const never = new AbortController().signal;

function planned(name: string, test?: Channel['test'], change: Partial<PlannedChannel> = {}): PlannedChannel {
  const create = async (): Promise<Channel> => ({ ...scriptedChannel(name), ...(test === undefined ? {} : { test }) });
  return {
    entry: { name, needs: [], create },
    starts: true,
    reason: null,
    isWanted: false,
    fingerprint: '',
    ...change,
  };
}

function run(plan: readonly PlannedChannel[], signal = never) {
  const settings = openConfig({ home: temporaryHome(), overrides: {}, environment: {}, cwd: '/' }).valid();
  return testChannels(plan, { settings, secret: async () => undefined, clock: manualClock(), log: quietLog }, signal);
}

const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};

test('each channel answers for itself, with its account or its error', async () => {
  const tests = await run([
    planned('slack', failing(new ClawError('auth-rejected', 'wrong token'))),
    planned('telegram'),
    planned('discord', failing(new DOMException('late', 'TimeoutError'))),
  ]);
  expect(tests).toEqual([
    {
      name: 'slack',
      ok: false,
      account: null,
      latency_ms: null,
      error: { code: 'auth-rejected', message: 'wrong token' },
    },
    { name: 'telegram', ok: true, account: 'telegram-bot', latency_ms: 0, error: null },
    expect.objectContaining({ name: 'discord', error: { code: 'upstream-failed', message: 'no answer within 15 s' } }),
  ]);
  expect(channelTestsText(tests)).toContain('telegram: ok, telegram-bot, 0 ms');
});

test('a channel that is not configured is left out, unless it was asked for', async () => {
  const off = { starts: false, reason: 'X_TOKEN is not set' };
  expect(await run([planned('x', undefined, off)])).toEqual([]);
  expect(await run([planned('x', undefined, { ...off, isWanted: true })])).toMatchObject([
    { ok: false, error: { code: 'auth-missing', message: 'X_TOKEN is not set.' } },
  ]);
});

test('the channel is closed after its test, and Ctrl-C ends the tests', async () => {
  const channel = scriptedChannel('x');
  const entry = { name: 'x', needs: [], create: async () => channel };
  await run([{ ...planned('x'), entry }]);
  expect(channel.calls).toEqual(['close']);
  const stop = new AbortController();
  const aborting = async (): Promise<never> => {
    stop.abort(new ClawError('cancelled', 'Stopped.'));
    throw new Error('aborted');
  };
  await expect(run([planned('x', aborting)], stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
});
