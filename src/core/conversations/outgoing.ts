/** Owns how something to say becomes rows of the outbox: split to the platform's limit, in order, each row with the id that every try to send it carries. */
import { newId } from '../kernel/ids.ts';
import type { OutboxKind } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { MessageButton, OutgoingMessage } from './channel-messages.ts';
import { splitText } from './split-text.ts';

/** Where something is said. */
export interface Destination {
  readonly channel: string;
  readonly chatId: string;
  readonly thread?: string | undefined;
  /** The platform's id of the message that is answered. */
  readonly replyTo?: string | undefined;
}

export interface Outgoing {
  readonly kind: OutboxKind;
  readonly text: string;
  readonly conversationId?: string | null;
  readonly turnId?: string | null;
  readonly buttons?: readonly MessageButton[];
  readonly file?: OutgoingMessage['file'];
  /** Id of the row whose message the first part replaces. */
  readonly edits?: string | undefined;
  /** Id of the first part; made up when absent. */
  readonly id?: string;
}

/** Characters (UTF-16 units) of one message, with room for what rendering adds. Sources: the platforms' public API references (Telegram 4,096 after entities, Discord 2,000, Slack 4,000 recommended). */
const MAX_CHARS: Readonly<Record<string, number>> = { telegram: 4000, discord: 1990, slack: 3500 };
const DEFAULT_MAX_CHARS = 1900;
/** Characters beside a file; Telegram takes 1,024. */
const MAX_CAPTION_CHARS = 1000;

function mostChars({ channel }: Destination, { file }: Outgoing): number {
  return file === undefined ? (MAX_CHARS[channel] ?? DEFAULT_MAX_CHARS) : MAX_CAPTION_CHARS;
}

/** Queues `outgoing` in the same transaction as whatever made it; returns the ids of the rows. */
export async function queueOutgoing(
  tables: Pick<Tables, 'outbox'>,
  to: Destination,
  outgoing: Outgoing,
  now: number,
): Promise<string[]> {
  const texts = outgoing.text.trim() === '' ? [''] : splitText(outgoing.text, mostChars(to, outgoing));
  const rows = texts.map((text, at) => {
    const isFirst = at === 0;
    const isLast = at === texts.length - 1;
    return {
      id: (isFirst ? outgoing.id : undefined) ?? newId(now),
      channel: to.channel,
      chat_id: to.chatId,
      thread: to.thread ?? null,
      conversation_id: outgoing.conversationId ?? null,
      turn_id: outgoing.turnId ?? null,
      kind: outgoing.kind,
      part: at + 1,
      parts: texts.length,
      text,
      buttons: isLast && outgoing.buttons !== undefined ? JSON.stringify(outgoing.buttons) : null,
      file: isLast && outgoing.file !== undefined ? JSON.stringify(outgoing.file) : null,
      reply_to: isFirst ? (to.replyTo ?? null) : null,
      edits: isFirst ? (outgoing.edits ?? null) : null,
      state: 'pending' as const,
      attempts: 0,
      is_repeat: 0,
      next_attempt_at: now,
      created_at: now,
    };
  });
  await tables.outbox.insert(rows);
  return rows.map(({ id }) => id);
}
