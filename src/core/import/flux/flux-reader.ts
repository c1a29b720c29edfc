/** Owns the reading of a home of flux-openclaw: which files make one, and in which order they are read. Its layout is told in docs/import.md. */
import { entriesOf, lineOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import type { Reader, ReaderLimits, Source } from '../reader.ts';
import { readConversations, readHistory } from './read-conversations.ts';
import { readDocuments, readTools } from './read-documents.ts';
import { readInstruction, readMemories } from './read-memories.ts';
import { readSettings } from './read-settings.ts';
import { readJsonFile } from './read-text.ts';
import { readUsers } from './read-users.ts';
import { readSchedules, readWebhooks } from './read-work.ts';

/** How sure each file makes it. */
const SIGNS: readonly (readonly [string, number])[] = [
  ['data/auth.db', 3],
  ['data/conversations.db', 3],
  ['data/webhooks.db', 3],
  ['memory/memories.json', 3],
  ['.tool_approved.json', 3],
  ['memory/instruction.md', 2],
  ['schedules.json', 2],
  ['knowledge/docs', 2],
  ['marketplace/installed.json', 2],
  ['memory/memory.md', 1],
  ['usage_data.json', 1],
  ['openclaw/conversation_store.py', 2],
  ['plugin_sdk.py', 2],
];
const MAX_JSON = 1024 * 1024;

export const fluxReader: Reader = {
  source: 'flux',
  label: 'flux-openclaw',
  async look(source) {
    let score = 0;
    for (const [path, weight] of SIGNS) if ((await source.files.facts(path)) !== undefined) score += weight;
    // One weak sign is a coincidence.
    return score < 2 ? { score: 0 } : { score, refusal: await refusalOf(source) };
  },
  read,
};

/** flux never numbered its databases; whoever does is newer. */
async function refusalOf(source: Source): Promise<string | undefined> {
  const paths = await placesOf(source);
  for (const path of Object.values(paths)) {
    const version = (await source.database(path))?.userVersion ?? 0;
    if (version > 0) return `${path} has the layout ${version}, which is newer than what claw reads.`;
  }
  return undefined;
}

interface Places {
  readonly users: string;
  readonly conversations: string;
  readonly webhooks: string;
}

/** Where the databases are: config.json may name other places within the folder. */
async function placesOf(source: Source): Promise<Places> {
  const config = await readJsonFile(source, 'config.json', MAX_JSON);
  const named = (field: string): string => lineOf(valueAt(config, field)) ?? '';
  return {
    users: await firstThere(source, [named('auth_db_path'), 'data/auth.db', 'auth.db']),
    conversations: await firstThere(source, [
      named('conversation_db_path'),
      'data/conversations.db',
      'conversations.db',
    ]),
    webhooks: await firstThere(source, ['data/webhooks.db', 'webhooks.db']),
  };
}

async function firstThere({ files }: Source, paths: readonly string[]): Promise<string> {
  const inside = paths.filter((path) => path !== '' && !path.startsWith('/'));
  for (const path of inside) if ((await files.facts(path)) !== undefined) return path;
  return inside.at(-1) ?? '';
}

async function* read(
  source: Source,
  { maxFileBytes }: ReaderLimits,
  signal: AbortSignal,
): AsyncGenerator<ImportedItem> {
  const places = await placesOf(source);
  const owners = new Map<string, string>();
  const migrated = new Set<string>();
  const parts = [
    () => readUsers(source, places.users, owners),
    () => readConversations(source, places.conversations, owners, migrated),
    () => readHistory(source, maxFileBytes, migrated),
    () => readMemories(source, maxFileBytes),
    () => readDocuments(source, maxFileBytes),
    () => readTools(source),
    () => readInstruction(source, maxFileBytes),
    () => readSettings(source),
    () => readSchedules(source, maxFileBytes),
    () => readWebhooks(source, places.webhooks, owners),
    () => readRest(source),
  ];
  for (const part of parts) {
    signal.throwIfAborted();
    yield* part();
  }
}

/** What stays there, and why. */
async function* readRest(source: Source): AsyncGenerator<ImportedItem> {
  const { files } = source;
  const installed = entriesOf(valueAt(await readJsonFile(source, 'marketplace/installed.json', MAX_JSON), 'installed'));
  for (const [name] of installed)
    yield {
      kind: 'remark',
      text: `${lineOf(name, 64) ?? '?'} came from its marketplace: claw tool search looks for it in claw's.`,
    };
  if ((await files.facts('data/audit.db')) !== undefined)
    yield { kind: 'remark', text: 'data/audit.db stays there: an audit trail tells of one home only.' };
  if ((await files.facts('usage_data.json')) !== undefined)
    yield { kind: 'remark', text: 'usage_data.json stays there: claw counts only what it spent itself.' };
}
