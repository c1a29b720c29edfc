import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { HANG, type ModelServer, type ReplySource, startModelServer } from '../fakes/llm/model-server.ts';
import { spoken } from '../fakes/llm/wire.ts';
import { startDiscordStandIn } from '../fakes/discord/discord-stand-in.ts';
import { TOKEN as DISCORD_TOKEN } from '../fakes/discord/discord-world.ts';
import { APP_TOKEN, BOT_TOKEN, startSlackStandIn, type SlackStandIn } from '../fakes/slack/slack-stand-in.ts';
import { TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { type RunningServe, startServe } from './serve-kit.ts';

interface World {
  readonly telegram: TelegramServer;
  readonly slack: SlackStandIn;
  /** Settings that switch both platforms on; Ann (42) may talk on Telegram. */
  readonly env: Record<string, string>;
}

async function world(): Promise<World> {
  const [telegram, discord, slack] = await Promise.all([
    new TelegramServer().listen(),
    startDiscordStandIn(),
    startSlackStandIn(),
  ]);
  onTestFinished(async () => {
    await Promise.all([telegram.close(), discord.close(), slack.close()]);
  });
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_ALLOWED_USERS: '42',
    DISCORD_BOT_TOKEN: DISCORD_TOKEN,
    DISCORD_API_ROOT: `${discord.origin}/api`,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_APP_TOKEN: APP_TOKEN,
    SLACK_API_ROOT: `${slack.origin}/api`,
    LLM_PROVIDER: 'offline',
  };
  return { telegram, slack, env };
}

async function provider(...replies: ReplySource[]): Promise<{ model: ModelServer; env: Record<string, string> }> {
  const model = await startModelServer(replies);
  onTestFinished(() => model.close());
  const env = { LLM_PROVIDER: '', ANTHROPIC_API_KEY: 'made-up-key', ANTHROPIC_BASE_URL: model.url };
  return { model, env: { ...env, LLM_MODEL: 'anthropic/claude-sonnet-5', LLM_RETRY_COUNT: '0' } };
}

interface Channel {
  readonly name: string;
  readonly state: string;
  readonly detail: string | null;
}

/** What `claw channel status` says of one channel, once it says `state`. */
async function until(serve: RunningServe, env: Record<string, string>, name: string, state: string): Promise<Channel> {
  return vi.waitFor(
    async () => {
      const { json } = await runClawJson(['channel', 'status'], { home: serve.home, env });
      const channel = (json as Channel[]).find((each) => each.name === name);
      expect(channel).toMatchObject({ state });
      return channel as Channel;
    },
    { timeout: 10_000, interval: 200 },
  );
}

test('what is configured connects, takes messages and answers; status and /ready tell it', async () => {
  const { telegram, env } = await world();
  const serve = await startServe({ env });
  telegram.say('hello');
  await telegram.until(() => telegram.textsIn(42).length > 0);
  await until(serve, env, 'telegram', 'connected');
  await until(serve, env, 'discord', 'connected');
  await until(serve, env, 'slack', 'connected');
  expect(await (await serve.get('/ready')).json()).toMatchObject({
    status: 'ready',
    channels: { telegram: 'connected', discord: 'connected', slack: 'connected' },
  });
  expect(await serve.stop()).toBe(0);
  expect(serve.log()).not.toContain('Warning');
  // Ids lead from the message to its turn and to what was sent.
  const id = (pattern: RegExp): string => pattern.exec(serve.log())?.[1] ?? 'missing';
  const message = id(/message came in message="([^"]+)"/);
  const turn = id(new RegExp(`message belonged to a turn message="${message}" turn="([^"]+)"`));
  expect(serve.log()).toMatch(new RegExp(`message sent outbox="[^"]+" chat="tg:42" turn="${turn}"`));
}, 30_000);

test('one that is refused does not keep the other from starting, and says why', async () => {
  const { telegram, slack, env } = await world();
  slack.refused = 'invalid_auth';
  const serve = await startServe({ env });
  telegram.say('hello');
  await telegram.until(() => telegram.textsIn(42).length > 0);
  const refused = await until(serve, env, 'slack', 'failed');
  expect(refused.detail).toMatch(/token|invalid_auth|refused/i);
  expect(serve.log()).toContain('retry_seconds=300');
  expect(await serve.stop()).toBe(0);
}, 30_000);

test('--only starts what it names, and --check says what would start', async () => {
  const { telegram, slack, env } = await world();
  const { SLACK_APP_TOKEN: _missing, ...half } = env;
  const check = await runClawJson(['serve', '--check'], { env: half });
  expect([check.code, check.json]).toEqual([
    3,
    expect.arrayContaining([
      { name: 'telegram', starts: true, reason: null },
      { name: 'slack', starts: false, reason: 'SLACK_APP_TOKEN is not set' },
    ]),
  ]);
  const all = await runClaw(['serve', '--check'], { env });
  expect([all.code, all.stdout]).toEqual([0, expect.stringContaining('slack: would start')]);
  const serve = await startServe({ env, args: ['--only', 'telegram'] });
  telegram.say('hello');
  await telegram.until(() => telegram.textsIn(42).length > 0);
  expect(slack.calls).toEqual([]);
  expect(await serve.stop()).toBe(0);
}, 30_000);

test('channel test asks who we are: 0, 4 for a wrong token, 8 for a platform that is away', async () => {
  const { slack, env } = await world();
  const good = await runClawJson(['channel', 'test', 'telegram'], { env });
  expect([good.code, good.json]).toEqual([
    0,
    [
      {
        name: 'telegram',
        ok: true,
        account: expect.stringContaining('claw_test_bot'),
        latency_ms: expect.any(Number),
        error: null,
      },
    ],
  ]);
  slack.refused = 'invalid_auth';
  const refused = await runClawJson(['channel', 'test', 'slack'], { env });
  expect([refused.code, refused.json]).toMatchObject([4, [{ ok: false, error: { code: 'auth-rejected' } }]]);
  const away = { ...env, TELEGRAM_API_ROOT: 'http://127.0.0.1:1' };
  const gone = await runClawJson(['channel', 'test', 'telegram'], { env: away, timeoutMs: 30_000 });
  expect([gone.code, gone.json]).toMatchObject([8, [{ ok: false, error: { code: 'upstream-failed' } }]]);
  expect((await runClaw(['channel', 'test', 'slack'], { env: { ...env, SLACK_APP_TOKEN: '' } })).code).toBe(4);
}, 60_000);

test('a channel is switched on and off by its token while the server runs', async () => {
  const { telegram, env } = await world();
  const rest = { ...env, TELEGRAM_BOT_TOKEN: '', DISCORD_BOT_TOKEN: '', SLACK_BOT_TOKEN: '' };
  const home = await temporaryDirectory();
  const serve = await startServe({ home, env: rest });
  await until(serve, rest, 'telegram', 'off');
  writeFileSync(join(home, '.env'), `TELEGRAM_BOT_TOKEN=${TOKEN}\n`);
  telegram.say('hello');
  await telegram.until(() => telegram.textsIn(42).length > 0);
  writeFileSync(join(home, '.env'), '');
  await until(serve, rest, 'telegram', 'off');
  expect(await serve.stop()).toBe(0);
}, 30_000);

test('a model that is chosen while the server runs answers the next message', async () => {
  const { telegram, env } = await world();
  const says = (text: string): ReplySource => spoken(anthropicWire, { text: [text] });
  const { model, env: keys } = await provider(says('one'), says('two'));
  const home = await temporaryDirectory();
  const settings = { ...env, ...keys, LLM_MODEL: '' };
  expect((await runClaw(['model', 'set', 'anthropic/claude-sonnet-5'], { home, env: settings })).code).toBe(0);
  const serve = await startServe({ home, env: settings });
  telegram.say('hello');
  await telegram.until(() => telegram.textsIn(42).some((text) => text.includes('one')));
  expect((await runClaw(['model', 'set', 'anthropic/claude-haiku-4-5'], { home, env: settings })).code).toBe(0);
  await serve.logged('settings read again');
  telegram.say('and again');
  await telegram.until(() => telegram.textsIn(42).some((text) => text.includes('two')));
  const models = model.requests.map(({ body }) => (body as { readonly model: string }).model);
  expect([models[0], models.at(-1)]).toEqual(['claude-sonnet-5', expect.stringContaining('claude-haiku-4-5')]);
  expect(await serve.stop()).toBe(0);
}, 30_000);

test('SIGTERM in the middle of a turn ends within ten seconds, and the next start answers, once', async () => {
  const { telegram, env } = await world();
  const { model, env: keys } = await provider(
    { pieces: [...anthropicWire.opening(), HANG] },
    spoken(anthropicWire, { text: ['All is well.'] }),
  );
  const settings = { ...env, ...keys };
  const first = await startServe({ env: settings });
  telegram.say('how are you?');
  await model.arrived(1);
  const started = performance.now();
  expect(await first.stop()).toBe(0);
  expect(performance.now() - started).toBeLessThan(10_000);
  // By itself: the model that never answers holds nothing up once everything is stored.
  expect(first.log()).not.toContain('cut off');
  expect(telegram.unconfirmed).toBe(0);
  const second = await startServe({ home: first.home, env: settings });
  await telegram.until(() => telegram.textsIn(42).some((text) => text.includes('All is well.')));
  expect(await second.stop()).toBe(0);
  expect(telegram.textsIn(42).filter((text) => text.includes('All is well.'))).toHaveLength(1);
}, 40_000);
