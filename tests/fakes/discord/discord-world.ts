/** Owns what the stand-in of Discord knows: users, channels, visible messages, ids. Written from the public documentation of the API, version 10. */

export interface WireUser {
  readonly id: string;
  readonly username: string;
  readonly global_name: string | null;
  readonly bot?: boolean;
}

export interface WireMessage {
  readonly id: string;
  readonly channel_id: string;
  readonly guild_id?: string;
  readonly author: WireUser;
  content: string;
  readonly timestamp: string;
  edited_timestamp: string | null;
  readonly type: number;
  readonly mentions: readonly WireUser[];
  readonly mention_roles: readonly string[];
  readonly attachments: readonly unknown[];
  readonly [key: string]: unknown;
}

/** One message of the assistant as people see it, and how it was sent. */
export interface Visible {
  readonly id: string;
  readonly channel: string;
  content: string;
  readonly nonce: string | undefined;
  readonly body: Record<string, unknown>;
  readonly files: readonly { readonly name: string; readonly type: string; readonly bytes: number }[];
}

export const TOKEN = 'bot-token-of-the-stand-in';
export const BOT: WireUser = { id: '900', username: 'claw-bot', global_name: 'Claw Bot', bot: true };
export const APPLICATION = '901';
export const GUILD = '500';
export const ROOM = '600';
export const OTHER_ROOM = '601';
export const DIRECT = '700';
export const ADA: WireUser = { id: '101', username: 'ada', global_name: 'Ada' };
export const BOB: WireUser = { id: '102', username: 'bob', global_name: null };

export class DiscordWorld {
  /** Everything said, by channel, oldest first. */
  readonly history = new Map<string, WireMessage[]>();
  /** What the assistant said and did not delete, in order. */
  readonly visible: Visible[] = [];
  /** Chats between one person and the assistant. */
  readonly direct = new Set([DIRECT]);
  readonly files = new Map<string, Buffer>();
  /** Milliseconds a nonce is remembered. */
  nonceMs = 5 * 60_000;
  readonly #nonces = new Map<string, { readonly at: number; readonly message: WireMessage }>();
  #lastId = 0n;

  /** Rising, unique, with the instant inside. */
  nextId(): string {
    const now = BigInt(Date.now() - 1_420_070_400_000) << 22n;
    this.#lastId = now > this.#lastId ? now : this.#lastId + 1n;
    return this.#lastId.toString();
  }

  message(
    channel: string,
    author: WireUser,
    content: string,
    more: Readonly<Record<string, unknown>> = {},
  ): WireMessage {
    const mentioned = [ADA, BOB, BOT].filter(({ id }) => new RegExp(`<@!?${id}>`).test(content));
    return {
      id: this.nextId(),
      channel_id: channel,
      ...(this.direct.has(channel) ? {} : { guild_id: GUILD }),
      author,
      content,
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      type: more['referenced_message'] === undefined ? 0 : 19,
      mentions: mentioned,
      mention_roles: [],
      attachments: [],
      ...more,
    };
  }

  keep(message: WireMessage): void {
    const said = this.history.get(message.channel_id) ?? [];
    said.push(message);
    this.history.set(message.channel_id, said);
  }

  /** The message an earlier request with this nonce made; undefined when there is none within the window. */
  byNonce(nonce: string): WireMessage | undefined {
    const known = this.#nonces.get(nonce);
    return known !== undefined && Date.now() - known.at <= this.nonceMs ? known.message : undefined;
  }

  rememberNonce(nonce: string, message: WireMessage): void {
    this.#nonces.set(nonce, { at: Date.now(), message });
  }
}
