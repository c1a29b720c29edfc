/** Owns which rules hold for a message of a room: those of the question, of the room, of the settings, in this order. Pure. */
import type { RoomRow } from '../store/rooms-table.ts';
import { engages, type PatternCache, type TriggerVerdict } from './trigger.ts';

/** What the settings say about triggers. */
export interface TriggerSettings {
  readonly assistantName: string;
  /** TRIGGER_PATTERN, for rooms without a trigger of their own. */
  readonly pattern: string | undefined;
  readonly particles: boolean;
}

/** A message as a room would get it. */
export interface TriggerQuestion {
  readonly text: string;
  readonly isMention: boolean;
  readonly isReplyToAssistant: boolean;
  /** Rules to use instead of those of the room or the settings. */
  readonly assistantName?: string | undefined;
  readonly pattern?: string | undefined;
  readonly requiresTrigger?: boolean | undefined;
  readonly particles?: boolean | undefined;
}

/** Whether a message wakes the assistant in a room, or in a place that is none. */
export function roomVerdict(
  settings: TriggerSettings,
  message: TriggerQuestion,
  room: RoomRow | undefined,
  cache?: PatternCache,
): TriggerVerdict {
  // A name that is given outright is what is asked about; it is not hidden by a pattern of the settings.
  const fallback = message.assistantName === undefined ? settings.pattern : undefined;
  const rules = {
    assistantName: message.assistantName ?? settings.assistantName,
    pattern: message.pattern ?? room?.trigger_pattern ?? fallback,
    requiresTrigger: message.requiresTrigger ?? room?.requires_trigger !== 0,
    isMention: message.isMention,
    isReplyToAssistant: message.isReplyToAssistant,
    particles: message.particles ?? settings.particles,
  };
  return engages(message.text, rules, cache);
}
