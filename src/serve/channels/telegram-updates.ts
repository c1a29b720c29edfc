/** Owns how updates of the Bot API become messages, edits and presses. Source: https://core.telegram.org/bots/api#update */
import type { Message, Update, User } from 'grammy/types';
import type {
  ButtonPress,
  IncomingAttachment,
  IncomingMessage,
  QuotedMessage,
  Sender,
} from '../../core/conversations/channel-messages.ts';
import { readWords, type TelegramSelf } from './telegram-text.ts';

export type TelegramEvent =
  | { readonly kind: 'message'; readonly message: IncomingMessage }
  | { readonly kind: 'edited'; readonly chat: string; readonly externalId: string; readonly text: string }
  | { readonly kind: 'moved'; readonly chat: string; readonly to: string }
  | { readonly kind: 'pressed'; readonly press: ButtonPress; readonly queryId: string };

/** What an update means; undefined for one that means nothing here. */
export function readUpdate(update: Update, self: TelegramSelf, assistantName: string): TelegramEvent | undefined {
  const message = update.message ?? update.channel_post;
  if (message !== undefined) {
    // A group that became a supergroup; the new one tells it too.
    if (message.migrate_to_chat_id !== undefined)
      return { kind: 'moved', chat: chatId(message.chat.id), to: chatId(message.migrate_to_chat_id) };
    const read = readMessage(message, self, assistantName);
    // Someone joined, a message was pinned: nobody said anything.
    return read.text === '' && read.attachments.length === 0 ? undefined : { kind: 'message', message: read };
  }
  const edited = update.edited_message ?? update.edited_channel_post;
  if (edited !== undefined) {
    const { text } = wordsOf(edited, self, assistantName);
    return { kind: 'edited', chat: chatId(edited.chat.id), externalId: String(edited.message_id), text };
  }
  const query = update.callback_query;
  if (query?.data === undefined || query.message === undefined) return undefined;
  const press = {
    channel: 'telegram',
    chat: chatId(query.message.chat.id),
    sender: readSender(query.from, self),
    value: query.data,
  };
  return { kind: 'pressed', press, queryId: query.id };
}

const chatId = (id: number): string => `tg:${id}`;

function readMessage(message: Message, self: TelegramSelf, assistantName: string): IncomingMessage {
  const { text, isMention, command } = wordsOf(message, self, assistantName);
  const { chat } = message;
  const replyTo = quoted(message, self, assistantName);
  return {
    channel: 'telegram',
    chat: chatId(chat.id),
    ...(chat.title === undefined ? {} : { chatTitle: chat.title }),
    isDirect: chat.type === 'private',
    externalId: String(message.message_id),
    sender: senderOf(message, self),
    text,
    isMention,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(message.is_topic_message === true && message.message_thread_id !== undefined
      ? { thread: String(message.message_thread_id) }
      : {}),
    attachments: attachmentsOf(message),
    ...(command === undefined ? {} : { command }),
    sentAt: message.date * 1000,
  };
}

function wordsOf(message: Message, self: TelegramSelf, assistantName: string) {
  const entities = message.entities ?? message.caption_entities ?? [];
  return readWords(message.text ?? message.caption ?? wordless(message), entities, self, assistantName);
}

/** What a message without text says in words. */
function wordless({ sticker, location }: Message): string {
  if (location !== undefined) return `(location: ${location.latitude}, ${location.longitude})`;
  return sticker === undefined ? '' : (sticker.emoji ?? '(sticker)');
}

/** A message in the name of a chat (a channel, an anonymous admin) has that chat as its sender. */
function senderOf(message: Message, self: TelegramSelf): Sender {
  const { sender_chat: chat, from } = message;
  if (chat !== undefined) {
    const name = 'title' in chat ? (chat.title ?? '') : '';
    return { id: String(chat.id), name, isBot: false, isSelf: false };
  }
  return from === undefined ? { id: '0', name: '', isBot: false, isSelf: false } : readSender(from, self);
}

function readSender(user: User, self: TelegramSelf): Sender {
  const name = [user.first_name, user.last_name].filter((part) => part !== undefined && part !== '').join(' ');
  return {
    id: String(user.id),
    name: name === '' ? (user.username ?? String(user.id)) : name,
    isBot: user.is_bot,
    isSelf: user.id === self.id,
  };
}

/** In a topic every message replies to the one that opened it; that is no reply of the person. */
function quoted(message: Message, self: TelegramSelf, assistantName: string): QuotedMessage | undefined {
  const reply = message.reply_to_message;
  if (reply === undefined || reply.forum_topic_created !== undefined) return undefined;
  const sender = senderOf(reply, self);
  return {
    externalId: String(reply.message_id),
    author: sender.isSelf ? assistantName : sender.name,
    text: message.quote?.text ?? reply.text ?? reply.caption ?? '',
    isOwn: sender.isSelf,
  };
}

interface TelegramFile {
  readonly file_id: string;
  readonly file_size?: number;
  readonly file_name?: string;
  readonly mime_type?: string;
}

function attachmentsOf(message: Message): IncomingAttachment[] {
  const photo = message.photo?.at(-1);
  const files: (readonly [TelegramFile | undefined, string, string])[] = [
    [photo, 'photo.jpg', 'image/jpeg'],
    [message.document, 'document', 'application/octet-stream'],
    [message.voice, 'voice.ogg', 'audio/ogg'],
    [message.audio, 'audio', 'audio/mpeg'],
    // An animation comes as a document too.
    [message.video, 'video.mp4', 'video/mp4'],
    [message.video_note, 'video.mp4', 'video/mp4'],
  ];
  return files.flatMap(([file, name, mediaType]) =>
    file === undefined
      ? []
      : [
          {
            ref: file.file_id,
            name: file.file_name ?? name,
            mediaType: file.mime_type ?? mediaType,
            ...(file.file_size === undefined ? {} : { size: file.file_size }),
          },
        ],
  );
}
