/** Owns whose a task is: whether its owner and its room still stand for it, where its answers go, and how its owner hears of trouble. */
import { normaliseChatId } from '../conversations/chat-id.ts';
import { type Destination, queueOutgoing } from '../conversations/outgoing.ts';
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

/** Queues a notice for the chat of the task. Without a chat, the ledger and `claw task list` tell it. */
export async function tellOwner(
  tables: Pick<Tables, 'outbox' | 'rooms'>,
  task: TaskRow,
  text: string,
  now: number,
): Promise<void> {
  const to = destinationOfTask(task);
  if (to === undefined || !(await tables.rooms.isKnown(to.chatId))) return;
  await queueOutgoing(tables, to, { kind: 'notice', text: `_Task ${task.id}: ${text}_` }, now);
}
