/** Owns what people of chat platforms may do besides talking: be known, ask to be let in, give commands, and answer requests for approval. */
import type { User } from '../access/local-user.ts';
import type { PairingRequest, PairingService } from '../access/pairing.ts';
import { personOf } from '../access/people.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import { type Catalogue, explain } from '../kernel/language/catalogue.ts';
import type { Store } from '../store/store.ts';
import type { ApprovalService } from './approvals.ts';
import type { ButtonPress, IncomingMessage } from './channel-messages.ts';
import { answerCommand } from './chat-commands.ts';
import { endConversation } from './learning/end-conversation.ts';
import { type GateRules, isAllowed } from './gate.ts';
import { directChatOf } from './places.ts';

export interface PlatformPeopleDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly approvals: () => Promise<ApprovalService>;
  readonly pairing: () => Promise<PairingService>;
  readonly replies: {
    readonly assistantName: () => string;
    /** The words people are spoken to in. */
    readonly catalogue: () => Catalogue;
    /** What a user used, and what is left of their budgets. */
    readonly usage: (user: User) => Promise<string>;
    /** Whether claw learns from conversations that have ended. */
    readonly isLearning: () => boolean;
  };
}

export function createPlatformPeople(deps: PlatformPeopleDeps) {
  const { store, clock, approvals } = deps;
  const { assistantName, catalogue, usage, isLearning } = deps.replies;
  const ended = async (conversationId: string): Promise<void> => {
    if (isLearning()) await endConversation({ store, clock }, conversationId);
  };
  const known = ({ channel, sender }: Pick<IncomingMessage, 'channel' | 'sender'>, allowed: boolean) =>
    personOf({ store, clock }, { channel, senderId: sender.id, name: sender.name, isAllowed: allowed });
  return {
    personOf: known,

    /** A pairing code; empty when they had enough of them. */
    async greetStranger(message: IncomingMessage): Promise<string> {
      const offer = await (await deps.pairing()).request(pairingRequest(message));
      return offer === undefined
        ? ''
        : greeting(catalogue(), assistantName(), offer.code, offer.expiresAt - clock.now());
    },

    /** The answer to a command; undefined for one that is none of claw's. */
    async command(
      message: IncomingMessage,
      user: User,
      interrupt: (conversationId: string) => boolean,
    ): Promise<string | undefined> {
      if (message.command === undefined) return undefined;
      const room = await store.rooms.find(message.chat);
      const place = room === undefined ? { directChat: directChatOf(message, user) } : { folder: room.folder };
      const { pairing } = deps;
      const answering = {
        store,
        assistantName: assistantName(),
        catalogue: catalogue(),
        pairing,
        usage,
        interrupt,
        ended,
      };
      const person = message.isDirect ? { person: pairingRequest(message) } : {};
      return answerCommand(answering, { ...message.command, user, place, ...person });
    },

    /** Answers a press on a button of a request for approval. */
    async press(press: ButtonPress, rules: GateRules): Promise<string> {
      const user = await known(press, isAllowed(rules, { ...press, isDirect: false }));
      const texts = catalogue();
      const { chat } = texts;
      if (user === undefined) return chat.unknownPerson;
      const [, verb, id] = /^(approve|deny):(\S+)$/.exec(press.value) ?? [];
      if (id === undefined) return chat.deadButton;
      try {
        const isApproved = verb === 'approve';
        await (
          await approvals()
        ).decide(id, {
          isApproved,
          scope: 'once',
          by: user.id,
          via: 'channel',
          from: `${press.channel}:${press.sender.id}`,
        });
        return isApproved ? chat.allowedOnce : chat.denied;
      } catch (error) {
        return error instanceof ClawError ? explain(error, texts).message : chat.didNotWork(toError(error).name);
      }
    },
  };
}

const pairingRequest = ({ channel, sender, chat }: IncomingMessage): PairingRequest => ({
  channel,
  personId: sender.id,
  name: sender.name,
  chat,
});

function greeting({ chat: { stranger } }: Catalogue, name: string, code: string, forMs: number): string {
  const minutes = Math.round(forMs / 60_000);
  return [stranger.hello(name), stranger.tellCode(code), stranger.goodFor(minutes, code)].join('\n');
}
