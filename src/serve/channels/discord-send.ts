/** Owns the way out to Discord: the body of a message with its pings disarmed, its nonce, and how an earlier try is found. Must not split, retry or wait. */
import { openAsBlob } from 'node:fs';
import { DeliveryError, type OutgoingMessage } from '../../core/conversations/channel-messages.ts';
import { type DiscordApi, DiscordApiError } from './discord-api.ts';
import { createdShape, messageListShape } from './discord-shapes.ts';
import { idAt } from './discord-text.ts';

const MAX_NONCE = 25;
const MAX_BUTTONS_A_ROW = 5;
const MAX_LABEL = 80;
/** Clocks of this machine and of Discord may differ by this much, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;
const HISTORY = 100;

/** Pings nobody, whatever the text says. */
export const NO_PINGS = { parse: [], replied_user: false } as const;

/** Discord takes 25 characters; they hold the instant of the id and 46 of its random bits. */
function nonceOf(id: string): string {
  return id.replaceAll('-', '').slice(0, MAX_NONCE);
}

/** The channel of `dc:123`. Throws `DeliveryError` for what is none. */
export function channelIdOf(chat: string): string {
  const id = chat.startsWith('dc:') ? chat.slice(3) : '';
  if (!/^\w+$/.test(id)) throw new DeliveryError('rejected', 'not a chat of Discord');
  return id;
}

/** Sends one message. Within a few minutes Discord answers a repeated nonce with the first message: https://docs.discord.com/developers/resources/message#create-message */
export async function sendMessage(api: DiscordApi, message: OutgoingMessage, signal: AbortSignal): Promise<string> {
  const path = `/channels/${channelIdOf(message.chat)}/messages`;
  const file = message.file;
  const data = file === undefined ? undefined : await openFile(file.path, file.mediaType);
  const created = await api.call('POST', path, {
    body: bodyOf(message),
    signal,
    ...(file === undefined || data === undefined ? {} : { file: { name: file.name, data } }),
  });
  const read = createdShape.safeParse(created);
  if (!read.success) throw new DiscordApiError('unknown', 'Discord answered without the id of the message');
  return read.data.id;
}

function bodyOf(message: OutgoingMessage): Record<string, unknown> {
  return {
    content: message.text,
    nonce: nonceOf(message.id),
    enforce_nonce: true,
    allowed_mentions: NO_PINGS,
    ...(message.replyTo === undefined
      ? {}
      : { message_reference: { message_id: message.replyTo, fail_if_not_exists: false } }),
    ...(message.buttons === undefined || message.buttons.length === 0 ? {} : { components: rowsOf(message.buttons) }),
    ...(message.file === undefined ? {} : { attachments: [{ id: 0, filename: message.file.name }] }),
  };
}

function rowsOf(buttons: NonNullable<OutgoingMessage['buttons']>): unknown[] {
  const rows: unknown[] = [];
  for (let start = 0; start < buttons.length; start += MAX_BUTTONS_A_ROW) {
    const row = buttons.slice(start, start + MAX_BUTTONS_A_ROW);
    rows.push({
      type: 1,
      components: row.map(({ label, value }) => ({
        type: 2,
        style: 2,
        label: label.slice(0, MAX_LABEL),
        custom_id: value,
      })),
    });
  }
  return rows;
}

async function openFile(path: string, type: string): Promise<Blob> {
  try {
    return await openAsBlob(path, { type });
  } catch {
    throw new DeliveryError('rejected', 'the file to send is not there any more');
  }
}

/**
 * Looks in the channel for an earlier try. Discord promises to show the nonce only in the event of the message, not in
 * history, and checks it for "a few minutes" only; so a message counts as ours by the same nonce, or by the same words in answer to the same
 * message. Otherwise undefined: sending again under the nonce is the next best.
 */
export async function findMessage(
  api: DiscordApi,
  message: OutgoingMessage,
  selfId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const after = idAt(createdAt(message.id) - CLOCK_SKEW_MS);
  const path = `/channels/${channelIdOf(message.chat)}/messages?after=${after}&limit=${HISTORY}`;
  const answer = messageListShape.safeParse(await api.call('GET', path, { signal }));
  if (!answer.success) throw new DiscordApiError('not-sent', 'the history of the channel is unreadable');
  const own = answer.data.filter(({ author }) => author.id === selfId);
  const nonce = nonceOf(message.id);
  const byNonce = own.find((sent) => sent.nonce !== undefined && String(sent.nonce) === nonce);
  if (byNonce !== undefined || message.replyTo === undefined) return byNonce?.id;
  return own.find(
    (sent) =>
      sent.nonce === undefined &&
      sent.message_reference?.message_id === message.replyTo &&
      sent.content.trim() === message.text.trim(),
  )?.id;
}

/** Milliseconds UTC in a UUID of version 7 (RFC 9562). */
function createdAt(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
