/** Owns the conversations of flux-openclaw: `data/conversations.db`, and the files `history/*.json` of older homes. */
import type { ForeignDatabase, ForeignRow } from '../../store/sqlite/read-foreign-database.ts';
import { instantOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedConversation, ImportedItem } from '../imported.ts';
import type { Source } from '../reader.ts';
import { type CallNames, saidMessages, type SaidMessage, wordsIn } from './content-parts.ts';
import { readJsonFile, shortHash } from './read-text.ts';
import type { Owners } from './read-users.ts';

type Talk = Omit<ImportedConversation, 'kind' | 'title'>;

interface OpenTalk {
  readonly talk: Talk;
  readonly names: CallNames;
  isTold: boolean;
}

const PLATFORMS: readonly string[] = ['telegram', 'discord', 'slack'];

/** `migrated`: gets the names of history files that are in the database already. */
export async function* readConversations(
  source: Source,
  path: string,
  owners: Owners,
  migrated: Set<string>,
): AsyncGenerator<ImportedItem> {
  const database = await source.database(path);
  if (database === undefined) return;
  const damaged = (table: string) => (why: string) => source.tell(path, `the table ${table} ends early: ${why}`);
  const talks = readTalks(database, owners, migrated, damaged);
  const order = database.tables.get('messages')?.includes('id') === true ? 'id' : 'created_at';
  const orderBy = ['conversation_id', order];
  let open: OpenTalk | undefined;
  let place = 0;
  for (const row of database.rows('messages', { orderBy, onDamage: damaged('messages') })) {
    place += 1;
    const conversation = lineOf(row.values['conversation_id']);
    const sourceId = `${conversation ?? '?'}/${lineOf(row.values['id']) ?? `row ${place}`}`;
    if (conversation === undefined) {
      yield { kind: 'skipped', of: 'message', sourceId, reason: 'it belongs to no conversation' };
      continue;
    }
    if (open?.talk.sourceId !== conversation) open = begin(talks, conversation);
    yield* tellMessage(open, row, sourceId);
    if (open.isTold) talks.delete(conversation);
  }
  for (const sourceId of talks.keys())
    yield { kind: 'skipped', of: 'conversation', sourceId, reason: 'nothing was said in it' };
}

function begin(talks: ReadonlyMap<string, Talk>, sourceId: string): OpenTalk {
  const orphan = { sourceId, origin: 'terminal', remark: 'Its row was missing; its messages were there.' };
  return { talk: talks.get(sourceId) ?? orphan, names: new Map(), isTold: false };
}

/** The rows of the table `conversations` by their id. */
function readTalks(
  database: ForeignDatabase,
  owners: Owners,
  migrated: Set<string>,
  damaged: (table: string) => (why: string) => void,
): Map<string, Talk> {
  const tags = new Map<string, string[]>();
  for (const { values } of database.rows('conversation_tags', { onDamage: damaged('conversation_tags') })) {
    const [id, tag] = [lineOf(values['conversation_id']), lineOf(values['tag'], 50)];
    if (id !== undefined && tag !== undefined) tags.set(id, [...(tags.get(id) ?? []), tag]);
  }
  const talks = new Map<string, Talk>();
  for (const { values } of database.rows('conversations', { onDamage: damaged('conversations') })) {
    const sourceId = lineOf(values['id']);
    if (sourceId === undefined) continue;
    const file = lineOf(valueAt(metadataOf(values['metadata_json']), 'original_file'));
    if (file !== undefined) migrated.add(file);
    const of = lineOf(values['interface'])?.toLowerCase() ?? '';
    talks.set(sourceId, {
      sourceId,
      ...ownerOf(lineOf(values['user_id']), owners),
      origin: PLATFORMS.find((name) => of.startsWith(name)) ?? 'terminal',
      createdAt: instantOf(values['created_at']),
      tags: tags.get(sourceId) ?? [],
    });
  }
  return talks;
}

/** `default` is whoever ran it without signing in. */
function ownerOf(name: string | undefined, owners: Owners): { owner?: string; remark?: string } {
  if (name === undefined || name === 'default') return {};
  const owner = owners.get(name);
  if (owner !== undefined) return { owner };
  return { remark: 'Its user is not known there; it becomes that of whoever has what has no owner.' };
}

function metadataOf(raw: unknown): unknown {
  try {
    return typeof raw === 'string' ? (JSON.parse(raw) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

function* tellMessage(open: OpenTalk, { values, tooLong }: ForeignRow, sourceId: string): Generator<ImportedItem> {
  const skip = (reason: string): ImportedItem => ({ kind: 'skipped', of: 'message', sourceId, reason });
  const role = lineOf(values['role'])?.toLowerCase();
  if (tooLong.length > 0) return yield skip('it is longer than a message may be');
  if (role !== 'user' && role !== 'assistant') return yield skip('nobody said it: it is of another role');
  const raw = values['content_json'] ?? values['content'];
  const text = textOf(Buffer.isBuffer(raw) ? raw.toString('utf8') : raw);
  const said = text === undefined ? [] : saidMessages(role, text, open.names);
  if (said.length === 0) return yield skip('it is empty');
  yield* tell(open, said, sourceId, instantOf(values['created_at']));
}

/** The conversation comes before its first message, which gives it its title. */
function* tell(
  open: OpenTalk,
  said: readonly SaidMessage[],
  sourceId: string,
  createdAt = open.talk.createdAt,
): Generator<ImportedItem> {
  const { talk } = open;
  for (const [index, { role, parts }] of said.entries()) {
    if (!open.isTold) yield { kind: 'conversation', ...talk, title: wordsIn(parts) ?? '' };
    open.isTold = true;
    const name = index === 0 ? sourceId : `${sourceId}+${index}`;
    yield { kind: 'message', sourceId: name, conversation: talk.sourceId, role, parts, createdAt };
  }
}

/** `history/history_20260212_093000.json`: `{timestamp, messages: [{role, content}]}`. */
export async function* readHistory(
  source: Source,
  maxBytes: number,
  migrated: ReadonlySet<string>,
): AsyncGenerator<ImportedItem> {
  for (const { name, path, kind } of await source.files.list('history')) {
    if (kind !== 'file' || !name.endsWith('.json')) continue;
    if (migrated.has(name)) {
      yield { kind: 'skipped', of: 'conversation', sourceId: path, reason: 'it is in the database there too' };
      continue;
    }
    const content = await readJsonFile(source, path, maxBytes);
    if (content === undefined) continue;
    const messages = listOf(Array.isArray(content) ? content : valueAt(content, 'messages'));
    const sourceId = `${path}#${shortHash(JSON.stringify(messages[0] ?? null))}`;
    const createdAt = stampOf(valueAt(content, 'timestamp'));
    const open: OpenTalk = { talk: { sourceId, origin: 'terminal', createdAt }, names: new Map(), isTold: false };
    for (const [index, message] of messages.entries()) yield* tellKept(open, message, `${sourceId}/${index + 1}`);
    if (!open.isTold) yield { kind: 'skipped', of: 'conversation', sourceId: path, reason: 'nothing was said in it' };
  }
}

function* tellKept(open: OpenTalk, message: unknown, sourceId: string): Generator<ImportedItem> {
  const role = lineOf(valueAt(message, 'role'));
  const content = valueAt(message, 'content');
  const isSaid = (role === 'user' || role === 'assistant') && content !== undefined && content !== null;
  const said = isSaid ? saidMessages(role, JSON.stringify(content), open.names) : [];
  if (said.length === 0) yield { kind: 'skipped', of: 'message', sourceId, reason: 'it is empty' };
  else yield* tell(open, said, sourceId);
}

/** `20260212_093000`, by the clock of the machine. */
function stampOf(value: unknown): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(String(value)) ?? [];
  if (year === undefined) return instantOf(value);
  return instantOf(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}`));
}
