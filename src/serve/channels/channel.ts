/** Owns the port to a chat platform. An adapter translates and nothing else: who may talk, what is answered and what is tried again is decided elsewhere. */
import type { Settings } from '../../core/config/load-settings.ts';
import type {
  ChannelInbox,
  ChannelName,
  ChatId,
  IncomingAttachment,
  OutgoingMessage,
} from '../../core/conversations/channel-messages.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import type { Log } from '../../core/kernel/log.ts';

export type ChannelState = 'stopped' | 'connecting' | 'connected' | 'failed';

export interface ChannelStatus {
  readonly state: ChannelState;
  /** Name of the assistant on the platform, once known. */
  readonly account?: string;
  /** Why it is not connected. */
  readonly detail?: string;
}

export interface Channel {
  readonly name: ChannelName;
  /** Connects and keeps the connection (reconnecting by itself, with back-off) until `stop`. Resolves when the platform knows us; rejects with `auth-rejected` for a wrong token, `upstream-failed` when it cannot be reached now. */
  start(inbox: ChannelInbox): Promise<void>;
  /** Takes nothing in any more; resolves when what was taken in is stored. Sending still works until `close`. */
  stopIntake(): Promise<void>;
  close(): Promise<void>;
  status(): ChannelStatus;
  /** True where sending the same id twice within a few minutes leaves one message. */
  readonly takesNonce?: boolean;
  /** Asks the platform who we are, without starting. Throws `ClawError` saying what is wrong. */
  test(signal: AbortSignal): Promise<{ readonly account: string }>;
  /** Sends one message, once. Returns the platform's id of it. Throws `DeliveryError`. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<{ readonly externalId: string }>;
  /** Replaces the text of a message of ours; repeating it does no harm. Throws `DeliveryError`. Left out where a platform cannot. */
  edit?(chat: ChatId, externalId: string, text: string, signal: AbortSignal): Promise<void>;
  /** The id under which an earlier try of this message arrived; undefined when it surely did not. Throws `DeliveryError` when it cannot be told now. Left out where a platform cannot tell. */
  findSent?(message: OutgoingMessage, signal: AbortSignal): Promise<string | undefined>;
  /** Shows for a few seconds that an answer is being written. Failures do not matter. */
  typing?(chat: ChatId, thread: string | undefined): Promise<void>;
  /** Bytes of an attachment. Throws `limit-reached` when there are more than `maxBytes`. */
  fetchAttachment(attachment: IncomingAttachment, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** What every adapter may be made from. */
export interface ChannelContext {
  readonly settings: Settings;
  /** A secret by its setting's name; undefined when it is not set. */
  readonly secret: (name: string) => Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  /** The chats of a platform and the platform's id of the last message stored of each, for platforms that do not bring back by themselves what was said while nobody listened. */
  readonly lastMessages?: (
    channel: ChannelName,
  ) => Promise<readonly { readonly chat: ChatId; readonly lastId: string }[]>;
}
