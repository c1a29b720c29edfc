/** Owns the commands of people on chat platforms: what /start, /help, /reset, /usage, /stop and /pair answer. */
import type { User } from '../access/local-user.ts';
import type { PairingRequest, PairingService } from '../access/pairing.ts';
import { ClawError } from '../kernel/errors.ts';
import { type Catalogue, explain } from '../kernel/language/catalogue.ts';
import type { Store } from '../store/store.ts';

export interface ChatCommandDeps {
  readonly store: Store;
  readonly assistantName: string;
  /** The words of whoever asks. */
  readonly catalogue: Catalogue;
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
  const { chat } = deps.catalogue;
  switch (command.name.toLowerCase()) {
    case 'start':
      return chat.hello(deps.assistantName);
    case 'help':
      return helpText(chat.help, deps.assistantName, command.user);
    case 'reset':
      return isReader(command.user) ? chat.readOnly : reset(deps, command);
    case 'usage':
      return deps.usage(command.user);
    case 'stop':
      return isReader(command.user) ? chat.readOnly : stop(deps, command);
    case 'pair':
      return pair(deps, command);
    default:
      return undefined;
  }
}

/** Whoever may not talk here does not end what others talk about either. */
const isReader = ({ role }: User): boolean => role === 'readonly';

function helpText(help: Catalogue['chat']['help'], name: string, user: User): string {
  return [
    help.about(name),
    help.inRooms(name),
    '',
    help.reset,
    help.usage,
    help.stop,
    help.help,
    user.role === 'admin' ? help.pairCode : help.pair,
  ].join('\n');
}

async function reset({ store, ended, catalogue }: ChatCommandDeps, { place }: ChatCommand): Promise<string> {
  const old = await conversationOf(store, place);
  if (old !== undefined) await ended(old);
  if ('folder' in place) await store.rooms.setFolderConversation(place.folder, null);
  else await store.rooms.setDirectConversation(place.directChat, null);
  return catalogue.chat.newConversation;
}

async function stop({ store, interrupt, catalogue }: ChatCommandDeps, { place }: ChatCommand): Promise<string> {
  const id = await conversationOf(store, place);
  return id !== undefined && interrupt(id) ? catalogue.chat.stopped : catalogue.chat.notRunning;
}

async function conversationOf(store: Store, place: ChatCommand['place']): Promise<string | undefined> {
  const row =
    'folder' in place ? await store.rooms.folder(place.folder) : await store.rooms.directChat(place.directChat);
  return row?.conversation_id ?? undefined;
}

async function pair(deps: ChatCommandDeps, command: ChatCommand): Promise<string> {
  const { text, user } = command;
  const { chat } = deps.catalogue;
  const isAdmin = user.role === 'admin' && user.state === 'active';
  if (!isAdmin && text.trim() === '' && command.person !== undefined) return ownCode(deps, command.person);
  if (!isAdmin) return chat.onlyAdminPairs;
  if (text.trim() === '') return chat.writeCode;
  try {
    const { pairing: request, user: paired } = await (await deps.pairing()).approve(text, user);
    return chat.letIn(request.person_name, paired.username);
  } catch (error) {
    if (!(error instanceof ClawError)) throw error;
    const { message, hint } = explain(error, deps.catalogue);
    return hint === undefined ? message : `${message} ${hint}`;
  }
}

/** For those whom a setting lets in: a code by which they become the user that they are elsewhere. */
async function ownCode({ pairing, catalogue }: ChatCommandDeps, person: PairingRequest): Promise<string> {
  const offer = await (await pairing()).request(person);
  if (offer === undefined) return catalogue.chat.codeStillGood;
  return [catalogue.chat.yourCode(offer.code), `claw user pair approve ${offer.code} --user NAME`].join('\n');
}
