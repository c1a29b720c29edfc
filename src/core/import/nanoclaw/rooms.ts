/** Owns the registered groups of NanoClaw: from its database, or from the JSON file of its first versions. */
import { isChatId, normaliseChatId } from '../../conversations/chat-id.ts';
import { requireTrigger } from '../../conversations/trigger.ts';
import { ClawError } from '../../kernel/errors.ts';
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import { entriesOf, firstOf, flagOf, instantOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import { readJson } from '../json-lines.ts';
import { roomFolders } from '../room-folders.ts';
import { fileJson, type Sight } from '../source-files.ts';
import type { Variant } from './variant.ts';

export interface FoundRoom {
  /** As it is written there. */
  readonly chat: string;
  /** In claw's form where it has one, else as it is written. */
  readonly key: string;
  /** In claw's form; undefined for a platform that claw does not have. */
  readonly jid: string | undefined;
  readonly name: string;
  readonly sourceFolder: string;
  readonly folder: string;
  readonly trigger: string | undefined;
  readonly requiresTrigger: boolean;
  readonly isMain: boolean;
  /** Milliseconds UTC; 0 when it is not known. */
  readonly addedAt: number;
}

type Found = Omit<FoundRoom, 'folder' | 'isMain'> & { readonly wantsMain: boolean };

/** The rooms in the order in which they were registered. `mainFolder`: the folder that needs no trigger. */
export async function findRooms(
  sight: Sight,
  database: ForeignDatabase | undefined,
  { mainFolder, variant }: { readonly mainFolder: string; readonly variant: Variant },
): Promise<FoundRoom[]> {
  const rows: (readonly [string, unknown])[] = [];
  const onDamage = (reason: string): void => sight.source.tell('store/messages.db', `registered_groups: ${reason}`);
  for (const { values } of database?.rows('registered_groups', { onDamage }) ?? []) {
    rows.push([textOf(firstOf(values, 'jid', 'chat_jid')) ?? '', values]);
  }
  for (const name of ['data/registered_groups.json', 'data/registered_groups.json.migrated']) {
    if (rows.length === 0) rows.push(...entriesOf(await fileJson(sight, name)));
  }
  const found = rows.flatMap(([chat, row]) => roomOf(sight, chat, row, { mainFolder, variant }) ?? []);
  const sorted = found.toSorted((a, b) => a.addedAt - b.addedAt || (a.chat < b.chat ? -1 : 1));
  const folders = roomFolders(sorted.map(({ sourceFolder }) => sourceFolder));
  const main = sorted.find(({ wantsMain, jid }) => wantsMain && jid !== undefined);
  return sorted.map(({ wantsMain, ...room }) => ({
    ...room,
    folder: folders.get(room.sourceFolder) ?? room.sourceFolder,
    requiresTrigger: room.requiresTrigger && !wantsMain,
    isMain: room.chat === main?.chat,
  }));
}

function roomOf(
  { source }: Sight,
  chat: string,
  row: unknown,
  { mainFolder, variant }: { readonly mainFolder: string; readonly variant: Variant },
): Found | undefined {
  const folder = textOf(firstOf(row, 'folder', 'group_folder'));
  if (chat.trim() === '' || folder === undefined) {
    source.tell('registered groups', 'one has no chat or no folder and was left out');
    return undefined;
  }
  tellMounts(source.tell, folder, firstOf(row, 'container_config', 'containerConfig'));
  const written = variant.jid(chat.trim());
  const jid = isChatId(written) ? normaliseChatId(written).jid : undefined;
  return {
    chat,
    key: jid ?? chat,
    jid,
    name: lineOf(valueAt(row, 'name')) ?? folder,
    sourceFolder: folder,
    trigger: lineOf(firstOf(row, 'trigger_pattern', 'trigger')),
    requiresTrigger: flagOf(firstOf(row, 'requires_trigger', 'requiresTrigger')) ?? true,
    wantsMain: flagOf(firstOf(row, 'is_main', 'isMain')) === true || folder === mainFolder,
    addedAt: instantOf(firstOf(row, 'added_at', 'addedAt')) ?? 0,
  };
}

/** Folders of the machine that an agent could see are told, never granted. */
function tellMounts(tell: Sight['source']['tell'], folder: string, config: unknown): void {
  const value =
    typeof config === 'string' ? readJson(config, (why) => tell(`container_config of ${folder}`, why)) : config;
  for (const mount of listOf(firstOf(value, 'additionalMounts', 'additional_mounts'))) {
    const path = lineOf(firstOf(mount, 'hostPath', 'host_path'));
    if (path !== undefined)
      tell(`room ${folder}`, `the mount of ${path} is not granted; MOUNT_ALLOWLIST_PATH names what may be`);
  }
}

/** The rooms as items; those of platforms that claw does not have are skipped. */
export function* roomItems(rooms: readonly FoundRoom[]): Generator<ImportedItem> {
  for (const room of rooms) {
    if (room.jid === undefined) {
      yield {
        kind: 'skipped',
        of: 'room',
        sourceId: room.chat,
        reason: `claw has no channel for ${platformOf(room.chat)}`,
      };
      continue;
    }
    const { jid, name, folder, requiresTrigger, isMain, sourceFolder } = room;
    const isUsable = room.trigger === undefined || isTrigger(room.trigger);
    const trigger = room.trigger === undefined || !isUsable ? {} : { trigger: room.trigger };
    if (!isUsable)
      yield {
        kind: 'remark',
        text: `${name} has a trigger that claw refuses: it is woken by the name of the assistant.`,
      };
    const remark =
      folder === sourceFolder.toLowerCase()
        ? {}
        : { remark: `Its folder ${JSON.stringify(sourceFolder)} is ${folder} here.` };
    yield { kind: 'room', sourceId: jid, jid, name, folder, requiresTrigger, isMain, ...trigger, ...remark };
  }
}

function isTrigger(text: string): boolean {
  try {
    requireTrigger(text);
    return true;
  } catch (error) {
    if (error instanceof ClawError) return false;
    throw error;
  }
}

const PLATFORMS: readonly (readonly [RegExp, string])[] = [
  [/@(g\.us|s\.whatsapp\.net|lid|broadcast)$/, 'WhatsApp'],
  [/^(signal|sig):/, 'Signal'],
  [/^(imessage|im):/, 'iMessage'],
  [/^(matrix|mx):/, 'Matrix'],
  [/^(gmail|email|mail):/, 'mail'],
  [/@local$/, 'chats of the command line'],
];

function platformOf(chat: string): string {
  return PLATFORMS.find(([pattern]) => pattern.test(chat))?.[1] ?? 'this kind of chat';
}
