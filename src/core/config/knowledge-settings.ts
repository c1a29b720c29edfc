/** Owns the settings of the documents that the assistant can look things up in. */
import type { SettingTable } from './setting.ts';

export const KNOWLEDGE_SETTINGS = {
  KNOWLEDGE_MAX_FILE_MB: {
    kind: 'number',
    default: 10,
    min: 0.1,
    max: 500,
    description: 'The largest document that is added, in MB.',
  },
  KNOWLEDGE_TOKENS: {
    kind: 'integer',
    default: 700,
    min: 0,
    max: 20_000,
    description: 'Most tokens of passages that a message is given when they are clearly about it. 0 switches this off.',
  },
  EMBEDDING_MODEL: {
    kind: 'text',
    description:
      'Model that makes vectors of documents and of what is asked, as provider/name with provider openai, google or openai-compatible; documents are then also found by meaning. Off when not set.',
  },
  EMBEDDING_DIMENSIONS: {
    kind: 'integer',
    min: 32,
    max: 4096,
    description: "Length of the vectors, for models that can be asked for one. The model's own when not set.",
  },
  EMBEDDING_QUERY_MS: {
    kind: 'integer',
    default: 1500,
    min: 50,
    max: 60_000,
    description:
      'How long a search waits for the vector of what is asked, in milliseconds; then only words are looked for.',
  },
  KNOWLEDGE_WATCH_SECONDS: {
    kind: 'number',
    default: 15,
    min: 1,
    max: 86_400,
    description: 'How often the server looks at watched folders, in seconds.',
  },
} as const satisfies SettingTable;
