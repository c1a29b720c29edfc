/** Owns how a message of a platform becomes the parts that the model gets: in a room every message is fenced with its sender, alone with the assistant it is plain words. */
import type { Clock } from '../kernel/clock.ts';
import type { Part, TextPart } from '../kernel/messages.ts';
import type { Store } from '../store/store.ts';
import type { IncomingMessage } from './channel-messages.ts';
import { formatRoomMessage } from './format-room-messages.ts';
import type { GateDecision } from './intake.ts';
import { wordsPart } from './message-parts.ts';
import { type AttachmentDeps, readAttachments } from './read-attachments.ts';

export interface PlatformPartsDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** IANA zone of the conversation's dates. */
  readonly zone: string;
  readonly context: (now: number) => TextPart;
  readonly attachments: AttachmentDeps;
}

/** The parts of one message, its attachments fetched. */
export async function platformParts(
  deps: PlatformPartsDeps,
  message: IncomingMessage,
  decision: Extract<GateDecision, { kind: 'turn' | 'context' }>,
): Promise<Part[]> {
  const { mask } = deps.attachments;
  const user = await deps.store.users.byId(decision.userId);
  const context = decision.kind === 'turn' ? [deps.context(deps.clock.now())] : [];
  const text = message.isDirect
    ? directText(message)
    : formatRoomMessage(
        {
          senderName: message.sender.name,
          sentAt: message.sentAt,
          text: message.text,
          isContext: decision.kind === 'context',
          ...(message.replyTo === undefined ? {} : { quoted: message.replyTo }),
        },
        deps.zone,
      );
  return [
    ...context,
    ...(await readAttachments(deps.attachments, message)),
    wordsPart(mask, text, user?.role ?? 'user'),
  ];
}

/** The words, after the message they answer when it is quoted. */
function directText({ text, replyTo }: IncomingMessage): string {
  if (replyTo === undefined || replyTo.text === '') return text;
  const quoted = replyTo.text.replaceAll(/\n/g, '\n> ');
  return `> ${replyTo.author}: ${quoted}\n\n${text}`;
}
