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
  const attributes = [
    ['sender', message.senderName],
    ['time', localTime(message.sentAt, zone)],
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

/** `2026-03-02 09:15` in the zone. */
function localTime(at: number, zone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(at);
}
