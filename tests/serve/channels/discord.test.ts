import { expect, test } from 'vitest';
import { connectedDiscord, discordBench, eventually } from '../../fakes/discord/discord-bench.ts';
import { ADA, BOB, BOT, DIRECT, GUILD, OTHER_ROOM, ROOM, TOKEN } from '../../fakes/discord/discord-world.ts';

test('A5: a mention at the start engages, its raw token replaced by the name of the assistant', async () => {
  const { standIn, inbox } = await connectedDiscord();
  standIn.say(ROOM, ADA, `<@${BOT.id}> summarise`);
  standIn.say(ROOM, ADA, `<@!${BOT.id}> summarise`);
  await eventually(() => expect(inbox.messages).toHaveLength(2));
  for (const message of inbox.messages) {
    expect(message).toMatchObject({ channel: 'discord', chat: `dc:${ROOM}`, text: '@J summarise', isMention: true });
    expect(message).toMatchObject({ chatTitle: 'Workshop #general', isDirect: false, space: GUILD });
  }
});

test('A5: in a reply to somebody else the author of the quoted message is a field of its own', async () => {
  const { standIn, inbox } = await connectedDiscord();
  const first = standIn.say(ROOM, BOB, 'the build is red');
  standIn.say(ROOM, ADA, `<@${BOT.id}> summarise`, { referenced_message: first });
  await eventually(() => expect(inbox.messages).toHaveLength(2));
  expect(inbox.messages[1]).toMatchObject({
    text: '@J summarise',
    isMention: true,
    replyTo: { externalId: first.id, author: 'bob', text: 'the build is red', isOwn: false },
  });
});

test('A6: a mention in the middle engages and the order of the words stays', async () => {
  const { standIn, inbox } = await connectedDiscord();
  standIn.say(ROOM, ADA, `please <@${BOT.id}> help`);
  await eventually(() => expect(inbox.messages[0]).toMatchObject({ text: 'please @J help', isMention: true }));
});

test('a reply to the assistant is one, though nobody is mentioned', async () => {
  const { standIn, channel, inbox } = await connectedDiscord();
  const { externalId } = await channel.send(outgoing('earlier words'), new AbortController().signal);
  const own = standIn.world.history.get(ROOM)?.find(({ id }) => id === externalId);
  standIn.say(ROOM, ADA, 'go on', { referenced_message: own });
  await eventually(() =>
    expect(inbox.messages.at(-1)).toMatchObject({ isMention: false, replyTo: { isOwn: true, text: 'earlier words' } }),
  );
});

test('mentions of people, roles and channels, emoji and times become words', async () => {
  const { standIn, inbox } = await connectedDiscord();
  standIn.say(ROOM, ADA, `<@${BOB.id}> <@999> <@&800> <#${OTHER_ROOM}> <:wave:77> </help:55> <t:0:R>`);
  standIn.say(ROOM, ADA, 'hi <@&801>');
  await eventually(() => expect(inbox.messages).toHaveLength(2));
  expect(inbox.messages[0]?.text).toBe('@bob @someone @builders #random :wave: /help 1970-01-01T00:00:00.000Z');
  expect(inbox.messages[1]).toMatchObject({ text: 'hi @J', isMention: true });
});

test('a direct message has no server; A9: bots and the assistant itself are marked', async () => {
  const { standIn, inbox } = await connectedDiscord();
  standIn.say(DIRECT, ADA, 'hello');
  standIn.say(ROOM, { id: '103', username: 'other', global_name: null, bot: true }, 'beep');
  standIn.say(ROOM, BOT, 'my own');
  standIn.say(ROOM, ADA, 'joined', { type: 7 });
  standIn.say(ROOM, ADA, 'end');
  await eventually(() => expect(inbox.messages.at(-1)?.text).toBe('end'));
  expect(inbox.messages.map(({ isDirect, sender }) => [isDirect, sender.isBot, sender.isSelf])).toEqual([
    [true, false, false],
    [false, true, false],
    [false, true, true],
    [false, false, false],
  ]);
  expect(inbox.messages[0]).toMatchObject({
    chat: `dc:${DIRECT}`,
    chatTitle: 'Ada',
    sender: { id: ADA.id, name: 'Ada' },
  });
  expect(Math.abs((inbox.messages[0]?.sentAt ?? 0) - Date.now())).toBeLessThan(60_000);
});

test('edits and deletions are handed in, previews of links are not', async () => {
  const { standIn, inbox } = await connectedDiscord();
  const said = standIn.say(ROOM, ADA, 'see example.com');
  standIn.gateway.dispatch('MESSAGE_UPDATE', { ...said, embeds: [{}] });
  standIn.gateway.dispatch('MESSAGE_UPDATE', { ...said, content: 'new', edited_timestamp: '2026-01-01T00:00:00Z' });
  standIn.gateway.dispatch('MESSAGE_DELETE', { id: said.id, channel_id: ROOM });
  standIn.gateway.dispatch('MESSAGE_DELETE_BULK', { ids: ['1', '2'], channel_id: ROOM });
  await eventually(() => expect(inbox.deletions).toHaveLength(3));
  expect(inbox.edits).toMatchObject([{ chat: `dc:${ROOM}`, externalId: said.id, text: 'new' }]);
  expect(inbox.deletions.map(({ externalId }) => externalId)).toEqual([said.id, '1', '2']);
});

test('an attachment is fetched from where it was posted, up to the limit, and from nowhere else', async () => {
  const { standIn, channel, inbox } = await connectedDiscord();
  const signal = new AbortController().signal;
  standIn.world.files.set('/attachments/1/a.txt', Buffer.from('ten bytes!'));
  const url = `${standIn.origin}/attachments/1/a.txt`;
  standIn.say(ROOM, ADA, '', {
    attachments: [{ id: '1', url, filename: 'a.txt', content_type: 'text/plain', size: 10 }],
  });
  await eventually(() => expect(inbox.messages).toHaveLength(1));
  const [file] = inbox.messages[0]?.attachments ?? [];
  if (file === undefined) throw new Error('no attachment');
  expect(file).toEqual({ ref: url, name: 'a.txt', mediaType: 'text/plain', size: 10 });
  expect(Buffer.from(await channel.fetchAttachment(file, 10, signal)).toString()).toBe('ten bytes!');
  await expect(channel.fetchAttachment(file, 9, signal)).rejects.toMatchObject({ code: 'limit-reached' });
  const lying = { ...file, size: 1 };
  await expect(channel.fetchAttachment(lying, 9, signal)).rejects.toMatchObject({ code: 'limit-reached' });
  for (const ref of [
    'http://10.0.0.1/a',
    'https://example.com/a',
    'file:///etc/passwd',
    'http://cdn.discordapp.com/a',
  ]) {
    await expect(channel.fetchAttachment({ ...file, ref }, 10, signal)).rejects.toMatchObject({
      code: 'sandbox-refused',
    });
  }
});

test('slash commands are offered, and a use of one is a message with a command, answered for that person only', async () => {
  const { standIn, inbox } = await connectedDiscord();
  await eventually(() => expect(standIn.callsTo(/^PUT .*commands$/)).toHaveLength(1));
  standIn.gateway.dispatch('INTERACTION_CREATE', {
    id: '31',
    token: 'once',
    type: 2,
    channel_id: ROOM,
    guild_id: GUILD,
    member: { user: ADA, nick: null },
    data: { id: '1', name: 'reset', type: 1 },
  });
  await eventually(() => expect(standIn.callsTo(/callback$/)).toHaveLength(1));
  expect(inbox.messages[0]).toMatchObject({
    command: { name: 'reset', text: '' },
    externalId: '31',
    sender: { id: ADA.id },
  });
  expect(standIn.callsTo(/callback$/)[0]).toMatchObject({
    path: '/interactions/31/once/callback',
    body: { type: 4, data: { content: 'ok', flags: 64 } },
  });
});

const press = {
  id: '32',
  token: 'once',
  type: 3,
  channel_id: DIRECT,
  user: ADA,
  data: { custom_id: 'yes:1', component_type: 2 },
};

test('a press is handed in and its answer shown to that person only', async () => {
  const { standIn, inbox } = await connectedDiscord();
  standIn.gateway.dispatch('INTERACTION_CREATE', press);
  await eventually(() => expect(standIn.callsTo(/callback$/)).toHaveLength(1));
  expect(inbox.presses).toMatchObject([
    { channel: 'discord', chat: `dc:${DIRECT}`, value: 'yes:1', sender: { id: ADA.id } },
  ]);
  expect(standIn.callsTo(/callback$/)[0]?.body).toMatchObject({ type: 4, data: { content: 'Noted <b>.', flags: 64 } });
});

test('a press that takes long is acknowledged before Discord gives up, and filled in after', async () => {
  const { standIn, inbox } = await connectedDiscord();
  const slow = Promise.withResolvers<void>();
  inbox.before = () => slow.promise;
  standIn.gateway.dispatch('INTERACTION_CREATE', press);
  await eventually(() => expect(standIn.callsTo(/callback$/)[0]?.body).toMatchObject({ type: 5, data: { flags: 64 } }));
  slow.resolve();
  await eventually(() =>
    expect(standIn.callsTo(/^PATCH .*@original$/)[0]?.body).toMatchObject({ content: 'Noted <b>.' }),
  );
});

test.each(['', '/api', '/api/', '/api/v10'])('DISCORD_API_ROOT may end in "%s"', async (path) => {
  const { channel } = await connectedDiscord({ path });
  expect(channel.status()).toEqual({ state: 'connected', account: 'claw-bot' });
  expect(await channel.test(new AbortController().signal)).toEqual({ account: 'claw-bot' });
});

test('a wrong token is refused by start and test, and stands in no error and no log', async () => {
  const { channel, inbox, log } = await discordBench({ token: 'wrong-made-up-token' });
  const failures = await Promise.all([
    channel.start(inbox).then(
      () => undefined,
      (error: unknown) => error,
    ),
    channel.test(new AbortController().signal).then(
      () => undefined,
      (error: unknown) => error,
    ),
  ]);
  for (const failure of failures) expect(failure).toMatchObject({ code: 'auth-rejected' });
  expect(
    failures.map((failure) => JSON.stringify(failure) + String((failure as Error).stack)).join('') + log.join(''),
  ).not.toContain('wrong-made-up-token');
  expect(channel.status().state).toBe('failed');
});

test('the token of a working bot stands in no log and no status', async () => {
  const { standIn, channel, inbox, log } = await connectedDiscord();
  standIn.gateway.close(4000);
  standIn.say(ROOM, ADA, 'after');
  await eventually(() => expect(inbox.messages).toHaveLength(1));
  await channel
    .send({ ...outgoing('x'), chat: 'dc:404' }, new AbortController().signal)
    .catch((error: unknown) => log.push(String(error)));
  expect(log.join('\n') + JSON.stringify(channel.status())).not.toContain(TOKEN);
});

function outgoing(text: string) {
  return { id: '019aa5f0-0000-7000-8000-000000000001', chat: `dc:${ROOM}`, text, attempt: 1 };
}
