import { expect, test } from 'vitest';
import { connectedDiscord, discordBench, eventually } from '../../fakes/discord/discord-bench.ts';
import { ADA, DIRECT, GUILD, ROOM } from '../../fakes/discord/discord-world.ts';

const texts = (messages: readonly { readonly text: string }[]): string[] => messages.map(({ text }) => text);

test.each([
  ['op 7', { op: 7, d: null }],
  ['op 9 that may resume', { op: 9, d: true }],
])('after %s the session is resumed and what was said meanwhile comes once', async (_, frame) => {
  const { standIn, inbox } = await connectedDiscord();
  standIn.say(ROOM, ADA, 'one');
  await eventually(() => expect(inbox.messages).toHaveLength(1));
  standIn.gateway.raw(frame);
  standIn.say(ROOM, ADA, 'two');
  await eventually(() => expect(texts(inbox.messages)).toEqual(['one', 'two']));
  expect([standIn.gateway.resumed, standIn.gateway.identified]).toEqual([1, 1]);
});

test.each([1000, 1001, 1006, 4000, 4001, 4002, 4008, 4999])(
  'after close code %i the session is resumed',
  async (code) => {
    const { standIn, channel, inbox } = await connectedDiscord();
    if (code === 1006) standIn.gateway.cut();
    else standIn.gateway.close(code);
    standIn.say(ROOM, ADA, 'meanwhile');
    await eventually(() => expect(texts(inbox.messages)).toEqual(['meanwhile']));
    await eventually(() => expect(channel.status().state).toBe('connected'));
    expect(standIn.gateway.identified).toBe(1);
  },
);

test('after a session that is gone a new one begins, and the history of known channels is read', async () => {
  const { standIn, inbox } = await connectedDiscord();
  standIn.say(ROOM, ADA, 'one');
  standIn.say(DIRECT, ADA, 'private');
  await eventually(() => expect(inbox.messages).toHaveLength(2));
  standIn.gateway.faults.forgetsSessions = true;
  standIn.gateway.cut();
  standIn.sayUnheard(ROOM, ADA, 'two');
  standIn.sayUnheard(ROOM, ADA, 'three');
  standIn.sayUnheard(DIRECT, ADA, 'private too');
  await eventually(() =>
    expect(texts(inbox.messages).toSorted()).toEqual(['one', 'private', 'private too', 'three', 'two']),
  );
  expect(texts(inbox.messages.filter(({ chat }) => chat === `dc:${ROOM}`))).toEqual(['one', 'two', 'three']);
  expect(inbox.messages.filter(({ isDirect }) => isDirect).map(({ text }) => text)).toEqual(['private', 'private too']);
  expect(inbox.messages.at(-1)?.space ?? inbox.messages.at(-2)?.space).toBe(GUILD);
});

test('at the start the history of chats that are known is read from the last stored message on', async () => {
  let chats: { chat: string; lastId: string }[] = [];
  const { standIn, channel, inbox } = await discordBench({ lastMessages: async () => chats });
  const old = standIn.sayUnheard(ROOM, ADA, 'stored long ago');
  const gone = standIn.sayUnheard('404', ADA, 'in a channel that is gone');
  for (let n = 0; n < 150; n += 1) standIn.sayUnheard(ROOM, ADA, `missed ${n}`);
  chats = [
    { chat: `dc:${ROOM}`, lastId: old.id },
    { chat: 'dc:404', lastId: gone.id },
  ];
  standIn.fail(/^GET .*600\/messages/, { kind: 'status', status: 502 }, 2);
  await channel.start(inbox);
  await eventually(() => expect(inbox.messages).toHaveLength(150));
  expect(texts(inbox.messages)).toEqual(Array.from({ length: 150 }, (_, n) => `missed ${n}`));
  expect(inbox.messages[0]).toMatchObject({ isDirect: false, space: GUILD });
});

test('an event counts as received only once it is stored: what fails is handed in again, in order', async () => {
  const { standIn, inbox } = await connectedDiscord();
  let failures = 3;
  inbox.before = async () => {
    failures -= 1;
    if (failures >= 0) throw new Error('the disk is full');
  };
  standIn.say(ROOM, ADA, 'one');
  standIn.say(ROOM, ADA, 'two');
  await eventually(() => expect(texts(inbox.messages)).toEqual(['one', 'two']));
});

test('a resume names the last event that was stored, not the last that came', async () => {
  const { standIn, inbox } = await connectedDiscord();
  standIn.say(ROOM, ADA, 'stored');
  await eventually(() => expect(inbox.messages).toHaveLength(1));
  standIn.gateway.heartbeatMs = 40;
  const held = Promise.withResolvers<void>();
  inbox.before = () => held.promise;
  standIn.say(ROOM, ADA, 'waiting');
  standIn.gateway.raw({ op: 1, d: null });
  await eventually(() => expect(standIn.gateway.received.findLast(({ op }) => op === 1)?.d).toBe(3));
  held.resolve();
  await eventually(() => expect(inbox.messages).toHaveLength(2));
});

test('a connection whose heartbeats are answered stays', async () => {
  const { standIn, channel, inbox } = await discordBench();
  standIn.gateway.heartbeatMs = 400;
  await channel.start(inbox);
  await eventually(() => expect(standIn.gateway.received.filter(({ op }) => op === 1).length).toBeGreaterThan(10));
  expect([standIn.gateway.resumed, standIn.gateway.identified]).toEqual([0, 1]);
});

test('a connection whose heartbeats are not answered is replaced', async () => {
  const bench = await discordBench();
  const { standIn, channel, inbox } = bench;
  standIn.gateway.heartbeatMs = 400;
  standIn.gateway.faults.ignoresHeartbeats = true;
  await channel.start(inbox);
  await eventually(() => expect(standIn.gateway.resumed).toBeGreaterThan(0));
  standIn.gateway.faults.ignoresHeartbeats = false;
  standIn.say(ROOM, ADA, 'still there');
  await eventually(() => expect(texts(inbox.messages)).toContain('still there'));
});

test.each([
  [4004, 'auth-rejected', /token/],
  [4013, 'upstream-failed', /intents/],
  [4014, 'permission-denied', /Message Content Intent/],
  [4011, 'upstream-failed', /shard/],
])('close code %i at the start is said plainly and not tried again', async (code, expected, words) => {
  const { standIn, channel, inbox } = await discordBench();
  standIn.gateway.faults.refuseWith = code;
  await expect(channel.start(inbox)).rejects.toMatchObject({ code: expected, message: expect.stringMatching(words) });
  expect([channel.status().state, standIn.gateway.identified]).toEqual(['failed', 1]);
});

test('a token that is revoked later ends the channel with its reason', async () => {
  const { standIn, channel } = await connectedDiscord();
  standIn.gateway.faults.refuseWith = 4004;
  standIn.gateway.cut();
  await eventually(() =>
    expect(channel.status()).toMatchObject({ state: 'failed', detail: 'Discord refused the token.' }),
  );
});

test('a gateway that never greets fails the start', async () => {
  const { standIn, channel, inbox } = await discordBench();
  standIn.gateway.faults.isSilent = true;
  await expect(channel.start(inbox)).rejects.toMatchObject({ code: 'upstream-failed' });
});

test('a Discord that cannot be reached fails the start, and closing during a start ends it', async () => {
  const away = await discordBench();
  await away.standIn.close();
  await expect(away.channel.start(away.inbox)).rejects.toMatchObject({ code: 'upstream-failed' });
  const slow = await discordBench();
  slow.standIn.fail(/gateway\/bot/, { kind: 'slow', ms: 300 });
  const started = slow.channel.start(slow.inbox).catch((error: unknown) => error);
  await slow.channel.close();
  expect(await started).toMatchObject({ code: 'cancelled' });
});

test('frames that are no JSON, no objects, or no greeting harm nothing', async () => {
  const { standIn, inbox, channel } = await connectedDiscord();
  const frames = [
    '{',
    '""',
    'null',
    '[]',
    '{"op":"x"}',
    '{"op":0}',
    '{"op":0,"t":"MESSAGE_CREATE","s":3,"d":null}',
    '{"op":99}',
  ];
  for (const frame of frames) standIn.gateway.raw(frame);
  standIn.say(ROOM, ADA, 'after all that');
  await eventually(() => expect(texts(inbox.messages)).toEqual(['after all that']));
  standIn.gateway.raw({ op: 10, d: null });
  await eventually(() => expect(standIn.gateway.resumed).toBe(1));
  await eventually(() => expect(channel.status().state).toBe('connected'));
});

test('while reconnecting fails the waits grow, and it ends when Discord is back', async () => {
  const { standIn, channel, inbox, log } = await connectedDiscord();
  standIn.gateway.faults.refuseWith = 4000;
  standIn.gateway.cut();
  await eventually(() => expect(waits(log).length).toBeGreaterThanOrEqual(5));
  const [first = -1, ...later] = waits(log).slice(0, 5);
  expect(first).toBe(0);
  for (const [index, wait] of later.entries()) {
    expect(wait).toBeGreaterThanOrEqual(500 * 2 ** index);
    expect(wait).toBeLessThanOrEqual(1000 * 2 ** index);
  }
  expect(channel.status()).toMatchObject({ state: 'connecting', detail: expect.stringContaining('4000') });
  standIn.gateway.faults.refuseWith = undefined;
  standIn.say(ROOM, ADA, 'back');
  await eventually(() => expect(texts(inbox.messages)).toEqual(['back']));
});

test('stopping the intake stores what has come, and sending still works', async () => {
  const { standIn, channel, inbox } = await connectedDiscord();
  const held = Promise.withResolvers<void>();
  inbox.before = () => held.promise;
  standIn.say(ROOM, ADA, 'one');
  standIn.say(ROOM, ADA, 'two');
  await eventually(() => expect(standIn.gateway.open).toBe(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const stopped = channel.stopIntake();
  held.resolve();
  await stopped;
  expect(texts(inbox.messages)).toEqual(['one', 'two']);
  const id = '019aa5f0-0000-7000-8000-000000000002';
  await channel.send({ id, chat: `dc:${ROOM}`, text: 'bye', attempt: 1 }, new AbortController().signal);
  expect(standIn.world.visible).toHaveLength(1);
  standIn.say(ROOM, ADA, 'too late');
  expect(channel.status().state).toBe('stopped');
});

function waits(log: readonly string[]): number[] {
  return log
    .filter((line) => line.includes('Discord reconnects'))
    .map((line) => Number(/"delay_ms":(\d+)/.exec(line)?.[1]));
}
