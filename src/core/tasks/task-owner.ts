/** Owns whose a task is: whether its owner and its room still stand for it, where its answers go, and how its owner hears of trouble. */
import { normaliseChatId } from '../conversations/chat-id.ts';
import { type Destination, queueOutgoing } from '../conversations/outgoing.ts';
import { tellPerson } from '../conversations/tell-person.ts';
import type { Catalogue } from '../kernel/language/catalogue.ts';
import { inWords, phrase, type Phrase } from '../kernel/language/phrase.ts';
import type { Tables } from '../store/store.ts';
import type { TaskRow } from '../store/tasks-table.ts';

/** Why the task may not run any more; undefined when it may. */
export async function refusalOf(
  { users, rooms }: Pick<Tables, 'users' | 'rooms'>,
  task: Pick<TaskRow, 'owner_id' | 'chat_id'>,
): Promise<string | undefined> {
  const owner = await users.byId(task.owner_id);
  if (owner === undefined) return 'its owner is gone';
  if (owner.state !== 'active') return `its owner ${owner.username} is disabled`;
  if (owner.role === 'readonly') return `its owner ${owner.username} may not chat any more`;
  if (task.chat_id !== null && !(await rooms.isKnown(task.chat_id))) return `its room ${task.chat_id} is gone`;
  return undefined;
}

/** The chat that gets what the task says; undefined: it is kept in the ledger. */
export function destinationOfTask({ chat_id: chatId }: Pick<TaskRow, 'chat_id'>): Destination | undefined {
  return chatId === null ? undefined : { channel: normaliseChatId(chatId).channel, chatId };
}

/** Tells of trouble in the room of the task; without one, in a direct chat of its owner, once per `key`. `claw task list` and the ledger tell it in any case. */
export async function tellOwner(
  tables: Pick<Tables, 'outbox' | 'rooms' | 'users'>,
  task: TaskRow,
  { text, key, now }: { readonly text: Phrase; readonly key: string; readonly now: number },
  { phrases }: Catalogue,
): Promise<void> {
  const notice = `_${inWords(phrase('taskNews', task.name, text), phrases)}_`;
  const to = destinationOfTask(task);
  if (to !== undefined && (await tables.rooms.isKnown(to.chatId))) {
    await queueOutgoing(tables, to, { kind: 'notice', text: notice }, now);
  } else {
    await tellPerson(tables, { userId: task.owner_id, text: notice, key: `task ${task.id} ${key}`, now });
  }
}

/** Tells of a failed run, once in a row of failures. */
export async function tellFailure(
  tables: Pick<Tables, 'outbox' | 'rooms' | 'users'>,
  task: TaskRow,
  {
    text,
    failures,
    failingSince,
    now,
  }: { readonly text: Phrase; readonly failures: number; readonly failingSince: number; readonly now: number },
  catalogue: Catalogue,
): Promise<void> {
  // A person who has no chat yet is told at a later failure of the row; a room is there from the first.
  if (failures > 1 && task.chat_id !== null) return;
  await tellOwner(tables, task, { text, key: `fails since ${failingSince}`, now }, catalogue);
}
