/** Owns what goes to Slack: messages, edits, and finding out whether an earlier try arrived. Promises: a message carries its id as metadata, and nobody is pinged by its text. Must not try again. */
import { z } from 'zod';
import { DeliveryError, type MessageButton, type OutgoingMessage } from '../../core/conversations/channel-messages.ts';
import { type SlackApi, SlackApiError, type SlackArguments } from './slack-api.ts';
import { uploadSlackFile } from './slack-files.ts';
import { escapeSlack, renderMrkdwn } from './slack-mrkdwn.ts';

const POSTED = z.looseObject({ ts: z.string() });
const ANYTHING = z.looseObject({});
const PAGE = z.looseObject({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      metadata: z.looseObject({ event_payload: z.looseObject({ id: z.unknown() }).optional() }).optional(),
    }),
  ),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

const EVENT_TYPE = 'claw_message';
/** Most characters of a section block. */
const MAX_SECTION = 3000;
/** Most characters of a button's label. */
const MAX_LABEL = 75;
const PAGE_SIZE = 200;
const MAX_PAGES = 10;
/** Clocks of Slack and of this machine may differ. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

/** Nothing in a text becomes a mention, and no address in it is visited by Slack. */
const HARMLESS = { link_names: false, parse: 'none' } as const;

/** Sends one message, once. Returns its `ts`, or the id of the file it is. Throws `DeliveryError`. */
export async function sendToSlack(api: SlackApi, message: OutgoingMessage, signal: AbortSignal): Promise<string> {
  const channel = channelOf(message.chat);
  const thread = message.thread === undefined ? {} : { thread_ts: message.thread };
  const text = renderText(message.text);
  if (message.file !== undefined) {
    const id = await uploadSlackFile(api, message.file, signal);
    const files = [{ id, title: message.file.name }];
    const args = { files, channel_id: channel, ...thread, ...(text === '' ? {} : { initial_comment: text }) };
    await api.call('files.completeUploadExternal', args, ANYTHING, { signal });
    return id;
  }
  const args: SlackArguments = {
    channel,
    text,
    ...thread,
    ...HARMLESS,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT_TYPE, event_payload: { id: message.id } },
    ...(message.buttons === undefined ? {} : { blocks: blocksOf(text, message.buttons) }),
  };
  return (await api.call('chat.postMessage', args, POSTED, { signal })).ts;
}

/** Replaces the text of a message of ours; its buttons go. Throws `DeliveryError`. */
export async function editOnSlack(
  api: SlackApi,
  chat: string,
  ts: string,
  markdown: string,
  signal: AbortSignal,
): Promise<void> {
  const args = { channel: channelOf(chat), ts, text: renderText(markdown), blocks: [], ...HARMLESS };
  await api.call('chat.update', args, ANYTHING, { signal });
}

/** The `ts` of a message that carries this id; undefined when there surely is none. Throws a `DeliveryError` of kind `unknown` when it cannot be told. */
export async function findOnSlack(
  api: SlackApi,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<string | undefined> {
  // A shared file carries no metadata.
  if (message.file !== undefined) throw new DeliveryError('unknown', 'Slack cannot tell whether a file was shared');
  const oldest = createdAt(message.id);
  const place = message.thread === undefined ? {} : { ts: message.thread };
  const method = message.thread === undefined ? 'conversations.history' : 'conversations.replies';
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const args = {
      channel: channelOf(message.chat),
      ...place,
      include_all_metadata: true,
      limit: PAGE_SIZE,
      ...(oldest === undefined ? {} : { oldest: ((oldest - CLOCK_DIFFERENCE_MS) / 1000).toFixed(6) }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { messages, response_metadata: next } = await api.call(method, args, PAGE, { signal }).catch(asUnknown);
    const found = messages.find(({ metadata }) => metadata?.event_payload?.id === message.id);
    if (found !== undefined) return found.ts;
    cursor = next?.next_cursor;
    if (cursor === undefined || cursor === '') return undefined;
  }
  throw new DeliveryError('unknown', 'too many messages since to tell whether it arrived');
}

/** Whatever hinders looking says nothing about the message looked for. */
function asUnknown(error: unknown): never {
  if (!(error instanceof SlackApiError)) throw error;
  const { message, retryAfterMs } = error;
  throw new DeliveryError('unknown', message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** Milliseconds UTC in a UUID of version 7; undefined for any other. */
function createdAt(id: string): number | undefined {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/i.test(id) ? Number.parseInt(id.replace('-', '').slice(0, 12), 16) : undefined;
}

function channelOf(chat: string): string {
  if (!chat.startsWith('slack:')) throw new DeliveryError('rejected', `not a chat of Slack: ${chat}`);
  return chat.slice('slack:'.length);
}

function renderText(markdown: string): string {
  const text = renderMrkdwn(markdown);
  return text === '' ? escapeSlack(markdown) : text;
}

function blocksOf(text: string, buttons: readonly MessageButton[]): readonly SlackArguments[] {
  const sections = sectionsOf(text).map((part) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: part, verbatim: true },
  }));
  const elements = buttons.map(({ label, value }, index) => ({
    type: 'button',
    action_id: `claw_${index}`,
    text: { type: 'plain_text', text: [...label].slice(0, MAX_LABEL).join(''), emoji: true },
    value,
  }));
  return [...sections, { type: 'actions', elements }];
}

/** Pieces of at most 3,000 characters, cut at a line where there is one, never inside an entity or a code point. */
function sectionsOf(text: string): string[] {
  const sections: string[] = [];
  let rest = text;
  while (rest.length > MAX_SECTION) {
    const line = rest.lastIndexOf('\n', MAX_SECTION);
    const end =
      line > 0
        ? line
        : (/^[^]*(?=&|[\ud800-\udbff])/.exec(rest.slice(MAX_SECTION - 6, MAX_SECTION))?.[0].length ?? 6) +
          MAX_SECTION -
          6;
    sections.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^\n/, '');
  }
  return rest.trim() === '' ? sections : [...sections, rest];
}
