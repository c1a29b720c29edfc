/** `claw serve` with Discord, against a stand-in of its HTTP API and gateway. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { startModel } from '../crash/model-stand-in.ts';
import { type DiscordStandIn, startDiscordStandIn } from '../fakes/discord/discord-stand-in.ts';
import { ADA, BOB, BOT, DIRECT, OTHER_ROOM, ROOM, TOKEN } from '../fakes/discord/discord-world.ts';
import { runClaw } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

const POST = /^POST \/channels\/\w+\/messages$/;

async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 15_000, interval: 50 });
}

const shown = (standIn: DiscordStandIn, channel: string): string[] =>
  standIn.world.visible.filter((message) => message.channel === channel).map(({ content }) => content);

async function discordServe(settings: Readonly<Record<string, string>> = {}) {
  const [standIn, model] = [await startDiscordStandIn(), await startModel()];
  onTestFinished(async () => {
    await model.close();
    await standIn.close();
  });
  const env = {
    DISCORD_BOT_TOKEN: TOKEN,
    DISCORD_ALLOWED_USERS: ADA.id,
    DISCORD_API_ROOT: standIn.origin,
    ASSISTANT_NAME: 'J',
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: model.url,
    CLAW_MODEL: 'anthropic/claude-sonnet-4-5',
    ...settings,
  };
  const start = async (home?: string) => {
    const serve = await startServe(home === undefined ? { env } : { home, env });
    onTestFinished(() => void serve.child.kill('SIGKILL'));
    await serve.logged('channel connected');
    return serve;
  };
  return { standIn, model, env, start };
}

test('an allowed person is answered in a direct chat and, by mention, in a room; nobody else is', async () => {
  const { standIn, model, start } = await discordServe();
  const serve = await start();
  standIn.say(DIRECT, ADA, 'message:D:1');
  await eventually(() => expect(shown(standIn, DIRECT)).toEqual(['reply:D:1']));
  standIn.say(ROOM, ADA, 'message:C:0 without a mention');
  standIn.say(ROOM, BOB, `<@${BOT.id}> message:C:1`);
  standIn.say(ROOM, { id: '103', username: 'other', global_name: null, bot: true }, `<@${BOT.id}> message:C:2`);
  standIn.say(ROOM, ADA, `please <@${BOT.id}> look at message:C:3`);
  await eventually(() => expect(shown(standIn, ROOM)).toEqual(['reply:C:3']));
  expect(standIn.callsTo(/typing$/).length).toBeGreaterThan(0);
  expect(model.count()).toBe(2);
  expect(await serve.stop()).toBe(0);
});

test('A14: an answer that Discord took before the process died is not posted again, and what was said meanwhile is answered', async () => {
  const { standIn, start } = await discordServe();
  const serve = await start();
  standIn.fail(POST, { kind: 'accept-then-silence' });
  standIn.say(DIRECT, ADA, 'message:D:1');
  await eventually(() => expect(shown(standIn, DIRECT)).toHaveLength(1));
  await serve.stop('SIGKILL');
  standIn.sayUnheard(DIRECT, ADA, 'message:D:2');
  const again = await start(serve.home);
  await eventually(() => expect(shown(standIn, DIRECT)).toEqual(['reply:D:1', 'reply:D:2']));
  expect(await again.stop()).toBe(0);
});

test('A15: an answer that Discord refuses with 500 is posted once, at the next try', async () => {
  const { standIn, start } = await discordServe();
  await start();
  standIn.fail(POST, { kind: 'status', status: 500 });
  standIn.say(DIRECT, ADA, 'message:D:1');
  await eventually(() => expect(shown(standIn, DIRECT)).toEqual(['reply:D:1']));
});

test('the token stands neither in the log nor in the state, and a wrong one is told', async () => {
  const { env } = await discordServe();
  const wrong = { ...env, DISCORD_BOT_TOKEN: 'wrong-made-up-token' };
  const serve = await startServe({ env: wrong, until: 'channel did not start' });
  onTestFinished(() => void serve.child.kill('SIGKILL'));
  expect(serve.log()).toContain('Discord refused the token');
  const status = await runClaw(['status', '--json'], { home: serve.home, env: wrong });
  expect(`${serve.log()} ${JSON.stringify(serve.state())} ${status.stdout}`).not.toContain('wrong-made-up-token');
});

test('a room in which everybody may ask answers everybody who mentions the assistant', async () => {
  const { standIn, start } = await discordServe({ DISCORD_ALLOWED_CHANNELS: OTHER_ROOM });
  await start();
  standIn.say(OTHER_ROOM, BOB, `<@${BOT.id}> message:C:1`);
  await eventually(() => expect(shown(standIn, OTHER_ROOM)).toEqual(['reply:C:1']));
});
