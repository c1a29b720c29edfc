/** Owns what NanoClaw 2 keeps differently: rooms in `data/v2.db`, and a pair of databases for each session with what was said and what is scheduled. */
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import type { RoomMessage } from '../../conversations/format-room-messages.ts';
import { type Fields, firstOf, instantOf, lineOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem, ImportedMessage } from '../imported.ts';
import { readJson } from '../json-lines.ts';
import { chatIdOf } from '../platforms.ts';
import { roomFolders } from '../room-folders.ts';
import type { Sight } from '../source-files.ts';
import type { FoundRoom } from './rooms.ts';

export const SECOND_DATABASE = 'data/v2.db';

/** Sessions whose databases are opened. */
const MAX_SESSIONS = 500;

export interface SecondPlace {
  readonly rooms: readonly FoundRoom[];
  /** IANA zone, when the home names one. */
  readonly zone: string | undefined;
  /** How a message of a room reads. */
  readonly format: (message: RoomMessage) => string;
}

const rowsById = (database: ForeignDatabase, table: string): Map<string, Fields> =>
  new Map([...database.rows(table)].flatMap(({ values }) => [[textOf(values['id']) ?? '', values] as const]));

/** Each chat that an agent is wired to is a room on the agent's folder. */
export function secondRooms(database: ForeignDatabase): FoundRoom[] {
  const agents = rowsById(database, 'agent_groups');
  const chats = rowsById(database, 'messaging_groups');
  const rooms = [...database.rows('messaging_group_agents', { orderBy: ['created_at'] })].flatMap(({ values }) => {
    const agent = agents.get(textOf(values['agent_group_id']) ?? '');
    const chat = chats.get(textOf(values['messaging_group_id']) ?? '');
    const folder = textOf(valueAt(agent, 'folder'));
    return agent === undefined || chat === undefined || folder === undefined ? [] : [roomOf(chat, folder, values)];
  });
  const folders = roomFolders(rooms.map(({ sourceFolder }) => sourceFolder));
  return rooms.map((room) => ({ ...room, folder: folders.get(room.sourceFolder) ?? room.sourceFolder }));
}

function roomOf(chat: Fields, sourceFolder: string, wiring: Fields): FoundRoom {
  const written = chatName(chat);
  const jid = chatIdOf(textOf(chat['channel_type']) ?? '', textOf(chat['platform_id']) ?? '');
  const rules = readJson(textOf(wiring['trigger_rules']) ?? '{}', () => {});
  const pattern = lineOf(wiring['engage_pattern']) ?? lineOf(valueAt(rules, 'pattern'));
  const hearsAll = pattern === '.' || valueAt(rules, 'requiresTrigger') === false;
  const name = /^\^?(@[\p{L}\p{N}_ .-]+?)(\\b)?$/u.exec(pattern ?? '')?.[1];
  return {
    chat: written,
    key: jid ?? written,
    jid,
    name: lineOf(chat['name']) ?? sourceFolder,
    sourceFolder,
    folder: sourceFolder,
    trigger: hearsAll ? undefined : (name ?? pattern),
    requiresTrigger: !hearsAll,
    isMain: false,
    addedAt: instantOf(wiring['created_at']) ?? 0,
  };
}

function chatName(chat: Fields): string {
  const platform = textOf(chat['channel_type']) ?? '';
  const id = textOf(chat['platform_id']) ?? '';
  return id.startsWith(`${platform}:`) ? id : `${platform}:${id}`;
}

/** What was said in each session, as a conversation. */
export async function* secondTalk(
  sight: Sight,
  database: ForeignDatabase,
  place: SecondPlace,
): AsyncGenerator<ImportedItem> {
  for await (const session of sessionsOf(sight, database)) {
    const { id, room, inbound, outbound } = { ...session, room: roomOfSession(session, place.rooms) };
    const messages = merged(inbound, outbound).flatMap(({ row, isAnswer }) =>
      messageOf(row, isAnswer, `session ${id}`, place),
    );
    if (messages.length === 0) continue;
    const createdAt = messages[0]?.createdAt;
    const title = room?.name ?? session.name;
    const folder = room?.jid === undefined ? {} : { folder: room.folder };
    yield { kind: 'conversation', sourceId: `session ${id}`, title, origin: session.channel, createdAt, ...folder };
    yield* messages;
  }
}

interface Session {
  readonly id: string;
  readonly chat: string;
  readonly channel: string;
  readonly name: string;
  readonly inbound: ForeignDatabase | undefined;
  readonly outbound: ForeignDatabase | undefined;
}

async function* sessionsOf(sight: Sight, database: ForeignDatabase): AsyncGenerator<Session> {
  const chats = rowsById(database, 'messaging_groups');
  const agents = rowsById(database, 'agent_groups');
  const rows = [...database.rows('sessions', { orderBy: ['created_at'] })];
  if (rows.length > MAX_SESSIONS)
    sight.source.tell(SECOND_DATABASE, `${rows.length - MAX_SESSIONS} sessions beyond ${MAX_SESSIONS} were left out`);
  for (const { values } of rows.slice(0, MAX_SESSIONS)) {
    sight.signal.throwIfAborted();
    const id = textOf(values['id']) ?? '';
    const agent = textOf(values['agent_group_id']) ?? '';
    if (!/^[\w.-]+$/.test(id) || !/^[\w.-]+$/.test(agent)) continue;
    const chat = chats.get(textOf(values['messaging_group_id']) ?? '') ?? {};
    const folder = `data/v2-sessions/${agent}/${id}`;
    yield {
      id,
      chat: chatIdOf(textOf(chat['channel_type']) ?? '', textOf(chat['platform_id']) ?? '') ?? chatName(chat),
      channel: lineOf(chat['channel_type'], 40) ?? 'nanoclaw',
      name: lineOf(chat['name']) ?? lineOf(valueAt(agents.get(agent), 'name')) ?? id,
      inbound: await sight.source.database(`${folder}/inbound.db`),
      outbound: await sight.source.database(`${folder}/outbound.db`),
    };
  }
}

const roomOfSession = ({ chat }: Session, rooms: readonly FoundRoom[]): FoundRoom | undefined =>
  rooms.find(({ key }) => key === chat);

interface Line {
  readonly row: Fields;
  readonly isAnswer: boolean;
}

/** Both sides number their messages from one row of numbers. */
function merged(inbound: ForeignDatabase | undefined, outbound: ForeignDatabase | undefined): Line[] {
  const said = [...(inbound?.rows('messages_in') ?? [])].map(({ values }) => ({ row: values, isAnswer: false }));
  const answered = [...(outbound?.rows('messages_out') ?? [])].map(({ values }) => ({ row: values, isAnswer: true }));
  const place = ({ row }: Line): number => Number(row['seq'] ?? 0);
  return [...said, ...answered].toSorted((a, b) => place(a) - place(b));
}

function messageOf(row: Fields, isAnswer: boolean, conversation: string, { format }: SecondPlace): ImportedMessage[] {
  if (row['kind'] !== 'chat' && row['kind'] !== 'chat-sdk') return [];
  const content = contentOf(row);
  const text = textOf(firstOf(content, 'text', 'markdown')) ?? textOf(valueAt(content, 'message', 'text'));
  if (text === undefined) return [];
  const createdAt = instantOf(row['timestamp']);
  const message = {
    kind: 'message',
    sourceId: `${conversation}/${textOf(row['id']) ?? ''}`,
    conversation,
    createdAt,
  } as const;
  if (isAnswer) return [{ ...message, role: 'assistant', parts: [{ type: 'text', text, provenance: 'assistant' }] }];
  const senderName = lineOf(firstOf(content, 'senderName', 'sender', 'author'), 100) ?? 'somebody';
  const told = createdAt === undefined ? text : format({ senderName, sentAt: createdAt, text });
  return [{ ...message, role: 'user', parts: [{ type: 'text', text: told, provenance: 'user' }] }];
}

function contentOf(row: Fields): unknown {
  const written = textOf(row['content']) ?? '';
  return written.startsWith('{') ? readJson(written, () => {}) : { text: written };
}

/** A task waits as a message of its session; one that comes again has the expression with it. */
export async function* secondTasks(
  sight: Sight,
  database: ForeignDatabase,
  { zone }: SecondPlace,
): AsyncGenerator<ImportedItem> {
  for await (const { id, chat, inbound } of sessionsOf(sight, database)) {
    for (const { values } of inbound?.rows('messages_in', { orderBy: ['seq'] }) ?? []) {
      const isWaiting = values['status'] === 'pending' || values['status'] === 'paused';
      if (values['kind'] === 'task' && isWaiting) yield taskOf(values, { id, chat, zone });
    }
  }
}

function taskOf(row: Fields, { id, chat, zone }: { id: string; chat: string; zone: string | undefined }): ImportedItem {
  const name = lineOf(firstOf(row, 'series_id', 'id'), 60) ?? '';
  const sourceId = `${id}/${name}`;
  const prompt = textOf(valueAt(contentOf(row), 'prompt'));
  const cron = lineOf(row['recurrence'], 200);
  const next = instantOf(row['process_after']);
  const once = next === undefined ? undefined : new Date(next).toISOString();
  const value = cron ?? once;
  if (prompt === undefined || value === undefined) {
    const reason = prompt === undefined ? 'it has no prompt' : 'its schedule is none that claw has';
    return { kind: 'skipped', of: 'task', sourceId, reason };
  }
  const schedule = { type: cron === undefined ? 'once' : 'cron', value } as const;
  const isActive = row['status'] === 'pending';
  const task = { kind: 'task', sourceId, name, prompt, jid: chat, ...schedule, context: 'isolated', isActive } as const;
  return zone === undefined ? task : { ...task, zone };
}
