import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openConfig } from '../../src/core/config/open-config.ts';
import type { Settings } from '../../src/core/config/load-settings.ts';
import { ClawError } from '../../src/core/kernel/errors.ts';
import { planChannels } from '../../src/serve/channel-plan.ts';
import { createChannelSet } from '../../src/serve/channel-set.ts';
import type { ChannelEntry } from '../../src/serve/channels/registry.ts';
import { closedInbox } from '../fakes/closed-inbox.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';
import { quietLog } from '../fakes/quiet-log.ts';
import { type ScriptedChannel, scriptedChannel } from './scripted-channel.ts';

const SLACK = { name: 'slack', needs: ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] };
const TELEGRAM = { name: 'telegram', needs: ['TELEGRAM_BOT_TOKEN'] };

interface Secrets {
  [name: string]: string;
}

function setUp(env = '') {
  const home = temporaryHome();
  const clock = manualClock();
  const made: ScriptedChannel[] = [];
  const entries: ChannelEntry[] = [SLACK, TELEGRAM].map((entry) => ({
    ...entry,
    create: async () => {
      const failing =
        entry.name === 'slack' ? () => Promise.reject(new ClawError('upstream-failed', 'down')) : undefined;
      const channel = scriptedChannel(entry.name, failing);
      made.push(channel);
      return channel;
    },
  }));
  const settings = (text = env): Settings => {
    writeFileSync(join(home, '.env'), text);
    return openConfig({ home, overrides: {}, environment: {}, cwd: home }).valid();
  };
  const plan = (secrets: Secrets, only?: readonly string[], text?: string) =>
    planChannels({ entries, settings: settings(text), secret: async (name) => secrets[name] }, only);
  const context = () => ({ settings: settings(), secret: async () => undefined, clock, log: quietLog });
  const connected: string[] = [];
  const onConnected = async (name: string): Promise<void> => void connected.push(name);
  const set = createChannelSet({ context, inbox: closedInbox, onConnected, clock, log: quietLog });
  const apply = async (...args: Parameters<typeof plan>): Promise<void> => {
    await set.apply(await plan(...args));
    await clock.advance(0);
  };
  return { plan, set, made, apply, clock, connected };
}

const ALL = { SLACK_BOT_TOKEN: 'a', SLACK_APP_TOKEN: 'b', TELEGRAM_BOT_TOKEN: 'c' };

test('a channel starts when all of its secrets are set, and the plan says which one is missing', async () => {
  const { plan } = setUp();
  expect(await plan({ SLACK_BOT_TOKEN: 'a', TELEGRAM_BOT_TOKEN: 'c' })).toMatchObject([
    { entry: { name: 'slack' }, starts: false, reason: 'SLACK_APP_TOKEN is not set', isWanted: true },
    { entry: { name: 'telegram' }, starts: true, reason: null },
  ]);
  expect(await plan({})).toMatchObject([
    { reason: 'SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not set', isWanted: false },
    { reason: 'TELEGRAM_BOT_TOKEN is not set', isWanted: false },
  ]);
});

test('--only leaves the others out, and refuses what does not exist', async () => {
  const { plan } = setUp();
  expect(await plan(ALL, ['telegram'])).toMatchObject([{ starts: false, isWanted: false }, { starts: true }]);
  await expect(plan(ALL, ['telegramm'])).rejects.toMatchObject({
    code: 'usage-invalid',
    hint: 'Did you mean telegram?',
  });
});

test('a store of secrets that fails keeps its channel off and says why', async () => {
  const { plan } = setUp();
  const secrets = {
    ...ALL,
    get SLACK_APP_TOKEN(): string {
      throw new ClawError('auth-missing', 'The keychain is locked.');
    },
  };
  expect(await plan(secrets)).toMatchObject([{ starts: false, reason: 'The keychain is locked.' }, { starts: true }]);
});

test('a channel that fails does not keep the others from starting', async () => {
  const { apply, set, connected } = setUp();
  await apply(ALL);
  expect(connected).toEqual(['telegram']);
  expect(set.reports()).toMatchObject([
    { name: 'slack', state: 'failed', detail: 'down' },
    { name: 'telegram', state: 'connected' },
  ]);
  expect([set.find('slack'), set.find('telegram')?.name]).toEqual([undefined, 'telegram']);
});

test('only what changed is stopped and started again', async () => {
  const { apply, set, made } = setUp();
  const tokens = { TELEGRAM_BOT_TOKEN: 'c' };
  await apply(tokens);
  const first = set.find('telegram');
  await apply(tokens, undefined, 'SLACK_ALLOWED_USERS=U1\nMAX_TOKENS=100\n');
  expect(set.find('telegram')).toBe(first);
  await apply(tokens, undefined, 'TELEGRAM_ALLOWED_USERS=1\n');
  const second = set.find('telegram');
  expect([second === first, made[0]?.calls]).toEqual([false, ['start', 'stopIntake', 'close']]);
  await apply({ TELEGRAM_BOT_TOKEN: 'new' }, undefined, 'TELEGRAM_ALLOWED_USERS=1\n');
  expect(set.find('telegram')).not.toBe(second);
});

test('a channel whose token is taken away stops', async () => {
  const { apply, set, made } = setUp();
  await apply({ TELEGRAM_BOT_TOKEN: 'c' });
  await apply({});
  expect([made[0]?.calls.at(-1), set.find('telegram')]).toEqual(['close', undefined]);
  expect(set.reports()[1]).toMatchObject({ state: 'off', detail: 'TELEGRAM_BOT_TOKEN is not set' });
});
