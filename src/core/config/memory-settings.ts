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
} as const satisfies SettingTable;
