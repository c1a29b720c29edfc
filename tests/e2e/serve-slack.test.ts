/** `claw serve` with Slack, against a stand-in that is a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startModel } from '../crash/model-stand-in.ts';
import { APP_TOKEN, BOT_TOKEN } from '../fakes/slack/slack-stand-in.ts';
import type { SlackPost } from '../fakes/slack/slack-wire.ts';
import { runClaw } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

const MAIN = join(import.meta.dirname, '..', 'fakes', 'slack', 'stand-in-main.ts');

interface Control {
  readonly origin: string;
  post(what: string, order?: object): Promise<unknown>;
  get<Answer>(what: string): Promise<Answer>;
}

/** Starts the stand-in; gone when the test ends. */
async function startStandIn(): Promise<Control> {
  const child = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { origin, control } = JSON.parse(line) as { origin: string; control: string };
  const ask = async (what: string, init?: RequestInit) => (await fetch(`${control}/${what}`, init)).json();
  return {
    origin,
    post: (what, order = {}) => ask(what, { method: 'POST', body: JSON.stringify(order) }),
    get: async <Answer>(what: string) => (await ask(what)) as Answer,
  };
}

async function eventually(check: () => Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 15_000, interval: 50 });
}

async function slackServe() {
  const [slack, model] = [await startStandIn(), await startModel()];
  onTestFinished(() => model.close());
  const env = {
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_APP_TOKEN: APP_TOKEN,
    SLACK_ALLOWED_USERS: 'U0001',
    SLACK_API_ROOT: slack.origin,
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: model.url,
    CLAW_MODEL: 'anthropic/claude-sonnet-4-5',
  };
  const serve = await startServe({ env });
  onTestFinished(() => void serve.child.kill('SIGKILL'));
  await serve.logged('channel connected');
  const texts = async (channel: string) =>
    (await slack.get<SlackPost[]>(`posts?channel=${channel}`)).filter((post) => post.bot_id).map(({ text }) => text);
  return { slack, model, env, serve, texts };
}

test('an allowed person is answered in a direct chat and, by mention, in a thread; nobody else is', async () => {
  const { slack, texts, model } = await slackServe();
  await slack.post('say', { channel: 'D0001', user: 'U0001', text: 'message:D:1' });
  await eventually(async () => expect(await texts('D0001')).toEqual(['reply:D:1']));
  await slack.post('say', { channel: 'C0001', user: 'U0001', text: 'message:C:0 without a mention' });
  await slack.post('say', { channel: 'C0001', user: 'U0002', text: '<@U0BOT> message:C:1' });
  const thread_ts = '1700000000.000100';
  await slack.post('say', { channel: 'C0001', user: 'U0001', text: '<@U0BOT> message:C:2', extra: { thread_ts } });
  await eventually(async () => expect(await texts('C0001')).toEqual(['reply:C:2']));
  const posts = await slack.get<SlackPost[]>('posts?channel=C0001');
  expect(posts.at(-1)).toMatchObject({ thread_ts, text: 'reply:C:2' });
  const quiet = { connections: 1, accepted: 1, unacknowledged: 0 };
  await eventually(async () => expect(await slack.get('state')).toEqual(quiet));
  expect(model.count()).toBe(2);
});

test('A14: an answer that Slack took before the process died is not posted again', async () => {
  const { slack, env, serve, texts } = await slackServe();
  await slack.post('fail', { method: 'chat.postMessage', fault: { kind: 'hang', isDone: true } });
  await slack.post('say', { channel: 'D0001', user: 'U0001', text: 'message:D:1' });
  await eventually(async () => expect(await texts('D0001')).toHaveLength(1));
  await serve.stop('SIGKILL');
  const again = await startServe({ home: serve.home, env });
  onTestFinished(() => void again.child.kill('SIGKILL'));
  await again.logged('message sent');
  await slack.post('say', { channel: 'D0001', user: 'U0001', text: 'message:D:2' });
  await eventually(async () => expect(await texts('D0001')).toEqual(['reply:D:1', 'reply:D:2']));
  expect(await again.stop()).toBe(0);
});

test('what was said while claw was away, and Slack has given up telling, is answered once', async () => {
  const { slack, env, serve, texts } = await slackServe();
  await slack.post('say', { channel: 'D0001', user: 'U0001', text: 'message:D:1' });
  await eventually(async () => expect(await texts('D0001')).toEqual(['reply:D:1']));
  expect(await serve.stop()).toBe(0);
  await slack.post('unheard', { channel: 'D0001', user: 'U0001', text: 'message:D:2' });
  const again = await startServe({ home: serve.home, env });
  onTestFinished(() => void again.child.kill('SIGKILL'));
  await eventually(async () => expect(await texts('D0001')).toEqual(['reply:D:1', 'reply:D:2']));
  await slack.post('say', { channel: 'D0001', user: 'U0001', text: 'message:D:3' });
  await eventually(async () => expect(await texts('D0001')).toEqual(['reply:D:1', 'reply:D:2', 'reply:D:3']));
  expect(await again.stop()).toBe(0);
});

test('A15: an answer that Slack refuses with 500 is posted once, at the next try', async () => {
  const { slack, texts } = await slackServe();
  await slack.post('fail', { method: 'chat.postMessage', fault: { kind: 'status', status: 500 } });
  await slack.post('say', { channel: 'D0001', user: 'U0001', text: 'message:D:1' });
  await eventually(async () => expect(await texts('D0001')).toEqual(['reply:D:1']));
});

test('the tokens stand neither in the log nor in the state, and a wrong one is told by its name', async () => {
  const slack = await startStandIn();
  const env = { SLACK_BOT_TOKEN: 'wrong-bot-token', SLACK_APP_TOKEN: APP_TOKEN, SLACK_API_ROOT: slack.origin };
  const serve = await startServe({ env, until: 'channel did not start' });
  onTestFinished(() => void serve.child.kill('SIGKILL'));
  expect(serve.log()).toContain('SLACK_BOT_TOKEN');
  const status = await runClaw(['status', '--json'], { home: serve.home, env });
  expect(`${serve.log()} ${JSON.stringify(serve.state())} ${status.stdout}`).not.toMatch(
    /wrong-bot-token|app-token-of/,
  );
});
