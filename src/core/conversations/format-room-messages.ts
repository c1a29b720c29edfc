/** Owns how a message of a room reads in a prompt: an element whose attributes and text cannot be closed or forged from inside. */

export interface RoomMessage {
  readonly senderName: string;
  /** Milliseconds UTC. */
  readonly sentAt: number;
  readonly text: string;
  /** The message it answers. */
  readonly quoted?: { readonly author: string; readonly text: string };
  /** True for a message that was not addressed to the assistant. */
  readonly isContext?: boolean;
}

/** Characters of a quoted message that are repeated. */
const MAX_QUOTE = 500;

/** `<message sender="…" time="…">…</message>`; `zone` is an IANA name. */
export function formatRoomMessage(message: RoomMessage, zone: string): string {
  return roomMessageFormat(zone)(message);
}

/** The same for many messages: what knows the zone is costly, and is made once. */
export function roomMessageFormat(zone: string): (message: RoomMessage) => string {
  // As `2026-03-02 09:15`.
  const times = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return (message) => formatWith(message, times);
}

function formatWith(message: RoomMessage, times: Intl.DateTimeFormat): string {
  const attributes = [
    ['sender', message.senderName],
    ['time', times.format(message.sentAt)],
    ['context', message.isContext === true ? 'true' : undefined],
    ['reply-to', message.quoted?.author],
    ['quoted', message.quoted?.text.slice(0, MAX_QUOTE)],
  ].flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escape(value)}"`]));
  return `<message${attributes.join('')}>${escape(message.text)}</message>`;
}

function escape(text: string): string {
  // A code point that was cut in two would be no text for a provider.
  return text
    .toWellFormed()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\p{Cc}--[\n\t]]/gv, '');
}
