/** What goes out to Slack: how it looks, that it pings nobody, and what is known of a try that failed. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DeliveryError, type OutgoingMessage } from '../../../src/core/conversations/channel-messages.ts';
import { newId } from '../../../src/core/kernel/ids.ts';
import { slackBench } from '../../fakes/slack/slack-bench.ts';
import type { SlackFault } from '../../fakes/slack/slack-wire.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const never = new AbortController().signal;

function message(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { id: newId(), chat: 'slack:C0001', text: 'hello', attempt: 1, ...changes };
}

async function failureOf(work: Promise<unknown>): Promise<DeliveryError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DeliveryError) return error;
  throw new Error(`expected a DeliveryError, got ${String(error)}`);
}

describe('sending to Slack', () => {
  it('posts mrkdwn into the thread, under its id, and returns the time stamp', async () => {
    const { standIn, channel } = await slackBench();
    const outgoing = message({ text: '**bold** [x](https://example.com)', thread: '1700000000.000100' });
    const { externalId } = await channel.send(outgoing, never);
    expect(standIn.posts('C0001')).toEqual([
      {
        ts: externalId,
        text: '*bold* <https://example.com|x>',
        user: 'U0BOT',
        bot_id: 'B0BOT',
        thread_ts: '1700000000.000100',
        metadata: { event_type: 'claw_message', event_payload: { id: outgoing.id } },
      },
    ]);
  });

  it('pings nobody, and lets Slack visit no address', async () => {
    const { standIn, channel } = await slackBench();
    await channel.send(message({ text: '<!channel> <!here> @everyone <@U0001> https://example.com' }), never);
    const [call] = standIn.calls;
    expect(call?.args).toMatchObject({
      parse: 'none',
      link_names: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
    });
    expect(call?.args['text']).not.toMatch(/<[!@]/);
  });

  it('shows buttons below the text, in sections that Slack takes, with nothing cut in the middle', async () => {
    const { standIn, channel } = await slackBench();
    const text = `${'😀<'.repeat(1200)}\n${'line\n'.repeat(700)}`;
    const buttons = [{ label: 'Approve', value: 'approve:1' }];
    await channel.send(message({ text, buttons }), never);
    const [post] = standIn.posts('C0001');
    const blocks = post?.blocks as { type: string; text?: { text: string; verbatim: boolean }; elements?: unknown[] }[];
    const sections = blocks.slice(0, -1).map((block) => block.text?.text ?? '');
    expect(Math.max(...sections.map((section) => section.length))).toBeLessThanOrEqual(3000);
    expect(sections.join('').replaceAll('\n', '')).toBe(post?.text.replaceAll('\n', ''));
    for (const section of sections) expect(section).not.toMatch(/&(?!lt;)|[\ud800-\udbff]$|^[\udc00-\udfff]/);
    expect(blocks.at(-1)).toMatchObject({ type: 'actions', elements: [{ type: 'button', value: 'approve:1' }] });
  });

  it('edits a message and takes its buttons away', async () => {
    const { standIn, channel } = await slackBench();
    const { externalId } = await channel.send(message({ buttons: [{ label: 'Yes', value: 'yes' }] }), never);
    await channel.edit?.('slack:C0001', externalId, '**done** <!here>', never);
    expect(standIn.posts('C0001')[0]).toMatchObject({ text: '*done* &lt;!here&gt;', blocks: [], edited: true });
    const missing = await failureOf(channel.edit?.('slack:C0001', '1.1', 'x', never) ?? Promise.resolve());
    expect(missing.kind).toBe('rejected');
  });

  it('shares a file with its text', async () => {
    const { standIn, channel } = await slackBench();
    const path = join(temporaryHome(), 'report.txt');
    writeFileSync(path, 'the report');
    const file = { name: 'report.txt', mediaType: 'text/plain', path };
    await channel.send(message({ text: 'see **this**', file, thread: '1700000000.000100' }), never);
    expect(standIn.posts('C0001')[0]).toMatchObject({
      text: 'see *this*',
      thread_ts: '1700000000.000100',
      files: [{ name: 'report.txt' }],
    });
    expect([...standIn.space.files.values()][0]?.bytes.toString()).toBe('the report');
  });
});

describe('a try that failed', () => {
  const faults: readonly (readonly [string, SlackFault, string])[] = [
    ['503', { kind: 'status', status: 503 }, 'not-sent'],
    ['500 with a page', { kind: 'status', status: 500, body: '<html>' }, 'not-sent'],
    ['429 without a time', { kind: 'status', status: 429 }, 'not-sent'],
    ['a redirect', { kind: 'status', status: 302 }, 'not-sent'],
    ['a page with status 200', { kind: 'status', status: 200, body: '<html>secret words' }, 'unknown'],
    ['an answer that never comes', { kind: 'hang', isDone: true }, 'unknown'],
    ['a reset', { kind: 'reset', isDone: true }, 'unknown'],
    ...['ratelimited', 'service_unavailable', 'token_revoked', 'invalid_auth'].map(
      (error) => [error, { kind: 'error', error }, 'not-sent'] as const,
    ),
    ...['internal_error', 'fatal_error'].map((error) => [error, { kind: 'error', error }, 'unknown'] as const),
    ...['channel_not_found', 'not_in_channel', 'is_archived', 'msg_too_long', 'restricted_action'].map(
      (error) => [error, { kind: 'error', error }, 'rejected'] as const,
    ),
  ];

  it.each(faults)('with %s says what is known', async (_, fault, kind) => {
    const { standIn, channel } = await slackBench(fault.kind === 'hang' ? { timings: { deadlineMs: 400 } } : {});
    standIn.fail('chat.postMessage', fault);
    const failure = await failureOf(channel.send(message(), never));
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toContain('secret words');
    expect(standIn.calls).toHaveLength(1);
  });

  it('tells how long Slack asked to wait', async () => {
    const { standIn, channel } = await slackBench();
    standIn.fail('chat.postMessage', { kind: 'status', status: 429, retryAfter: 7 });
    expect(await failureOf(channel.send(message(), never))).toMatchObject({ kind: 'not-sent', retryAfterMs: 7000 });
  });

  it('was not sent when nobody listens', async () => {
    const { standIn, channel } = await slackBench();
    await standIn.close();
    expect((await failureOf(channel.send(message(), never))).kind).toBe('not-sent');
    await standIn.listen(0);
  });

  it('was not sent when it was called off before, and may have been when called off after', async () => {
    const { standIn, channel } = await slackBench();
    expect((await failureOf(channel.send(message(), AbortSignal.abort()))).kind).toBe('not-sent');
    expect(standIn.calls).toEqual([]);
    standIn.fail('chat.postMessage', { kind: 'hang', isDone: true });
    expect((await failureOf(channel.send(message(), AbortSignal.timeout(50)))).kind).toBe('unknown');
  });

  it('never shows a token', async () => {
    const { standIn, channel } = await slackBench({ tokens: { bot: 'wrong-bot-token' } });
    const failure = await failureOf(channel.send(message(), never));
    standIn.fail('chat.postMessage', { kind: 'error', error: 'wrong-bot-token' });
    const echoed = await failureOf(channel.send(message(), never));
    for (const error of [failure, echoed]) expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('wrong-bot');
  });

  it('with a file was not sent as long as the file was not shared', async () => {
    const { standIn, channel } = await slackBench();
    const path = join(temporaryHome(), 'a.txt');
    writeFileSync(path, 'a');
    const file = { name: 'a.txt', mediaType: 'text/plain', path };
    standIn.fail('files.getUploadURLExternal', { kind: 'reset', isDone: true });
    expect((await failureOf(channel.send(message({ file }), never))).kind).toBe('not-sent');
    standIn.fail('files.completeUploadExternal', { kind: 'reset', isDone: true });
    expect((await failureOf(channel.send(message({ file }), never))).kind).toBe('unknown');
    const gone = { ...file, path: `${path}.gone` };
    expect((await failureOf(channel.send(message({ file: gone }), never))).kind).toBe('rejected');
  });
});

describe('an earlier try', () => {
  it('is found by its id in the channel and in a thread, pages back, and not when it never arrived', async () => {
    const { standIn, channel } = await slackBench();
    const inChannel = message();
    const thread = '1700000000.000100';
    const inThread = message({ thread });
    const first = await channel.send(inChannel, never);
    const second = await channel.send(inThread, never);
    for (let count = 0; count < 250; count += 1)
      standIn.space.channels.get('C0001')?.push({ ts: standIn.space.nextTs(), text: 'x' });
    expect(await channel.findSent?.(inChannel, never)).toBe(first.externalId);
    expect(await channel.findSent?.(inThread, never)).toBe(second.externalId);
    expect(await channel.findSent?.(message(), never)).toBeUndefined();
  });

  it('is found when Slack took the message and its answer was lost', async () => {
    const { standIn, channel } = await slackBench();
    const outgoing = message();
    standIn.fail('chat.postMessage', { kind: 'reset', isDone: true });
    await failureOf(channel.send(outgoing, never));
    expect(await channel.findSent?.(outgoing, never)).toBe(standIn.posts('C0001')[0]?.ts);
  });

  it('looks back no further than the age of the message', async () => {
    const { standIn, channel } = await slackBench();
    await channel.findSent?.(message(), never);
    const oldest = Number(standIn.calls[0]?.args['oldest']);
    expect(Date.now() / 1000 - oldest).toBeGreaterThan(200);
    expect(Date.now() / 1000 - oldest).toBeLessThan(400);
  });

  it('cannot be told while Slack does not answer, whatever the reason', async () => {
    const { standIn, channel } = await slackBench();
    for (const fault of [
      { kind: 'status', status: 429, retryAfter: 3 },
      { kind: 'status', status: 503 },
      { kind: 'error', error: 'missing_scope' },
    ] as const) {
      standIn.fail('conversations.history', fault);
      const failure = await failureOf(channel.findSent?.(message(), never) ?? Promise.resolve());
      expect(failure.kind).toBe('unknown');
    }
  });
});

describe('a server that redirects', () => {
  it('gets no token', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"ok":true,"ts":"1.1"}');
    });
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { port } = other.address() as AddressInfo;
    const { standIn, channel } = await slackBench();
    standIn.fail('chat.postMessage', { kind: 'status', status: 307, location: `http://127.0.0.1:${port}/api/x` });
    await failureOf(channel.send(message(), never));
    expect(seen).toEqual([]);
    other.close();
  });
});
