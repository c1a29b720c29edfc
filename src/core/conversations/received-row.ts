/** Owns the first row of a message of a platform: everything that came, masked, before anybody has looked at it. */
import { newId } from '../kernel/ids.ts';
import { currentProcess } from '../kernel/process-identity.ts';
import type { NewInbound } from '../store/inbound-table.ts';
import type { IncomingMessage } from './channel-messages.ts';

/** `now` is milliseconds UTC; `message` is masked already. */
export function receivedRow(message: IncomingMessage, externalId: string, now: number): NewInbound {
  return {
    id: newId(now),
    conversation_id: null,
    user_id: null,
    channel: message.channel,
    chat_id: message.chat,
    external_id: externalId,
    sender_id: message.sender.id,
    payload: JSON.stringify(message),
    parts: '[]',
    state: 'received',
    reason: null,
    turn_id: null,
    runner: currentProcess(),
    sent_at: message.sentAt,
    received_at: now,
    settled_at: null,
  };
}
