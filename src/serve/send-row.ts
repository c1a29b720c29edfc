/** Owns one try: a row of the outbox becomes one call of its platform. What may have arrived before is looked for, sent under the same nonce, or marked; it is never repeated silently. */
import type { MessageButton, OutgoingMessage } from '../core/conversations/channel-messages.ts';
import type { OutboxRow } from '../core/store/outbox-table.ts';
import type { Store } from '../core/store/store.ts';
import type { Channel } from './channels/channel.ts';

interface SendDeps {
  readonly store: Store;
  readonly adapter: Channel;
  readonly signal: AbortSignal;
}

/** What a reader sees of a message that may be there twice. */
const REPEAT_MARK = '\n\n_(possibly sent twice)_';

/** Sends the row, or finds that it was sent. `isRepeat` of the result: a second copy may be visible. Throws `DeliveryError`. */
export async function sendRow(
  { store, adapter, signal }: SendDeps,
  row: OutboxRow,
  isRepeat: boolean,
): Promise<{ externalId: string; isRepeat: boolean; detail?: string }> {
  if (row.edits !== null && adapter.edit !== undefined) {
    const target = await store.outbox.byId(row.edits);
    if (target?.external_id != null) {
      await adapter.edit(row.chat_id, target.external_id, row.text, signal);
      return { externalId: target.external_id, isRepeat: false, detail: 'by editing' };
    }
  }
  const message = outgoing(row);
  if (!isRepeat) return { ...(await adapter.send(message, signal)), isRepeat: false };
  if (adapter.findSent !== undefined) {
    const found = await adapter.findSent(message, signal);
    if (found !== undefined) return { externalId: found, isRepeat: false, detail: 'an earlier try had arrived' };
    return { ...(await adapter.send(message, signal)), isRepeat: false };
  }
  if (adapter.takesNonce === true) return { ...(await adapter.send(message, signal)), isRepeat: false };
  const marked = { ...message, text: `${message.text}${REPEAT_MARK}` };
  return { ...(await adapter.send(marked, signal)), isRepeat: true };
}

function outgoing(row: OutboxRow): OutgoingMessage {
  return {
    id: row.id,
    chat: row.chat_id,
    text: row.text,
    attempt: row.attempts,
    ...(row.thread === null ? {} : { thread: row.thread }),
    ...(row.reply_to === null ? {} : { replyTo: row.reply_to }),
    ...(row.buttons === null ? {} : { buttons: JSON.parse(row.buttons) as MessageButton[] }),
    ...(row.file === null ? {} : { file: JSON.parse(row.file) as NonNullable<OutgoingMessage['file']> }),
  };
}
