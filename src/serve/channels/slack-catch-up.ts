/** Owns what was said while nobody was connected: Slack sends it again for a few minutes only, so after a gap the history of known chats is read. Replies in threads are not in it. What the inbox has already is dropped there. */
import { z } from 'zod';
import { type ChannelInbox, DeliveryError } from '../../core/conversations/channel-messages.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import { toError } from '../../core/kernel/errors.ts';
import type { Log } from '../../core/kernel/log.ts';
import type { ChannelContext } from './channel.ts';
import type { SlackApi } from './slack-api.ts';
import { type EventDeps, readEvent } from './slack-events.ts';

export interface CatchUpDeps {
  readonly api: SlackApi;
  readonly events: EventDeps;
  readonly inbox: ChannelInbox;
  readonly context: Pick<ChannelContext, 'clock' | 'log' | 'lastMessages'>;
  /** Runs work in the line of a chat: what comes in from now on waits behind it. */
  readonly inLine: (channel: string, work: () => Promise<undefined>) => Promise<unknown>;
}

const PAGE = z.looseObject({
  messages: z.array(z.looseObject({ ts: z.string() })),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

const PAGE_SIZE = 200;
/** 1,000 messages of one chat; older ones of a longer absence are left out, and said. */
const MAX_PAGES = 5;
const MAX_TRIES = 4;
/** Each costs a request, and what people say now waits for it. */
const MAX_CHATS = 100;
/** Messages may have come out of order. */
const OVERLAP_SECONDS = 60;
/** How far back where the last thing stored says no time, as a command does. */
const UNTIMED_SECONDS = 3600;

/** Reads each known chat from the last stored message on, one after the other, once `isConnected` says true. Resolves when all stand in line. */
export async function catchUp(deps: CatchUpDeps, isConnected: Promise<boolean>, signal: AbortSignal): Promise<void> {
  const { context, inLine } = deps;
  const known = (await context.lastMessages?.('slack')) ?? [];
  const since = (lastId: string): number =>
    /^\d+\.\d+$/.test(lastId) ? Number(lastId) - OVERLAP_SECONDS : context.clock.now() / 1000 - UNTIMED_SECONDS;
  const chats = known
    .filter(({ chat }) => chat.startsWith('slack:'))
    .map(({ chat, lastId }) => ({ channel: chat.slice('slack:'.length), oldest: since(lastId) }))
    .toSorted((a, b) => b.oldest - a.oldest);
  if (chats.length > MAX_CHATS)
    context.log.warn({ left_out: chats.length - MAX_CHATS }, 'not every chat is read again');
  let before: Promise<unknown> = isConnected;
  for (const { channel, oldest } of chats.slice(0, MAX_CHATS)) {
    const turn = before;
    before = inLine(channel, async () => {
      await turn;
      if (await isConnected) await readWithRetries(deps, channel, oldest, signal);
      return undefined;
    });
  }
}

async function readWithRetries(deps: CatchUpDeps, channel: string, oldest: number, signal: AbortSignal): Promise<void> {
  const { clock, log }: { clock: Clock; log: Log } = deps.context;
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      return await readChat(deps, channel, oldest, signal);
    } catch (error) {
      const isFinal = error instanceof DeliveryError && error.kind === 'rejected';
      if (isFinal || tries === MAX_TRIES || signal.aborted) {
        log.warn({ chat: `slack:${channel}`, error: toError(error).message }, 'chat not read again');
        return;
      }
      const asked = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0;
      await clock.sleep(Math.max(asked, 500 * 2 ** tries), signal).catch(() => undefined);
    }
  }
}

async function readChat(deps: CatchUpDeps, channel: string, oldest: number, signal: AbortSignal): Promise<void> {
  const { api, events, inbox, context } = deps;
  const messages: z.output<typeof PAGE>['messages'] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && cursor !== ''; page += 1) {
    const more = cursor === undefined ? {} : { cursor };
    const args = { channel, oldest: oldest.toFixed(6), limit: PAGE_SIZE, ...more };
    const answer = await api.call('conversations.history', args, PAGE, { signal });
    messages.push(...answer.messages);
    cursor = answer.response_metadata?.next_cursor ?? '';
  }
  if (cursor !== '')
    context.log.warn({ chat: `slack:${channel}` }, 'the oldest of what was said meanwhile is left out');
  for (const message of messages.toSorted((a, b) => Number(a.ts) - Number(b.ts))) {
    const change = await readEvent({ ...message, type: 'message', channel }, undefined, events);
    if (change?.kind === 'message' && !change.message.sender.isSelf) await inbox.message(change.message);
  }
}
