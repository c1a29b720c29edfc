/** Owns the rooms of chat platforms: registering, changing and removing them. Nothing is kept in memory: a running server reads the tables at each message and sees every change at once. */
import { ClawError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/clock.ts';
import { requireAdmin, type User } from '../access/local-user.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { RoomRow } from '../store/rooms-table.ts';
import type { Store, Tables } from '../store/store.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { ChatId, IncomingMessage } from './channel-messages.ts';
import { receivedRow } from './received-row.ts';
import { normaliseChatId } from './chat-id.ts';
import { createRoomFolder, readRoomMemory, roomFolderName } from './room-folder.ts';
import { type PatternCache, requireTrigger, requireTriggerSetting, type TriggerVerdict } from './trigger.ts';
import { roomVerdict, type TriggerQuestion, type TriggerSettings } from './room-trigger.ts';

export interface GroupDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The folder `groups/` of the home. */
  readonly folder: string;
  /** As the settings are now. */
  readonly trigger: () => TriggerSettings;
  /** Hides what looks like a secret, in every string. */
  readonly maskJson: <T>(value: T) => T;
}

export interface RoomChange {
  readonly name?: string | undefined;
  /** Empty: back to the name of the assistant. */
  readonly trigger?: string | undefined;
  readonly requiresTrigger?: boolean | undefined;
}

export interface NewRoom extends RoomChange {
  readonly jid: string;
  readonly name: string;
  readonly folder: string;
  readonly isMain?: boolean;
}

/** What is put in by hand. */
export interface InjectedMessage extends Pick<IncomingMessage, 'text' | 'isMention' | 'isDirect'> {
  readonly jid: string;
  readonly sender: { readonly id: string; readonly name: string };
  /** The platform's id of the message; one of its own when not given. */
  readonly externalId: string | undefined;
}

export type GroupService = ReturnType<typeof createGroupService>;

const MAIN_FOLDER = 'main';

export function createGroupService(deps: GroupDeps) {
  const cache: PatternCache = new Map();
  const { store } = deps;
  const find = async (jid: string): Promise<RoomRow> => {
    const { jid: id } = normaliseChatId(jid);
    const room = await store.rooms.find(id);
    if (room !== undefined) return room;
    throw new ClawError('not-found', phrase('noRoomRegistered', id), { hint: 'claw group list' });
  };
  return {
    /** The main room first, then by name. */
    list: (): Promise<RoomRow[]> => store.rooms.list(),
    /** What the rooms share: a folder, and with it a conversation. */
    folders: () => store.rooms.folders(),
    /** Throws `not-found`. */
    find,
    /** The room of a chat, or undefined when it is not registered. Inside a transaction hand in its tables. */
    roomOf: (jid: ChatId, tables: Tables = store): Promise<RoomRow | undefined> => tables.rooms.find(jid),
    register: (room: NewRoom, by: Doer & User): Promise<RoomRow> => register(deps, room, by),
    update: async (jid: string, change: RoomChange, by: Doer & User): Promise<RoomRow> =>
      update(deps, await find(jid), change, by),

    /** The folder and its conversation stay; registering the folder again goes on with them. */
    async remove(jid: string, by: Doer & User): Promise<RoomRow> {
      requireAdmin(by);
      const room = await find(jid);
      await store.transaction(async (tables) => {
        await tables.rooms.remove(room.jid);
        await record(deps, tables, 'group.remove', room, by);
      });
      return room;
    },

    /** Makes the chat the main room, registered or not; again for the same chat changes nothing. Throws `conflict` when another one is. */
    bootstrapMain: (jid: string | undefined, by: Doer & User, name?: string): Promise<RoomRow> =>
      bootstrapMain(deps, jid, by, name),

    /** At the start of the server: makes the chat of AUTO_REGISTER_MAIN_JID the main room unless there is one. */
    ensureMain: async (jid: string, by: Doer & User): Promise<RoomRow> =>
      (await store.rooms.main()) ?? bootstrapMain(deps, jid, by),

    /** Whether a message wakes the assistant in a room, or in a place that is none. */
    verdict: (room: RoomRow | undefined, message: TriggerQuestion): TriggerVerdict =>
      roomVerdict(deps.trigger(), message, room, cache),

    /** As `verdict`, with the rules of the question first. Throws `usage-invalid` for a pattern that could not be registered, `config-invalid` when that is TRIGGER_PATTERN. */
    async test(question: TriggerQuestion, jid?: string): Promise<TriggerVerdict> {
      const room = jid === undefined ? undefined : await find(jid);
      const isOfSettings = question.assistantName === undefined && (room?.trigger_pattern ?? null) === null;
      if (question.pattern !== undefined) requireTrigger(question.pattern, 'The pattern');
      else if (isOfSettings) requireTriggerSetting(deps.trigger().pattern);
      return roomVerdict(deps.trigger(), question, room);
    },

    /** Stores a message as if its platform had sent it; a running server takes it up within a second. Returns the row's id. */
    inject: (message: InjectedMessage, by: Doer & User): Promise<string> => inject(deps, message, by),
    /** The memory file of a folder, for the system prompt. */
    roomMemory: (folder: string): Promise<string> => readRoomMemory(deps.folder, roomFolderName(folder)),
  };
}

async function inject(deps: GroupDeps, given: InjectedMessage, by: Doer & User): Promise<string> {
  requireAdmin(by);
  const { channel, jid } = normaliseChatId(given.jid);
  const now = deps.clock.now();
  const { text, isMention, isDirect } = given;
  const externalId = given.externalId ?? `injected-${newId(now)}`;
  const sender = { ...given.sender, isBot: false, isSelf: false };
  const message = { channel, chat: jid, isDirect, externalId, sender, text, isMention, attachments: [], sentAt: now };
  const row = receivedRow(deps.maskJson<IncomingMessage>(message), externalId, now);
  if (await deps.store.inbound.insertOnce(row)) return row.id;
  throw new ClawError('conflict', `A message ${externalId} of ${jid} is there already.`);
}

async function register(deps: GroupDeps, room: NewRoom, by: Doer & User): Promise<RoomRow> {
  requireAdmin(by);
  const now = deps.clock.now();
  const isMain = room.isMain === true;
  const folder = roomFolderName(room.folder);
  const row: RoomRow = {
    ...normaliseChatId(room.jid),
    name: roomName(room.name),
    folder,
    trigger_pattern: triggerOf(room.trigger),
    requires_trigger: isMain || room.requiresTrigger === false ? 0 : 1,
    is_main: isMain ? 1 : 0,
    created_at: now,
    updated_at: now,
  };
  await refuseTaken(deps.store, row);
  await createRoomFolder(deps.folder, folder, row.name);
  await deps.store.transaction(async (tables) => {
    await refuseTaken(tables, row);
    await tables.rooms.insertFolderIfAbsent({ folder, conversation_id: null, owner_id: by.id, created_at: now });
    await tables.rooms.insert(row);
    await record(deps, tables, 'group.register', row, by);
  });
  return row;
}

async function bootstrapMain(
  deps: GroupDeps,
  jid: string | undefined,
  by: Doer & User,
  name = 'Main',
): Promise<RoomRow> {
  requireAdmin(by);
  if (jid === undefined) {
    throw new ClawError('usage-invalid', 'No chat was given, and AUTO_REGISTER_MAIN_JID is not set.', {
      hint: 'claw group bootstrap-main --jid tg:123456',
    });
  }
  const { jid: id } = normaliseChatId(jid);
  const room = await deps.store.rooms.find(id);
  if (room?.is_main === 1) return room;
  if (room === undefined) return register(deps, { jid: id, name, folder: MAIN_FOLDER, isMain: true }, by);
  const change = { is_main: 1, requires_trigger: 0, updated_at: deps.clock.now() };
  await deps.store.transaction(async (tables) => {
    await refuseSecondMain(tables);
    await tables.rooms.update(id, change);
    await record(deps, tables, 'group.update', { ...room, ...change }, by);
  });
  return { ...room, ...change };
}

async function record({ clock }: GroupDeps, { audit }: Tables, action: string, room: RoomRow, by: Doer): Promise<void> {
  const { jid, name, folder, trigger_pattern, requires_trigger, is_main } = room;
  const detail = { name, folder, trigger_pattern, requires_trigger: requires_trigger === 1, is_main: is_main === 1 };
  await audit.append({ at: clock.now(), by: doneBy(by), action, target: jid, detail });
}

async function refuseTaken({ rooms }: Pick<Tables, 'rooms'>, row: RoomRow): Promise<void> {
  const same = await rooms.find(row.jid);
  if (same !== undefined) {
    const hint = `claw group update --jid ${row.jid} changes it.`;
    throw new ClawError('conflict', `The room ${row.jid} is registered already, as ${same.name}.`, { hint });
  }
  if (row.is_main === 1) await refuseSecondMain({ rooms });
}

async function refuseSecondMain({ rooms }: Pick<Tables, 'rooms'>): Promise<void> {
  const main = await rooms.main();
  if (main === undefined) return;
  throw new ClawError('conflict', `${main.name} (${main.jid}) is the main room already.`, {
    hint: `There is one main room; claw group remove --jid ${main.jid} makes place.`,
  });
}

async function update(deps: GroupDeps, room: RoomRow, change: RoomChange, by: Doer & User): Promise<RoomRow> {
  requireAdmin(by);
  if (room.is_main === 1 && change.requiresTrigger === true) {
    throw new ClawError('usage-invalid', 'The main room needs no trigger; that cannot be changed.', {
      hint: 'Register another room as the main one.',
    });
  }
  const { name, trigger, requiresTrigger } = change;
  const fields = {
    ...(name === undefined ? {} : { name: roomName(name) }),
    ...(trigger === undefined ? {} : { trigger_pattern: triggerOf(trigger) }),
    ...(requiresTrigger === undefined ? {} : { requires_trigger: requiresTrigger ? 1 : 0 }),
  };
  if (Object.keys(fields).length === 0) {
    throw new ClawError('usage-invalid', 'Nothing to change was given.', {
      hint: 'Give --name, --trigger or --requires-trigger.',
    });
  }
  const changed = { ...fields, updated_at: deps.clock.now() };
  await deps.store.transaction(async (tables) => {
    await tables.rooms.update(room.jid, changed);
    await record(deps, tables, 'group.update', { ...room, ...changed }, by);
  });
  return { ...room, ...changed };
}

function roomName(text: string): string {
  const name = text
    .normalize('NFC')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (name !== '' && name.length <= 200) return name;
  throw new ClawError('usage-invalid', 'The name of a room has 1 to 200 characters.', { hint: '--name Family' });
}

function triggerOf(trigger: string | undefined): string | null {
  const written = trigger?.trim() ?? '';
  if (written === '') return null;
  requireTrigger(written);
  return written;
}
