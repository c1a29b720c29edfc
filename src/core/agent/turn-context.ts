/** Owns the one changing remark a user message carries: when and where it is. It is stored with the message, so that later requests repeat it byte for byte. */
import type { TextPart } from '../kernel/messages.ts';

/** `zone` is an IANA name; `now` is milliseconds UTC. */
export function contextPart(now: number, zone: string): TextPart {
  const date = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(date.formatToParts(now).map(({ type, value }) => [type, value]));
  const text = `<context>${parts.weekday} ${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute} ${zone}</context>\n`;
  return { type: 'text', text, provenance: 'claw' };
}
