/** Owns the transcripts of OpenClaw: files of JSON lines, or rows of its newer databases, each a conversation. */
import { zstdDecompressSync } from 'node:zlib';
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import { entriesOf, firstOf, instantOf, lineOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import { fileJson, fileJsonLines, type Sight } from '../source-files.ts';
import { transcriptMessages } from '../transcripts.ts';
import { readSessionKey, type SessionPlace } from './session-key.ts';

/** What is known of a session beside its transcript. */
export interface SessionFacts {
  readonly id: string;
  readonly key: string;
  readonly place: SessionPlace;
  readonly name: string | undefined;
}

/** Bytes of one event after unpacking. */
const MAX_EVENT = 8 * 1024 * 1024;

export const agentDatabase = (agent: string): string => `agents/${agent}/agent/openclaw-agent.sqlite`;

/** The agents there are folders of. */
export async function agentFolders({ source }: Sight): Promise<string[]> {
  return (await source.files.list('agents')).flatMap(({ kind, name }) => (kind === 'folder' ? [name] : []));
}

/** The sessions that go on, by their id: from `sessions.json`, or the newer database. */
export async function sessionFacts(
  sight: Sight,
  agent: string,
  database: ForeignDatabase | undefined,
): Promise<Map<string, SessionFacts>> {
  const facts = new Map<string, SessionFacts>();
  const add = (key: string, id: string | undefined, entry: unknown, name: string | undefined): void => {
    if (id === undefined || facts.has(id)) return;
    const label =
      name ??
      lineOf(firstOf(entry, 'displayName', 'subject', 'label', 'groupChannel', 'room')) ??
      lineOf(valueAt(entry, 'origin', 'label'));
    facts.set(id, { id, key, place: readSessionKey(key), name: label });
  };
  for (const { values } of database?.rows('session_nodes') ?? []) {
    const key = textOf(values['session_key']) ?? '';
    add(key, textOf(values['current_session_id']), undefined, lineOf(firstOf(values, 'display_name', 'label')));
  }
  // The oldest versions kept one folder for all.
  for (const path of [
    `agents/${agent}/sessions/sessions.json`,
    ...(agent === 'main' ? ['sessions/sessions.json'] : []),
  ]) {
    for (const [key, entry] of entriesOf(await fileJson(sight, path)))
      add(key, textOf(valueAt(entry, 'sessionId')), entry, undefined);
  }
  return facts;
}

interface SessionDeps {
  readonly agent: string;
  readonly database: ForeignDatabase | undefined;
  readonly facts: ReadonlyMap<string, SessionFacts>;
  /** Folders of the rooms by their chat. */
  readonly folders: ReadonlyMap<string, string>;
}

/** The conversations of an agent, each followed by its messages. */
export async function* sessionItems(sight: Sight, deps: SessionDeps): AsyncGenerator<ImportedItem> {
  const done = new Set<string>();
  for (const [id, lines] of deps.database === undefined ? [] : databaseTranscripts(sight, deps.agent, deps.database)) {
    sight.signal.throwIfAborted();
    if (done.has(id)) continue;
    done.add(id);
    yield* conversation(id, id, lines, deps);
  }
  for (const folder of [`agents/${deps.agent}/sessions`, ...(deps.agent === 'main' ? ['sessions'] : [])]) {
    for (const { kind, name, path } of await sight.source.files.list(folder)) {
      sight.signal.throwIfAborted();
      // `ID.jsonl`, `ID-topic-7.jsonl`, and `ID.jsonl.reset.TIME` of a talk that was ended by /new.
      const [, id = '', reset = ''] = /^(.+?)\.jsonl(\.reset\..+)?$/.exec(name) ?? [];
      if (kind !== 'file' || id === '' || /\.(checkpoint|trajectory)/.test(name) || done.has(`${id}${reset}`)) continue;
      done.add(`${id}${reset}`);
      yield* conversation(`${id}${reset}`, id.replace(/-topic-.*$/, ''), await fileJsonLines(sight, path), deps);
    }
  }
}

function* conversation(
  sourceId: string,
  id: string,
  lines: readonly unknown[],
  { agent, facts, folders }: SessionDeps,
): Generator<ImportedItem> {
  const name = `session ${sourceId}`;
  const messages = transcriptMessages(lines, name);
  if (messages.length === 0) return;
  const known = facts.get(id);
  const createdAt =
    messages.map((message) => message.createdAt).find((at) => at !== undefined) ??
    instantOf(valueAt(lines[0], 'timestamp'));
  const day = createdAt === undefined ? '' : `, ${new Date(createdAt).toISOString().slice(0, 10)}`;
  const title = known?.name ?? `${known?.place.isRun === true ? 'A run' : 'A talk'} with ${agent}${day}`;
  const folder =
    known?.place.isGroup === true && known.place.jid !== undefined ? folders.get(known.place.jid) : undefined;
  const origin = known?.place.channel ?? 'openclaw';
  yield { kind: 'conversation', sourceId: name, title, origin, createdAt, ...(folder === undefined ? {} : { folder }) };
  yield* messages;
}

/** Rows come in the order of sessions, and of events in each. */
function* databaseTranscripts(sight: Sight, agent: string, database: ForeignDatabase): Generator<[string, unknown[]]> {
  let id = '';
  let lines: unknown[] = [];
  let damaged = 0;
  const onDamage = (reason: string): void => sight.source.tell(agentDatabase(agent), `transcript_events: ${reason}`);
  for (const { values } of database.rows('transcript_events', { orderBy: ['session_id', 'seq'], onDamage })) {
    const next = textOf(values['session_id']) ?? '';
    if (next !== id && lines.length > 0) yield [id, lines];
    if (next !== id) lines = [];
    id = next;
    const event = eventOf(values['event_json'], values['event_zstd']);
    if (event === undefined) damaged += 1;
    else lines.push(event);
  }
  if (lines.length > 0) yield [id, lines];
  if (damaged > 0) sight.source.tell(agentDatabase(agent), `${damaged} damaged events were left out`);
}

function eventOf(text: unknown, packed: unknown): unknown {
  try {
    if (typeof text === 'string') return JSON.parse(text);
    if (!Buffer.isBuffer(packed)) return undefined;
    return JSON.parse(zstdDecompressSync(packed, { maxOutputLength: MAX_EVENT }).toString('utf8'));
  } catch {
    return undefined;
  }
}
