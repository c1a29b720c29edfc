/** Owns the one changing remark a user message carries: when and where it is. It is stored with the message, so that later requests repeat it byte for byte. */
import type { TextPart } from '../kernel/messages.ts';

/** What is said of an instant (milliseconds UTC) in `zone`, an IANA name. Making it is what takes time; it is made once. */
export function createContext(zone: string): (now: number) => TextPart {
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
  return (now) => {
    const parts = Object.fromEntries(date.formatToParts(now).map(({ type, value }) => [type, value]));
    const text = `<context>${parts.weekday} ${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute} ${zone}</context>\n`;
    return { type: 'text', text, provenance: 'claw' };
  };
}
