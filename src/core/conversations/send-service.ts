/** Owns what the assistant sends by itself: into the chat it is in; from the main room or to an admin alone, into any chat that is known. A refusal is told, never turned into another chat. */
import { z } from 'zod';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Store } from '../store/store.ts';
import type { Service } from '../tools/call-tool.ts';
import { withoutInternal } from '../agent/visible-text.ts';
import type { OutgoingMessage } from './channel-messages.ts';
import { normaliseChatId } from './chat-id.ts';
import { queueOutgoing } from './outgoing.ts';

/** Makes a file of the workspace ready to be sent. */
export type AttachFile = (path: string) => Promise<NonNullable<OutgoingMessage['file']>>;

interface SendDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly attach: AttachFile;
}

const QUESTION = z.strictObject({
  text: z.string().max(20_000).default(''),
  chat: z.string().max(100).optional(),
  file: z.string().min(1).max(1000).optional(),
});

/** The service `send`: `message({text?, chat?, file?})` gives `{queued, chat}`; absent `chat` is the chat of the conversation. */
export function createSendService(deps: SendDeps): Service {
  return async (method, args, { call, tool }) => {
    if (method !== 'message')
      throw new ClawError('sandbox-refused', `the service send cannot ${JSON.stringify(method)}`);
    const read = QUESTION.safeParse(args);
    if (!read.success)
      throw new ClawError('data-invalid', `the message does not fit: ${read.error.issues[0]?.message ?? ''}`);
    const text = withoutInternal(read.data.text).trim();
    if (text === '' && read.data.file === undefined) return { queued: [], chat: null };
    const chat = await allowedChat(deps.store, call, read.data.chat);
    const { channel } = normaliseChatId(chat);
    const { conversationId } = call;
    const turnId = call.turnId ?? null;
    const file = read.data.file === undefined ? {} : { file: await deps.attach(read.data.file) };
    const queued = await deps.store.transaction((tables) =>
      queueOutgoing(
        tables,
        { channel, chatId: chat },
        { kind: 'sent', text, conversationId, turnId, ...file },
        deps.clock.now(),
      ),
    );
    return { queued, chat, by: tool.name };
  };
}

/** The chat to send to. Throws `permission-denied` for one that this conversation may not write to, and for one nobody knows. */
async function allowedChat(
  { rooms, users }: Store,
  call: { readonly conversationId: string | null; readonly userId: string },
  wanted: string | undefined,
): Promise<string> {
  const own = call.conversationId === null ? [] : await rooms.placesOf(call.conversationId);
  const [first] = own;
  if (wanted === undefined) {
    if (first !== undefined) return first.jid;
    throw new ClawError('permission-denied', 'this conversation is in no chat; name the chat to send to');
  }
  const { jid } = normaliseChatId(wanted);
  if (own.some((place) => place.jid === jid)) return jid;
  const isRoom = own.some((place) => place.isRoom);
  const isMain = own.some((place) => place.isMain);
  const isAdmin = (await users.byId(call.userId))?.role === 'admin';
  if (!isAdmin || (isRoom && !isMain))
    throw new ClawError('permission-denied', `this conversation may send to its own chat only, not to ${jid}`);
  if (await rooms.isKnown(jid)) return jid;
  throw new ClawError('permission-denied', `${jid} is no chat that is registered or has written before`);
}
