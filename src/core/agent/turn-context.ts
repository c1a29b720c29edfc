/** Owns the one changing remark a user message carries: when and where it is. It is stored with the message, so that later requests repeat it byte for byte. */
import type { TextPart } from '../kernel/messages.ts';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** What is said of an instant (milliseconds UTC) in `zone`, an IANA name. */
export function createContext(zone: string): (now: number) => TextPart {
  return (now) => {
    // Not Intl: its first format loads 15 ms and more of tables for two numbers and a dash.
    const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
    const minute = local.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
    const text = `<context>${WEEKDAYS[local.dayOfWeek - 1]} ${minute} ${zone}</context>\n`;
    return { type: 'text', text, provenance: 'claw' };
  };
}
