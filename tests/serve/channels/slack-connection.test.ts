/** Staying connected to Slack: refreshes, lost lines, refusals, and stopping. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { connectedSlack, eventually, slackBench } from '../../fakes/slack/slack-bench.ts';

const opens = (calls: readonly { readonly method: string }[]): number =>
  calls.filter(({ method }) => method === 'apps.connections.open').length;

describe('the connection to Slack', () => {
  it('is there once Slack says hello, under the name of the assistant', async () => {
    const { channel, standIn } = await connectedSlack();
    expect(channel.status()).toEqual({ state: 'connected', account: 'claw' });
    expect(standIn.calls.map(({ method, token }) => [method, token])).toEqual([
      ['auth.test', 'bot'],
      ['apps.connections.open', 'app'],
    ]);
  });

  it.each(['warning', 'refresh_requested'])('is replaced at a %s before the old one goes', async (reason) => {
    const { standIn, inbox } = await connectedSlack();
    let fewest = Infinity;
    const watch = setInterval(() => {
      fewest = Math.min(fewest, standIn.socket.connections);
    }, 1);
    standIn.socket.disconnect(reason);
    await eventually(() => expect(standIn.socket.accepted).toBe(2));
    await eventually(() => expect(standIn.socket.connections).toBe(1));
    clearInterval(watch);
    expect(fewest).toBe(1);
    await standIn.say('C0001', 'U0001', 'still there?').acknowledged;
    expect(inbox.messages).toHaveLength(1);
  });

  it('finishes what the old one took in, and acknowledges it there', async () => {
    const { standIn, inbox } = await connectedSlack();
    const stored = Promise.withResolvers<void>();
    inbox.before = () => stored.promise;
    const [delivery] = standIn.say('C0001', 'U0001', 'hi').deliveries;
    standIn.socket.disconnect('refresh_requested');
    await eventually(() => expect(standIn.socket.connections).toBe(2));
    stored.resolve();
    await delivery?.acknowledged;
    expect(delivery?.times()).toBe(1);
    await eventually(() => expect(standIn.socket.connections).toBe(1));
  });

  it.each([undefined, 1000, 1011, 4000])('comes back after it is closed with %s', async (code) => {
    const { channel, standIn, inbox } = await connectedSlack();
    standIn.socket.drop(code);
    await eventually(() => expect(standIn.socket.accepted).toBe(2));
    await standIn.say('C0001', 'U0001', 'hi').acknowledged;
    expect(inbox.messages).toHaveLength(1);
    expect(channel.status().state).toBe('connected');
  });

  it('brings what was said meanwhile', async () => {
    const { standIn, inbox } = await connectedSlack();
    standIn.socket.drop();
    const said = [standIn.say('C0001', 'U0001', 'one'), standIn.say('C0001', 'U0001', 'two')];
    await Promise.all(said.map(({ acknowledged }) => acknowledged));
    expect(inbox.messages.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('is given up when nothing is heard on it, not even an answer to a ping', async () => {
    const { standIn } = await connectedSlack({ timings: { silenceMs: 150 } });
    standIn.socket.pings = false;
    await eventually(() => expect(standIn.socket.accepted).toBeGreaterThan(1));
  });

  it('is tried again with longer and longer pauses, never more often than Slack asks', async () => {
    const { channel, standIn } = await connectedSlack();
    standIn.fail('apps.connections.open', { kind: 'status', status: 503 }, 2);
    standIn.fail('apps.connections.open', { kind: 'status', status: 429, retryAfter: 1 });
    standIn.socket.refusals = 1;
    standIn.socket.drop();
    await eventually(() => expect(standIn.socket.accepted).toBe(2));
    const at = standIn.calls.filter(({ method }) => method === 'apps.connections.open').map((call) => call.at);
    expect(at).toHaveLength(6);
    expect((at[4] ?? 0) - (at[3] ?? 0)).toBeGreaterThanOrEqual(990);
    await eventually(() => expect(channel.status().state).toBe('connected'));
  });

  it('waits for the hello no longer than its deadline', async () => {
    const { standIn, channel } = await connectedSlack({ timings: { deadlineMs: 500 } });
    standIn.socket.saysHello = false;
    standIn.socket.drop();
    await eventually(() => expect(standIn.socket.accepted).toBe(2));
    expect(channel.status().state).toBe('connecting');
    standIn.socket.saysHello = true;
    await eventually(() => expect(channel.status().state).toBe('connected'));
  });

  it('survives frames that are none', async () => {
    const { standIn, inbox } = await connectedSlack();
    for (const frame of ['', '{', 'null', '[]', '{"type":1}', '{"envelope_id":"x"}', '"hello"'])
      standIn.socket.raw(frame);
    standIn.socket.raw(Buffer.from([0, 1, 2]));
    standIn.socket.raw('{"type":"events_api","envelope_id":"x","payload":null}');
    await standIn.say('C0001', 'U0001', 'hi').acknowledged;
    expect(inbox.messages).toHaveLength(1);
  });

  it('ends in failure, without hammering, when the token is refused', async () => {
    const { channel, standIn } = await connectedSlack();
    standIn.refused = 'invalid_auth';
    standIn.socket.drop();
    await eventually(() => expect(channel.status().state).toBe('failed'));
    expect(channel.status().detail).toContain('SLACK_APP_TOKEN');
    // Longer than all pauses of the tests together.
    await systemClock.sleep(250);
    expect(opens(standIn.calls)).toBe(2);
  });

  it('says that Socket Mode was switched off', async () => {
    const { channel, standIn, log } = await connectedSlack();
    standIn.fail('apps.connections.open', { kind: 'status', status: 503 }, 1);
    standIn.socket.disconnect('link_disabled');
    await eventually(() => expect(standIn.socket.accepted).toBe(2));
    expect(log.join('\n')).toContain('Socket Mode was switched off');
    await eventually(() => expect(channel.status().state).toBe('connected'));
  });
});

describe('what was said while nobody listened on Slack', () => {
  it('is read from the history at the start, from the last stored message on, before what is said now', async () => {
    let lastId = '';
    const known = () => [
      { chat: 'slack:C0001', lastId },
      { chat: 'slack:C0404', lastId },
    ];
    const { standIn, channel, inbox, log } = await slackBench({ known });
    const old = { ts: '1700000000.000100', text: 'long before', user: 'U0001' };
    standIn.space.channels.get('C0001')?.push(old);
    lastId = standIn.sayUnheard('C0001', 'U0001', 'stored');
    for (let count = 0; count < 250; count += 1) standIn.sayUnheard('C0001', 'U0001', `missed ${count}`);
    standIn.fail('conversations.history', { kind: 'slow', ms: 100 });
    const now = standIn.say('C0001', 'U0002', 'and now');
    await channel.start(inbox);
    await now.acknowledged;
    const texts = inbox.messages.map(({ text }) => text);
    const missed = Array.from({ length: 250 }, (_, count) => `missed ${count}`);
    expect(texts.slice(0, 252)).toEqual(['stored', ...missed, 'and now']);
    expect(inbox.messages[1]).toMatchObject({ chat: 'slack:C0001', sender: { name: 'Ada' }, isDirect: false });
    await eventually(() => expect(log.join('\n')).toContain('chat not read again'));
  });

  it('is read after the line was lost, and not at a mere refresh', async () => {
    const { standIn, inbox } = await connectedSlack({ known: () => [{ chat: 'slack:D0001', lastId: 'command-1' }] });
    const reads = () => standIn.calls.filter(({ method }) => method === 'conversations.history').length;
    await eventually(() => expect(reads()).toBe(1));
    standIn.socket.disconnect('refresh_requested');
    await eventually(() => expect(standIn.socket.accepted).toBe(2));
    await eventually(() => expect(standIn.socket.connections).toBe(1));
    expect(reads()).toBe(1);
    standIn.sayUnheard('D0001', 'U0001', 'missed');
    standIn.socket.drop();
    await eventually(() => expect(inbox.messages.map(({ text }) => text)).toEqual(['missed']));
  });

  it('waits as long as Slack asks', async () => {
    const { standIn, channel, inbox } = await slackBench({ known: () => [{ chat: 'slack:D0001', lastId: 'x' }] });
    standIn.sayUnheard('D0001', 'U0001', 'missed');
    standIn.fail('conversations.history', { kind: 'status', status: 429, retryAfter: 1 });
    await channel.start(inbox);
    await eventually(() => expect(inbox.messages.map(({ text }) => text)).toEqual(['missed']));
    const at = standIn.calls.filter(({ method }) => method === 'conversations.history').map((call) => call.at);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });
});

describe('starting on Slack', () => {
  it.each([
    ['auth-rejected', 'invalid_auth'],
    ['auth-rejected', 'account_inactive'],
    ['upstream-failed', 'internal_error'],
  ])('rejects with %s at %s', async (code, error) => {
    const { channel, standIn, inbox } = await slackBench();
    standIn.refused = error;
    await expect(channel.start(inbox)).rejects.toMatchObject({ code });
    expect(channel.status().state).toBe('failed');
  });

  it('rejects with upstream-failed when Slack cannot be reached, and can be started later', async () => {
    const { channel, standIn, inbox } = await slackBench();
    standIn.fail('auth.test', { kind: 'status', status: 503 });
    await expect(channel.start(inbox)).rejects.toMatchObject({ code: 'upstream-failed' });
    standIn.socket.refusals = 1;
    await expect(channel.start(inbox)).rejects.toMatchObject({ code: 'upstream-failed' });
    await channel.start(inbox);
    expect(channel.status().state).toBe('connected');
  });

  it('keeps to addresses with TLS, unless the API root has none', async () => {
    const { channel, standIn, inbox } = await slackBench();
    const body = JSON.stringify({ ok: true, url: 'http://127.0.0.1:1/' });
    standIn.fail('apps.connections.open', { kind: 'status', status: 200, body });
    await expect(channel.start(inbox)).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});

describe('stopping on Slack', () => {
  it('waits for what was taken in, takes nothing more, and still sends until it is closed', async () => {
    const { channel, standIn, inbox } = await connectedSlack();
    const stored = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    inbox.before = async () => {
      asked.resolve();
      await stored.promise;
    };
    const [first] = standIn.say('C0001', 'U0001', 'one').deliveries;
    await asked.promise;
    let isStopped = false;
    const stopping = channel.stopIntake().then(() => {
      isStopped = true;
    });
    standIn.say('C0002', 'U0001', 'two');
    await channel.send({ id: 'a', chat: 'slack:C0001', text: 'bye', attempt: 1 }, new AbortController().signal);
    expect(isStopped).toBe(false);
    stored.resolve();
    await stopping;
    await first?.acknowledged;
    expect(inbox.messages.map(({ text }) => text)).toEqual(['one']);
    expect(standIn.socket.connections).toBe(0);
    expect(channel.status().state).toBe('stopped');
    await channel.close();
    await channel.close();
  });

  it('ends a pause between tries at once', async () => {
    const { channel, standIn } = await connectedSlack({
      timings: { firstMs: 60_000, mostMs: 60_000, stableMs: 60_000 },
    });
    standIn.socket.drop();
    await eventually(() => expect(channel.status().state).toBe('connecting'));
    await channel.close();
    expect(channel.status().state).toBe('stopped');
  });

  it('ends a start that hangs', async () => {
    const { channel, standIn, inbox } = await slackBench({ timings: { deadlineMs: 60_000 } });
    standIn.socket.saysHello = false;
    const starting = channel.start(inbox).catch((error: unknown) => error);
    await eventually(() => expect(standIn.socket.accepted).toBe(1));
    await channel.close();
    expect(await starting).toBeInstanceOf(Error);
  });

  it('is harmless before a start', async () => {
    const { channel } = await slackBench();
    await channel.stopIntake();
    await channel.close();
    expect(channel.status().state).toBe('stopped');
  });
});
