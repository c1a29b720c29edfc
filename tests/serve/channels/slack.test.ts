/** What comes in from Slack: events, commands and presses, each acknowledged only when it is stored. */
import { describe, expect, it } from 'vitest';
import { connectedSlack, eventually, slackBench } from '../../fakes/slack/slack-bench.ts';
import { BOT } from '../../fakes/slack/web-side.ts';

const never = new AbortController().signal;

describe('a message on Slack', () => {
  it('comes in with its sender, place and time, names looked up, and is acknowledged', async () => {
    const { standIn, inbox } = await connectedSlack();
    const { ts, acknowledged } = standIn.say(
      'C0001',
      'U0001',
      'ask <@U0002> about <https://example.com|this> &amp; more',
    );
    await acknowledged;
    expect(inbox.messages).toEqual([
      {
        channel: 'slack',
        chat: 'slack:C0001',
        chatTitle: 'room-c0001',
        isDirect: false,
        space: 'T0001',
        externalId: ts,
        sender: { id: 'U0001', name: 'Ada', isBot: false, isSelf: false },
        text: 'ask @Bob about this (https://example.com) & more',
        isMention: false,
        attachments: [],
        sentAt: Math.floor(Number(ts) * 1000),
      },
    ]);
  });

  it('is direct in a chat with one person', async () => {
    const { standIn, inbox } = await connectedSlack();
    await standIn.say('D0001', 'U0001', 'hi').acknowledged;
    expect(inbox.messages[0]).toMatchObject({ chat: 'slack:D0001', isDirect: true });
  });

  it('is a mention whichever of its two events comes first, and has no raw token', async () => {
    const { standIn, inbox } = await connectedSlack();
    const { ts, acknowledged } = standIn.say('C0001', 'U0001', `please <@${BOT.userId}> help`);
    await acknowledged;
    expect(inbox.messages).toHaveLength(2);
    for (const message of inbox.messages) {
      expect(message).toMatchObject({ externalId: ts, isMention: true, text: 'please @Claw help' });
    }
  });

  it('in a thread says so, and answers the assistant when the assistant began it', async () => {
    const { standIn, inbox, channel } = await connectedSlack();
    const sent = await channel.send({ id: 'a', chat: 'slack:C0001', text: 'a < b', attempt: 1 }, never);
    await eventually(() => expect(inbox.messages).toHaveLength(1));
    await standIn.say('C0001', 'U0001', 'and now?', { thread_ts: sent.externalId }).acknowledged;
    expect(inbox.messages[1]).toMatchObject({
      thread: sent.externalId,
      replyTo: { externalId: sent.externalId, author: 'Claw', text: 'a < b', isOwn: true },
    });
    const other = standIn.say('C0001', 'U0002', 'a thread of mine');
    await standIn.say('C0001', 'U0001', 'me too', { thread_ts: other.ts, parent_user_id: 'U0002' }).deliveries[0]
      ?.acknowledged;
    expect(inbox.messages.at(-1)).toMatchObject({ replyTo: { author: 'Bob', isOwn: false }, thread: other.ts });
  });

  it('is known for a reply to the assistant when the thread cannot be read', async () => {
    const { standIn, inbox } = await connectedSlack();
    standIn.fail('conversations.replies', { kind: 'error', error: 'ratelimited' });
    const extra = { thread_ts: '1700000000.000100', parent_user_id: BOT.userId };
    await standIn.say('C0001', 'U0001', 'and?', extra).acknowledged;
    expect(inbox.messages[0]?.replyTo).toEqual({
      externalId: '1700000000.000100',
      author: 'Claw',
      text: '',
      isOwn: true,
    });
  });

  it('of a bot or of the assistant itself is marked as such', async () => {
    const { standIn, inbox, channel } = await connectedSlack();
    const robot = { subtype: 'bot_message', bot_id: 'B0009', username: 'Robot', user: undefined };
    await standIn.say('C0001', '', 'beep', robot).acknowledged;
    await channel.send({ id: 'a', chat: 'slack:C0001', text: 'mine', attempt: 1 }, never);
    await eventually(() => expect(inbox.messages).toHaveLength(2));
    expect(inbox.messages.map(({ sender }) => sender)).toEqual([
      { id: 'B0009', name: 'Robot', isBot: true, isSelf: false },
      { id: BOT.userId, name: 'Claw', isBot: true, isSelf: true },
    ]);
  });

  it('comes in with its id for a name when Slack does not tell the name in time', async () => {
    const { standIn, inbox } = await connectedSlack({ timings: { lookupMs: 200 } });
    standIn.fail('users.info', { kind: 'hang', isDone: false });
    standIn.fail('conversations.info', { kind: 'status', status: 500 });
    await standIn.say('C0001', 'U0001', 'hi').acknowledged;
    expect(inbox.messages[0]?.sender.name).toBe('U0001');
  });

  it('keeps its place behind an earlier one whose names take longer', async () => {
    const { standIn, inbox } = await connectedSlack();
    standIn.fail('users.info', { kind: 'slow', ms: 100 });
    standIn.say('C0001', 'U0001', 'one');
    standIn.say('C0001', '', 'two', { bot_id: 'B0009', username: 'Robot', user: undefined });
    await eventually(() => expect(inbox.messages).toHaveLength(2));
    expect(inbox.messages.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('brings the words of a message that was forwarded with it, which mention nobody here', async () => {
    const { standIn, inbox } = await connectedSlack();
    const shared = { is_share: true, author_name: 'Bob', text: `one &lt;2&gt;\n<@${BOT.userId}> two` };
    const preview = { title: 'A page', text: 'of a link' };
    await standIn.say('C0001', 'U0001', 'see', { attachments: [shared, preview] }).acknowledged;
    expect(inbox.messages[0]).toMatchObject({ text: 'see\n\n> Bob:\n> one <2>\n> @Claw two', isMention: false });
  });

  it('that nobody wrote is acknowledged and forgotten: joins, topics, malformed events', async () => {
    const { standIn, inbox } = await connectedSlack();
    await standIn.say('C0001', 'U0001', 'joined', { subtype: 'channel_join' }).acknowledged;
    await standIn.event({ type: 'message', channel: 'C0001' }).acknowledged;
    await standIn.event({ type: 'reaction_added', item: {} }).acknowledged;
    await standIn.socket.deliver('events_api', { nonsense: true }).acknowledged;
    await standIn.socket.deliver('something_new', null).acknowledged;
    expect(inbox.messages).toEqual([]);
  });
});

describe('an edit or a deletion on Slack', () => {
  it('is handed in, once the words are others', async () => {
    const { standIn, inbox } = await connectedSlack();
    const change = (text: string, before: string, user = 'U0001') =>
      standIn.event({
        type: 'message',
        subtype: 'message_changed',
        channel: 'C0001',
        message: { type: 'message', user, text, ts: '1700000000.000100' },
        previous_message: { text: before, ts: '1700000000.000100' },
      }).acknowledged;
    await change('new &lt;words&gt;', 'old');
    await change('same', 'same');
    await change('mine', 'before', BOT.userId);
    expect(inbox.edits).toEqual([
      { channel: 'slack', chat: 'slack:C0001', externalId: '1700000000.000100', text: 'new <words>' },
    ]);
  });

  it('tells which message is gone, also of one that has replies', async () => {
    const { standIn, inbox } = await connectedSlack();
    const place = { type: 'message', channel: 'C0001' };
    await standIn.event({ ...place, subtype: 'message_deleted', deleted_ts: '1700000000.000100' }).acknowledged;
    const left = { subtype: 'tombstone', text: 'This message was deleted.', ts: '1700000000.000200' };
    await standIn.event({ ...place, subtype: 'message_changed', message: left }).acknowledged;
    expect(inbox.deletions.map(({ externalId }) => externalId)).toEqual(['1700000000.000100', '1700000000.000200']);
  });
});

describe('a command on Slack', () => {
  it('is handed in without its prefix and answered to that person only', async () => {
    const { standIn, inbox } = await connectedSlack();
    const payload = { command: '/claw-reset', text: 'now', user_id: 'U0001', channel_id: 'C0001', trigger_id: '1.2.3' };
    const answer = await standIn.socket.deliver('slash_commands', payload).acknowledged;
    expect(answer).toMatchObject({ response_type: 'ephemeral' });
    expect(inbox.messages[0]).toMatchObject({
      externalId: 'command-1.2.3',
      command: { name: 'reset', text: 'now' },
      sender: { id: 'U0001', name: 'Ada' },
      chat: 'slack:C0001',
      isDirect: false,
    });
  });
});

describe('a press on a button on Slack', () => {
  it('is handed in once, and its answer is shown to that person only', async () => {
    const { standIn, inbox } = await connectedSlack();
    const payload = {
      type: 'block_actions',
      trigger_id: '4.5.6',
      user: { id: 'U0001', username: 'ada' },
      channel: { id: 'C0001' },
      actions: [{ type: 'button', action_id: 'claw_0', value: 'approve:1' }],
    };
    await standIn.socket.deliver('interactive', payload).acknowledged;
    await standIn.socket.deliver('interactive', payload).acknowledged;
    await eventually(() => expect(standIn.space.whispers).toHaveLength(1));
    expect(inbox.presses).toEqual([
      {
        channel: 'slack',
        chat: 'slack:C0001',
        sender: { id: 'U0001', name: 'Ada', isBot: false, isSelf: false },
        value: 'approve:1',
      },
    ]);
    expect(standIn.space.whispers[0]).toEqual({ channel: 'C0001', user: 'U0001', text: 'Noted &lt;b&gt;.' });
  });
});

describe('acknowledging', () => {
  it('waits until the message is stored', async () => {
    const { standIn, inbox } = await connectedSlack();
    const stored = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    inbox.before = async () => {
      asked.resolve();
      await stored.promise;
    };
    const { acknowledged } = standIn.say('C0001', 'U0001', 'hi');
    await asked.promise;
    expect(standIn.socket.unacknowledged).toBe(1);
    stored.resolve();
    await acknowledged;
  });

  it('is left out when storing fails, so that Slack sends it again', async () => {
    const { standIn, inbox, log } = await connectedSlack({ ackMs: 100 });
    let failures = 2;
    inbox.before = async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('the disk is full of hi');
    };
    const [delivery] = standIn.say('C0001', 'U0001', 'hi').deliveries;
    await delivery?.acknowledged;
    expect(delivery?.times()).toBe(3);
    expect(inbox.messages).toHaveLength(1);
    expect(log.join('\n')).not.toContain('hi');
  });

  it('happens again, without handing in again, for what Slack repeats', async () => {
    const { standIn, inbox } = await connectedSlack();
    const event = { type: 'message', channel: 'C0001', user: 'U0001', text: 'hi', ts: '1700000000.000100' };
    await Promise.all([standIn.event(event, 'Ev1').acknowledged, standIn.event(event, 'Ev1').acknowledged]);
    await standIn.event(event, 'Ev1').acknowledged;
    expect(inbox.messages).toHaveLength(1);
  });
});

describe('an attachment on Slack', () => {
  it('is fetched with the token, at most as many bytes as allowed', async () => {
    const { standIn, inbox, channel } = await connectedSlack();
    const file = standIn.addFile('notes.txt', 'text/plain', Buffer.from('twelve bytes'));
    await standIn.say('C0001', 'U0001', 'see', { subtype: 'file_share', files: [file] }).acknowledged;
    const [attachment] = inbox.messages[0]?.attachments ?? [];
    expect(attachment).toMatchObject({ name: 'notes.txt', mediaType: 'text/plain', size: 12 });
    if (attachment === undefined) return;
    expect(Buffer.from(await channel.fetchAttachment(attachment, 12, never)).toString()).toBe('twelve bytes');
    await expect(channel.fetchAttachment(attachment, 11, never)).rejects.toMatchObject({ code: 'limit-reached' });
    const { size: _size, ...unsized } = attachment;
    await expect(channel.fetchAttachment(unsized, 11, never)).rejects.toMatchObject({ code: 'limit-reached' });
  });

  it('is asked for by its id when the event has no address', async () => {
    const { standIn, channel } = await connectedSlack();
    const file = standIn.addFile('a.txt', 'text/plain', Buffer.from('a'));
    const attachment = { ref: `id:${file.id}`, name: 'a.txt', mediaType: 'text/plain' };
    expect(Buffer.from(await channel.fetchAttachment(attachment, 10, never)).toString()).toBe('a');
  });

  it('never takes the token to another host, by address or redirect', async () => {
    const { standIn, channel } = await connectedSlack();
    const elsewhere = await connectedSlack();
    const attachment = { name: 'a.txt', mediaType: 'text/plain' };
    const ref = `${elsewhere.standIn.origin}/files-pri/x`;
    await expect(channel.fetchAttachment({ ...attachment, ref }, 10, never)).rejects.toMatchObject({
      code: 'sandbox-refused',
    });
    standIn.redirect = ref;
    const redirected = { ...attachment, ref: `${standIn.origin}/files-pri/redirect` };
    await expect(channel.fetchAttachment(redirected, 10, never)).rejects.toMatchObject({ code: 'sandbox-refused' });
  });

  it('says what is missing when Slack shows its sign-in page instead', async () => {
    const { standIn, channel } = await connectedSlack();
    const ref = `${standIn.origin}/files-pri/sign-in`;
    const attachment = { ref, name: 'a.png', mediaType: 'image/png' };
    await expect(channel.fetchAttachment(attachment, 10, never)).rejects.toMatchObject({ code: 'permission-denied' });
  });
});

describe('asking Slack who we are', () => {
  it('names the account, for an address with and without /api', async () => {
    for (const path of ['', '/', '/api', '/api/']) {
      const { channel } = await slackBench({ path });
      expect(await channel.test(never)).toEqual({ account: 'claw' });
    }
  });

  it.each([
    ['SLACK_BOT_TOKEN', { bot: 'wrong-bot-token' }],
    ['SLACK_APP_TOKEN', { app: 'wrong-app-token' }],
  ])('says which token is wrong, and not what it is: %s', async (name, tokens) => {
    const { channel, log } = await slackBench({ tokens });
    const error: unknown = await channel.test(never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'auth-rejected', message: expect.stringContaining(name) as string });
    expect(JSON.stringify([error, String(error), log])).not.toContain('wrong-');
  });
});
