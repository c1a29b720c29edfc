/** Owns the way in from chat platforms: a message is stored before anything else happens to it, looked at once, and ends in a state with a reason. Messages of one chat are looked at in the order they came. */
import { createHash } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { toError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Part } from '../kernel/messages.ts';
import type { InboundRow, NewInbound } from '../store/inbound-table.ts';
import type { Store } from '../store/store.ts';
import type { ButtonPress, ChannelInbox, ChannelName, ChatId, IncomingMessage } from './channel-messages.ts';
import { destinationOf } from './close-turn.ts';
import { queueOutgoing } from './outgoing.ts';
import { receivedRow } from './received-row.ts';

/** What becomes of a message. */
export type GateDecision =
  | { readonly kind: 'ignore'; readonly reason: string }
  /** Answered without a turn. An empty text says nothing. */
  | { readonly kind: 'reply'; readonly text: string; readonly reason: string; readonly userId?: string }
  /** Waits as context for the next message that starts a turn. */
  | { readonly kind: 'context'; readonly conversationId: string; readonly userId: string; readonly reason: string }
  | { readonly kind: 'turn'; readonly conversationId: string; readonly userId: string };

export interface IntakeDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly door: IntakeDoor;
  readonly onReady: (ready: { readonly conversationId?: string; readonly hasOutbox?: boolean }) => void;
}

/** What intake asks of those who know people, rooms and files. */
export interface IntakeDoor {
  decide(message: IncomingMessage): Promise<GateDecision>;
  /** The message as the model gets it. */
  parts(message: IncomingMessage, decision: Extract<GateDecision, { kind: 'turn' | 'context' }>): Promise<Part[]>;
  /** Answers a press on a button with a short text. */
  press(press: ButtonPress): Promise<string>;
  /** Hides what looks like a secret, in every string. */
  maskJson<T>(value: T): T;
}

interface Place {
  readonly channel: ChannelName;
  readonly chat: ChatId;
  readonly externalId: string;
}

export class Intake implements ChannelInbox {
  readonly #deps: IntakeDeps;
  /** The end of each chat's line. */
  readonly #lines = new Map<ChatId, Promise<void>>();

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** Looks at what another process stored, be it that it died, be it that it wanted this one to see it. */
  async look(): Promise<void> {
    for (const row of await this.#deps.store.inbound.received()) this.#line(row);
  }

  /** Resolves when everything stored so far was looked at. */
  async settled(): Promise<void> {
    await Promise.all(this.#lines.values());
  }

  async message(message: IncomingMessage): Promise<void> {
    const row = this.#row(message, message.externalId);
    if (await this.#deps.store.inbound.insertOnce(row)) this.#line(row);
  }

  /** A message that no turn has taken yet is replaced; one that was used is followed by what it says now. */
  async edited({ text, ...place }: Place & { readonly text: string }): Promise<void> {
    const { store } = this.#deps;
    const found = await store.inbound.byExternal({ ...place, chatId: place.chat });
    if (found?.payload == null) return;
    const before = JSON.parse(found.payload) as IncomingMessage;
    if (before.text === text) return;
    const message = this.#deps.door.maskJson({ ...before, text });
    for (const state of ['received', 'context', 'queued'] as const) {
      const change = { payload: JSON.stringify(message), state: 'received' as const, parts: '[]' };
      if (!(await store.inbound.change(found.id, state, change))) continue;
      const changed = await store.inbound.byId(found.id);
      if (changed !== undefined) this.#line(changed);
      return;
    }
    if (found.state !== 'started' && found.state !== 'joined') return;
    const later: IncomingMessage = { ...message, text: `(edited) ${text}`, isMention: false, attachments: [] };
    const row = this.#row(later, `${place.externalId}#${fingerprint(text)}`);
    if (!(await store.inbound.insertOnce({ ...row, reason: EDITED }))) return;
    this.#line(row);
  }

  async deleted(place: Place): Promise<void> {
    const { store, clock } = this.#deps;
    const found = await store.inbound.byExternal({ ...place, chatId: place.chat });
    if (found === undefined) return;
    const gone = { state: 'dropped' as const, reason: 'deleted by its sender', settled_at: clock.now() };
    for (const state of ['received', 'context', 'queued'] as const) {
      if (await store.inbound.change(found.id, state, gone)) return;
    }
  }

  async moved({ chat, to }: { readonly chat: ChatId; readonly to: ChatId }): Promise<void> {
    const { store, log, onReady } = this.#deps;
    await store.transaction(({ rooms }) => rooms.moveChat(chat, to));
    log.info({ chat, to }, 'a chat has another id');
    onReady({ hasOutbox: true });
  }

  pressed(press: ButtonPress): Promise<string> {
    return this.#deps.door.press(press);
  }

  #row(message: IncomingMessage, externalId: string): NewInbound {
    return receivedRow(this.#deps.door.maskJson(message), externalId, this.#deps.clock.now());
  }

  #line(row: Pick<InboundRow, 'id' | 'chat_id'>): void {
    const chat = row.chat_id ?? '';
    const before = this.#lines.get(chat) ?? Promise.resolve();
    const mine = before.then(() => this.#look(row));
    this.#lines.set(chat, mine);
    void mine.then(() => {
      if (this.#lines.get(chat) === mine) this.#lines.delete(chat);
    });
  }

  async #look(row: Pick<InboundRow, 'id'>): Promise<void> {
    try {
      await this.#settle(row);
    } catch (error) {
      const reason = toError(error).message;
      this.#deps.log.error({ message: row.id, error: reason }, 'a message could not be looked at');
      const change = { state: 'failed' as const, reason, settled_at: this.#deps.clock.now() };
      await this.#deps.store.inbound.change(row.id, 'received', change).catch(() => false);
    }
  }

  async #settle({ id }: Pick<InboundRow, 'id'>): Promise<void> {
    const { store, clock, door, log, onReady } = this.#deps;
    const row = await store.inbound.byId(id);
    if (row?.state !== 'received') return;
    const message = JSON.parse(row.payload ?? '{}') as IncomingMessage;
    const decided = await door.decide(message);
    // What a message says after it was edited starts nothing by itself.
    const decision = decided.kind === 'turn' && row.reason === EDITED ? asContext(decided) : decided;
    const now = clock.now();
    const conversation = 'conversationId' in decision ? decision.conversationId : undefined;
    log.info({ message: row.id, chat: row.chat_id, decision: decision.kind, conversation }, 'message came in');
    if (decision.kind === 'ignore') {
      await store.inbound.change(row.id, 'received', { state: 'ignored', reason: decision.reason, settled_at: now });
      return;
    }
    if (decision.kind === 'reply') {
      await this.#reply(row, decision);
      return;
    }
    const parts = JSON.stringify(await door.parts(message, decision));
    const { conversationId, userId } = decision;
    const isTurn = decision.kind === 'turn';
    await store.inbound.change(row.id, 'received', {
      state: isTurn ? 'queued' : 'context',
      reason: isTurn ? null : decision.reason,
      conversation_id: conversationId,
      user_id: userId,
      parts,
    });
    if (isTurn) onReady({ conversationId });
  }

  async #reply(row: InboundRow, decision: Extract<GateDecision, { kind: 'reply' }>): Promise<void> {
    const { store, clock, onReady } = this.#deps;
    const now = clock.now();
    const { text, reason, userId = null } = decision;
    await store.transaction(async (tables) => {
      const change = { state: 'handled' as const, reason, user_id: userId, settled_at: now };
      if (!(await tables.inbound.change(row.id, 'received', change)) || text === '') return;
      await queueOutgoing(tables, destinationOf(row), { kind: 'reply', text }, now);
    });
    if (text !== '') onReady({ hasOutbox: true });
  }
}

/** The same edit is stored once, however often the platform tells it. */
function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** `reason` of what a message says after it was edited. */
const EDITED = 'edited after it was used';

function asContext(decision: Extract<GateDecision, { kind: 'turn' }>): GateDecision {
  return { ...decision, kind: 'context', reason: EDITED };
}
