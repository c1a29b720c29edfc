/** Owns how what people do with their conversations is put together: the turns, the list of them, and what could not be answered. */
import type { ChatService } from '../conversations/chat-service.ts';
import type { ConversationService } from '../conversations/conversation-service.ts';
import type { DeadLetters } from '../conversations/dead-letters.ts';
import type { ChatDeps } from '../conversations/prepare-turn.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';
import { buildChatDeps, type ChatParts } from './chat-deps.ts';

interface Needs {
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
}

export async function buildConversations({ clock, store }: Needs): Promise<ConversationService> {
  const { createConversationService } = await import('../conversations/conversation-service.ts');
  return createConversationService({ store: await store(), clock });
}

export async function buildDeadLetters({ clock, store }: Needs): Promise<DeadLetters> {
  const { createDeadLetters } = await import('../conversations/dead-letters.ts');
  return createDeadLetters({ store: await store(), clock });
}

export async function buildChat(chatDeps: () => Promise<ChatDeps>, log: () => Promise<Log>): Promise<ChatService> {
  const { createChatService } = await import('../conversations/chat-service.ts');
  const { logTurns } = await import('../conversations/log-turns.ts');
  return logTurns(createChatService(await chatDeps()), await log());
}

/** Every stored secret is known to the masker before the first turn. */
export async function buildDeps(parts: ChatParts, secrets: () => Promise<SecretService>): Promise<ChatDeps> {
  await (await secrets()).registerStored();
  return buildChatDeps(parts);
}
