/** Owns which conversation a run speaks in: its room's or its own, or a new one that touches neither. */
import { newConversation } from '../conversations/open-conversation.ts';
import type { Tables } from '../store/store.ts';
import type { TaskRow } from '../store/tasks-table.ts';

/** The id of the conversation, begun when there is none yet. Call inside a transaction. */
export async function conversationOf(tables: Tables, task: TaskRow, now: number): Promise<string> {
  const begin = async (ownerId: string, origin: string): Promise<string> => {
    const row = newConversation({ ownerId, title: task.prompt ?? task.name, origin }, now);
    await tables.conversations.insert(row);
    return row.id;
  };
  if (task.context === 'isolated') return begin(task.owner_id, 'task');
  if (task.chat_id === null) {
    if (task.conversation_id !== null) return task.conversation_id;
    const id = await begin(task.owner_id, 'task');
    await tables.tasks.update(task.id, { conversation_id: id });
    return id;
  }
  const room = await tables.rooms.find(task.chat_id);
  const folder = room === undefined ? undefined : await tables.rooms.folder(room.folder);
  if (room !== undefined && folder !== undefined) {
    if (folder.conversation_id !== null) return folder.conversation_id;
    const id = await begin(folder.owner_id, room.channel);
    await tables.rooms.setFolderConversation(room.folder, id);
    return id;
  }
  const direct = await tables.rooms.directChat(task.chat_id);
  if (direct?.conversation_id != null) return direct.conversation_id;
  const id = await begin(task.owner_id, direct?.channel ?? 'task');
  if (direct !== undefined) await tables.rooms.setDirectConversation(task.chat_id, id);
  return id;
}
