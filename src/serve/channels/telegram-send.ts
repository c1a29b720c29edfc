/** Owns what claw sends to Telegram: text as HTML, as plain text where Telegram cannot read that, files, buttons, edits. */
import { openAsBlob } from 'node:fs';
import { type Api, InputFile } from 'grammy';
import type { OutgoingMessage } from '../../core/conversations/channel-messages.ts';
import { callTelegram, TelegramError } from './telegram-api.ts';
import { disarm, renderTelegram } from './telegram-html.ts';

export interface SendDeps {
  readonly api: Api;
  /** Milliseconds after which a request is given up. */
  readonly deadlineMs: number;
}

/** Sends one message; returns its id. Throws `TelegramError`. */
export async function sendToTelegram(deps: SendDeps, message: OutgoingMessage, signal: AbortSignal): Promise<string> {
  const chat = chatOf(message.chat);
  const { file } = message;
  const sent: { message_id: number } =
    file === undefined
      ? await styled(message.text, (text, parse) =>
          callTelegram(deps.deadlineMs, signal, (until) =>
            deps.api.sendMessage(
              chat,
              text,
              { ...around(message), ...parse, link_preview_options: { is_disabled: true } },
              until,
            ),
          ),
        )
      : await sendFile(deps, chat, { ...message, file }, signal);
  return String(sent.message_id);
}

/** Replaces the text of a message of ours; one that says it already is well. Throws `TelegramError`. */
export async function editOnTelegram(
  { api, deadlineMs }: SendDeps,
  target: { readonly chat: string; readonly externalId: string },
  markdown: string,
  signal: AbortSignal,
): Promise<void> {
  const id = Number(target.externalId);
  await styled(markdown, (text, parse) =>
    callTelegram(deadlineMs, signal, (until) =>
      api.editMessageText(
        chatOf(target.chat),
        id,
        text,
        { ...parse, link_preview_options: { is_disabled: true } },
        until,
      ),
    ),
  ).catch((error: unknown) => {
    if (error instanceof TelegramError && error.message.includes('message is not modified')) return;
    throw error;
  });
}

/** The number behind `tg:…`. Throws `TelegramError` for another platform's id. */
export function chatOf(chat: string): number {
  const id = Number(/^tg:(-?\d+)$/.exec(chat)?.[1] ?? NaN);
  if (Number.isSafeInteger(id)) return id;
  throw new TelegramError('rejected', 400, `${chat} is no chat of Telegram`);
}

async function sendFile(
  { api, deadlineMs }: SendDeps,
  chat: number,
  message: OutgoingMessage & { readonly file: NonNullable<OutgoingMessage['file']> },
  signal: AbortSignal,
) {
  const { file } = message;
  const blob = await openFile(file.path);
  const isPhoto = /^image\/(?:png|jpeg|webp)$/.test(file.mediaType);
  return styled(message.text, (caption, parse) => {
    const other = { ...around(message), ...(caption === '' ? {} : { caption, ...parse }) };
    const input = new InputFile(() => blob.stream(), file.name);
    return callTelegram(4 * deadlineMs, signal, async (until): Promise<{ message_id: number }> =>
      isPhoto ? api.sendPhoto(chat, input, other, until) : api.sendDocument(chat, input, other, until),
    );
  });
}

async function openFile(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch {
    throw new TelegramError('rejected', 0, 'Telegram: the file to send is not there any more');
  }
}

/** What goes with every message: what it answers, where, and its buttons. */
function around({ replyTo, thread, buttons }: OutgoingMessage) {
  return {
    ...(replyTo === undefined
      ? {}
      : { reply_parameters: { message_id: Number(replyTo.split('#')[0]), allow_sending_without_reply: true } }),
    ...(thread === undefined ? {} : { message_thread_id: Number(thread) }),
    ...(buttons === undefined
      ? {}
      : {
          reply_markup: {
            inline_keyboard: [buttons.map(({ label, value }) => ({ text: label, callback_data: value }))],
          },
        }),
  };
}

type Parse = { readonly parse_mode?: 'HTML' };

/** Sends with style, and without where Telegram cannot read the style or the text is too long with it. */
async function styled<T>(markdown: string, send: (text: string, parse: Parse) => Promise<T>): Promise<T> {
  try {
    return await send(renderTelegram(markdown), { parse_mode: 'HTML' });
  } catch (error) {
    const isStyle =
      error instanceof TelegramError &&
      error.status === 400 &&
      /can't parse entities|is too long|must be non-empty|text is empty/i.test(error.message);
    if (!isStyle) throw error;
    return send(disarm(markdown), {});
  }
}
