/** Owns the vocabulary between chat platforms and the one way in: what came from a platform, what goes to one, and what is known of a try to send. Plain data; no platform is named here. */

/** Name of a platform: `telegram`, `discord` or `slack`. */
export type ChannelName = string;

/** A place on a platform, `tg:-100123`, `dc:123456`, `slack:C0123`; in rows and commands it is called a jid, as the parents call it. */
export type ChatId = string;

export interface Sender {
  /** The platform's own id of the person. */
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  /** The assistant itself. */
  readonly isSelf: boolean;
}

/** A file that came with a message; its bytes are fetched later, by `Channel.fetchAttachment`. */
export interface IncomingAttachment {
  /** What the adapter needs to fetch it: a file id or an address. JSON-safe. */
  readonly ref: string;
  readonly name: string;
  /** Media type as the platform says; `application/octet-stream` when it does not. */
  readonly mediaType: string;
  /** Bytes, when the platform says. */
  readonly size?: number;
}

export interface QuotedMessage {
  readonly externalId: string;
  readonly author: string;
  readonly text: string;
  /** True when the assistant wrote it. */
  readonly isOwn: boolean;
}

/** One message of a person, as an adapter hands it in. */
export interface IncomingMessage {
  readonly channel: ChannelName;
  readonly chat: ChatId;
  readonly chatTitle?: string;
  /** A conversation between one person and the assistant. */
  readonly isDirect: boolean;
  /** Server or workspace around the chat (a Discord guild, a Slack team). */
  readonly space?: string;
  /** The platform's id of the message, unique within its chat. */
  readonly externalId: string;
  readonly sender: Sender;
  /** The words, the raw token of a mention replaced by `@` and the mentioned name. */
  readonly text: string;
  /** The platform says that the assistant was mentioned. */
  readonly isMention: boolean;
  readonly replyTo?: QuotedMessage;
  /** A thread inside the chat, for platforms that have them; answers go into it. */
  readonly thread?: string;
  readonly attachments: readonly IncomingAttachment[];
  /** A command of the platform such as `/help`, without its slash and prefix: `help`, `reset`, `usage`, `start`, `stop`. */
  readonly command?: { readonly name: string; readonly text: string };
  /** Milliseconds UTC, by the platform's clock. */
  readonly sentAt: number;
}

/** A press on a button that claw sent. */
export interface ButtonPress {
  readonly channel: ChannelName;
  readonly chat: ChatId;
  readonly sender: Sender;
  /** `value` of the button. */
  readonly value: string;
}

/** Where adapters hand in what happens. Each promise resolves once it is stored: only then may the adapter acknowledge it. */
export interface ChannelInbox {
  message(message: IncomingMessage): Promise<void>;
  edited(change: {
    readonly channel: ChannelName;
    readonly chat: ChatId;
    readonly externalId: string;
    readonly text: string;
  }): Promise<void>;
  deleted(change: { readonly channel: ChannelName; readonly chat: ChatId; readonly externalId: string }): Promise<void>;
  /** The platform gave a chat another id, `to`. */
  moved(change: { readonly channel: ChannelName; readonly chat: ChatId; readonly to: ChatId }): Promise<void>;
  /** Resolves to a short text for the person who pressed. */
  pressed(press: ButtonPress): Promise<string>;
}

export interface MessageButton {
  readonly label: string;
  /** At most 60 bytes: what comes back as `ButtonPress.value`. */
  readonly value: string;
}

/** One message to send; it already fits the platform's limit. */
export interface OutgoingMessage {
  /** Id of the outbox row, the same at every try: the nonce where a platform takes one. A UUID. */
  readonly id: string;
  readonly chat: ChatId;
  readonly thread?: string;
  /** Markdown as models write it; the adapter renders it and disarms pings. */
  readonly text: string;
  /** The message it answers. */
  readonly replyTo?: string;
  readonly buttons?: readonly MessageButton[];
  readonly file?: { readonly name: string; readonly mediaType: string; readonly path: string };
  /** 1 for the first try. */
  readonly attempt: number;
}

/**
 * What is known after a failed try.
 * - `not-sent`: the platform surely did not take it (refused, limited, no connection); it may be tried again.
 * - `unknown`: it may have been taken (the answer never came).
 * - `rejected`: it never will be (blocked, chat gone, malformed).
 */
export type DeliveryFailureKind = 'not-sent' | 'unknown' | 'rejected';

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly kind: DeliveryFailureKind;
  /** Milliseconds the platform asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: DeliveryFailureKind, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}
