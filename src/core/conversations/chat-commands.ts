/** Owns the commands of people on chat platforms: what /start, /help, /reset, /usage, /stop and /pair answer. */
import type { User } from '../access/local-user.ts';
import type { PairingRequest, PairingService } from '../access/pairing.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Store } from '../store/store.ts';

export interface ChatCommandDeps {
  readonly store: Store;
  readonly assistantName: string;
  readonly pairing: () => Promise<Pick<PairingService, 'approve' | 'request'>>;
  /** What a user used, and what is left of their budgets. */
  readonly usage: (user: User) => Promise<string>;
  /** Interrupts the turn of a conversation; false when none runs. */
  readonly interrupt: (conversationId: string) => boolean;
  /** Hears that a conversation has ended. */
  readonly ended: (conversationId: string) => Promise<void>;
}

export interface ChatCommand {
  /** Without its slash. */
  readonly name: string;
  /** What follows it. */
  readonly text: string;
  readonly user: User;
  /** Where its conversation is kept: the folder of a room, or the row of a chat without one. */
  readonly place: { readonly folder: string } | { readonly directChat: string };
  /** Who asks, when they do it alone with the assistant. */
  readonly person?: PairingRequest;
}

/** The answer to a command; undefined when it is none of claw's, so that it is read as a message. */
export async function answerCommand(deps: ChatCommandDeps, command: ChatCommand): Promise<string | undefined> {
  switch (command.name.toLowerCase()) {
    case 'start':
      return `Hello, I am ${deps.assistantName}. Write to me, or send /help to see what I can do.`;
    case 'help':
      return helpText(deps.assistantName, command.user);
    case 'reset':
      return isReader(command.user) ? READ_ONLY : reset(deps, command);
    case 'usage':
      return deps.usage(command.user);
    case 'stop':
      return isReader(command.user) ? READ_ONLY : stop(deps, command);
    case 'pair':
      return pair(deps, command);
    default:
      return undefined;
  }
}

/** Whoever may not talk here does not end what others talk about either. */
const READ_ONLY = 'You may read here, but not talk to the assistant.';
const isReader = ({ role }: User): boolean => role === 'readonly';

function helpText(name: string, user: User): string {
  const lines = [
    `I am ${name}. I answer questions, read the files and pictures you send, look things up, and use my tools when a task needs them.`,
    `In a room, begin with @${name}, mention me, or reply to me.`,
    '',
    '/reset – begin a new conversation',
    '/usage – what you used today and this month, and your budgets',
    '/stop – stop what I am doing',
    '/help – this text',
  ];
  const isAdmin = user.role === 'admin';
  lines.push(
    isAdmin ? '/pair CODE – let someone in who got a pairing code' : '/pair – a code to be known as another user',
  );
  return lines.join('\n');
}

async function reset({ store, ended }: ChatCommandDeps, { place }: ChatCommand): Promise<string> {
  const old = await conversationOf(store, place);
  if (old !== undefined) await ended(old);
  if ('folder' in place) await store.rooms.setFolderConversation(place.folder, null);
  else await store.rooms.setDirectConversation(place.directChat, null);
  return 'A new conversation begins. What was said before is kept, but I no longer see it.';
}

async function stop({ store, interrupt }: ChatCommandDeps, { place }: ChatCommand): Promise<string> {
  const id = await conversationOf(store, place);
  return id !== undefined && interrupt(id) ? 'Stopped.' : 'I am not doing anything right now.';
}

async function conversationOf(store: Store, place: ChatCommand['place']): Promise<string | undefined> {
  const row =
    'folder' in place ? await store.rooms.folder(place.folder) : await store.rooms.directChat(place.directChat);
  return row?.conversation_id ?? undefined;
}

async function pair(deps: ChatCommandDeps, command: ChatCommand): Promise<string> {
  const { text, user } = command;
  const isAdmin = user.role === 'admin' && user.state === 'active';
  if (!isAdmin && text.trim() === '' && command.person !== undefined) return ownCode(deps, command.person);
  if (!isAdmin) return 'Permission denied: only an admin may let people in.';
  if (text.trim() === '') return 'Write the code after it: /pair K7QM-3WXD';
  try {
    const { pairing: request, user: paired } = await (await deps.pairing()).approve(text, user);
    return `${request.person_name} may talk to me now, as ${paired.username}.`;
  } catch (error) {
    if (error instanceof ClawError) return [error.message, error.hint].filter((part) => part !== undefined).join(' ');
    throw error;
  }
}

/** For those whom a setting lets in: a code by which they become the user that they are elsewhere. */
async function ownCode({ pairing }: ChatCommandDeps, person: PairingRequest): Promise<string> {
  const offer = await (await pairing()).request(person);
  if (offer === undefined) return 'You got a code not long ago; it is still good, or wait a while.';
  return [
    `Your code is ${offer.code}. An admin makes you the user NAME with:`,
    `claw user pair approve ${offer.code} --user NAME`,
  ].join('\n');
}
