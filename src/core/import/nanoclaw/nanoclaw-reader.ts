/** Owns reading a home of NanoClaw (1 and 2) or of RustClaw: the order of its parts. */
import { roomMessageFormat } from '../../conversations/format-room-messages.ts';
import { parseEnv } from '../../config/env-file.ts';
import { entriesOf, firstOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import { envItems } from '../env-settings.ts';
import type { ImportedItem } from '../imported.ts';
import type { Reader, Source } from '../reader.ts';
import { fileJson, fileText, type Sight } from '../source-files.ts';
import { peopleItems } from './people.ts';
import { instructionItems, sessionItems, skillItems } from './room-files.ts';
import { findRooms, roomItems } from './rooms.ts';
import { SECOND_DATABASE, secondRooms, secondTalk, secondTasks } from './second-version.ts';
import { talkItems } from './talk.ts';
import { taskItems } from './tasks.ts';
import { NANOCLAW, RUSTCLAW, type Variant } from './variant.ts';

const DATABASE = 'store/messages.db';
/** NanoClaw keeps them in ~/.config/nanoclaw; they are read when they were put into the folder. */
const LIST_FOLDERS = ['.config/nanoclaw', 'config', 'store', '.'];

export const nanoclawReader = readerOf(NANOCLAW);
export const rustclawReader = readerOf(RUSTCLAW);

function readerOf(variant: Variant): Reader {
  return {
    source: variant.source,
    label: variant.label,
    look: (source) => look(source, variant),
    read: (source, limits, signal) => read({ source, limits, signal }, variant),
  };
}

async function look({ files }: Source, variant: Variant): Promise<{ score: number }> {
  const there = async (path: string): Promise<number> => ((await files.facts(path)) === undefined ? 0 : 1);
  const score =
    2 * ((await there(DATABASE)) + (await there('data/registered_groups.json'))) +
    (await there('groups')) +
    2 * (await there(SECOND_DATABASE));
  if (score === 0) return { score };
  const isRust = (await there('Cargo.toml')) === 1;
  return { score: isRust === (variant === RUSTCLAW) ? score + 2 : score };
}

async function* read(sight: Sight, variant: Variant): AsyncGenerator<ImportedItem> {
  const env = (await fileText(sight, '.env')) ?? '';
  const values = new Map(parseEnv(Buffer.from(env)).map(({ name, value }) => [name, value]));
  const assistantName = lineOf(values.get('ASSISTANT_NAME')) ?? 'Andy';
  const zone = zoneOf(values.get('TZ') ?? values.get('TIMEZONE'));
  const format = roomMessageFormat(zone ?? 'UTC');
  const database = await sight.source.database(DATABASE);
  const mainFolder = lineOf(values.get('MAIN_GROUP_FOLDER')) ?? 'main';
  const first = await findRooms(sight, database, { mainFolder, variant });
  const second = variant === NANOCLAW ? await sight.source.database(SECOND_DATABASE) : undefined;
  // A home that went on with the second version has its rooms there.
  const later = second === undefined ? [] : secondRooms(second);
  const rooms = [...later, ...first.filter(({ key }) => !later.some((room) => room.key === key))];
  yield* instructionItems(sight, rooms, variant);
  yield* roomItems(rooms);
  if (database !== undefined) yield* talkItems(sight, database, { variant, rooms, assistantName, format });
  if (second !== undefined) yield* secondTalk(sight, second, { rooms, zone, format });
  yield* sessionItems(sight, rooms, variant);
  if (database !== undefined) yield* taskItems(sight, database, { variant, zone });
  if (second !== undefined) yield* secondTasks(sight, second, { rooms, zone, format });
  yield* skillItems(sight, rooms, variant);
  if (!values.has('ASSISTANT_NAME')) {
    yield { kind: 'setting', sourceId: 'ASSISTANT_NAME', name: 'ASSISTANT_NAME', value: assistantName };
  }
  yield* envItems(env, '.env');
  yield* peopleItems(database, rooms, variant);
  await tellLists(sight);
}

function zoneOf(name: string | undefined): string | undefined {
  try {
    return name === undefined
      ? undefined
      : new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** Who and what was allowed there is told, and granted by nobody but the person. */
async function tellLists(sight: Sight): Promise<void> {
  const { tell } = sight.source;
  for (const folder of LIST_FOLDERS) {
    const mounts = `${folder}/mount-allowlist.json`;
    for (const root of listOf(valueAt(await fileJson(sight, mounts), 'allowedRoots'))) {
      const path = lineOf(valueAt(root, 'path'));
      if (path !== undefined)
        tell(mounts, `the folder ${path} is not granted; MOUNT_ALLOWLIST_PATH names what may be mounted`);
    }
    const senders = `${folder}/sender-allowlist.json`;
    const list = await fileJson(sight, senders);
    const chats = [['every chat', valueAt(list, 'default')] as const, ...entriesOf(valueAt(list, 'chats'))];
    for (const [chat, rule] of chats) {
      const people = listOf(firstOf(rule, 'allow')).flatMap((id) => textOf(id) ?? []);
      if (people.length > 0)
        tell(senders, `${people.slice(0, 50).join(', ')} might talk in ${chat}; nobody is let in by an import`);
    }
  }
}
