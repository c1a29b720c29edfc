/** Owns the settings of memory: how much is kept of each kind, and how much of it a turn is given. */
import type { SettingTable } from './setting.ts';

const limit = <const Default extends number>(of: string, count: Default) =>
  ({
    kind: 'integer',
    default: count,
    min: 1,
    max: 100_000,
    description: `Most memories of the category ${of} that a user or a room has; the least important beyond it are archived.`,
  }) as const;

export const MEMORY_SETTINGS = {
  MEMORY_TOKENS: {
    kind: 'integer',
    default: 1200,
    min: 0,
    max: 50_000,
    description: 'Most tokens of memories, by estimate, that a message carries to the model; 0: none.',
  },
  MEMORY_LIMIT_USER_INFO: limit('user_info', 20),
  MEMORY_LIMIT_PREFERENCES: limit('preferences', 30),
  MEMORY_LIMIT_FACTS: limit('facts', 50),
  MEMORY_LIMIT_NOTES: limit('notes', 80),
  MEMORY_LIMIT_REMINDERS: limit('reminders', 20),
  LEARNING_ENABLED: {
    kind: 'boolean',
    default: true,
    description:
      'After a conversation claw looks at what the user said for facts and preferences worth remembering: with one call of a model, or by rules in offline mode.',
  },
  LEARNING_MODEL: {
    kind: 'text',
    description:
      'The model that is asked after a conversation, as provider/model; a cheap one will do. Absent: the model of the conversation.',
  },
  LEARNING_MIN_WORDS: {
    kind: 'integer',
    default: 8,
    min: 1,
    max: 10_000,
    description: 'Words that the user must have said for a model to be asked; fewer are read by rules alone.',
  },
  LEARNING_IDLE_MINUTES: {
    kind: 'integer',
    default: 30,
    min: 0,
    max: 1_440,
    description: 'Minutes of quiet after which a server takes a conversation as ended; 0: never.',
  },
} as const satisfies SettingTable;
