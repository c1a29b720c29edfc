/** Owns what could not be answered or delivered: it stays until somebody sends it again, and says why it is there. */
import { requireAdmin, type User } from '../access/local-user.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Part } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { OutboxRow } from '../store/outbox-table.ts';
import type { Store } from '../store/store.ts';

export interface DeadLetter {
  readonly id: string;
  /** `in`: a message that was not answered; `out`: one that was not delivered, or perhaps twice. */
  readonly direction: 'in' | 'out';
  readonly state: string;
  readonly chatId: string;
  readonly conversationId: string | null;
  readonly reason: string | null;
  /** Milliseconds UTC. */
  readonly at: number;
}

/** One with what is in it. */
export interface ReadLetter extends DeadLetter {
  readonly channel: string;
  /** Name of the person whose conversation it belongs to; null when it is nobody's. */
  readonly owner: string | null;
  /** What it says; null for a message of somebody else's conversation, which an admin does not read. */
  readonly text: string | null;
}

/** Letters of each direction that are sent again at once. */
const MOST_AT_ONCE = 1_000;

export type DeadLetters = ReturnType<typeof createDeadLetters>;

export function createDeadLetters({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
  /** Newest first, at most `limit` of each direction. */
  const list = async (limit: number, by: User): Promise<DeadLetter[]> => {
    requireAdmin(by);
    const letters = [
      ...(await store.inbound.failed(limit)).map(fromInbound),
      ...(await store.outbox.deadLetters(limit)).map(fromOutbox),
    ];
    return letters.toSorted((a, b) => b.at - a.at);
  };
  return {
    list,
    /** The same with what they say, as far as it is the reader's own. */
    async read(limit: number, by: User): Promise<ReadLetter[]> {
      requireAdmin(by);
      const letters = [
        ...(await store.inbound.failed(limit)).map((row) => ({ letter: fromInbound(row), row, text: textOf(row) })),
        ...(await store.outbox.deadLetters(limit)).map((row) => ({ letter: fromOutbox(row), row, text: row.text })),
      ];
      const read: ReadLetter[] = [];
      for (const { letter, row, text } of letters) {
        const { conversationId: id } = letter;
        const owner = id === null ? undefined : await store.conversations.ownerOf(id);
        const name = owner === undefined ? null : ((await store.users.byId(owner))?.username ?? null);
        read.push({ ...letter, channel: row.channel, owner: name, text: owner === by.id ? text : null });
      }
      return read.toSorted((a, b) => b.at - a.at);
    },
    /** Sends again all that failed, the oldest first; what was perhaps delivered stays. Returns how many. */
    async resendAll(by: Doer & User): Promise<number> {
      let sent = 0;
      for (const letter of (await list(MOST_AT_ONCE, by)).toReversed()) {
        if (letter.state === 'failed' && (await putBack(store, letter, by, clock.now()))) sent += 1;
      }
      return sent;
    },
    /** Gives it up for good: it is told no more, and stays in the story of its conversation. Throws `not-found`, `conflict`. */
    async discard(id: string, by: Doer & User): Promise<DeadLetter> {
      requireAdmin(by);
      const found = await find(store, id.trim().toLowerCase());
      const now = clock.now();
      const isGone = await store.transaction(async ({ outbox, inbound, audit }) => {
        const gone = found.direction === 'out' ? outbox.discard(found.id, now) : inbound.discard(found.id, now);
        if (!(await gone)) return false;
        const detail = { direction: found.direction, chat: found.chatId };
        await audit.append({ at: now, by: doneBy(by), action: 'message.discard', target: found.id, detail });
        return true;
      });
      if (isGone) return found;
      throw new ClawError('conflict', `${found.id} is ${found.state}: only what failed can be discarded.`, {
        hint: 'claw conversation failed',
      });
    },
    /** Puts it back in line; a running server takes it up within a second. Takes an id or its beginning. Throws `not-found`, `conflict`. */
    async resend(id: string, by: Doer & User): Promise<DeadLetter> {
      requireAdmin(by);
      const found = await find(store, id.trim().toLowerCase());
      const isAgain = await putBack(store, found, by, clock.now());
      if (isAgain) return found;
      throw new ClawError('conflict', `${found.id} is ${found.state}: only what failed can be sent again.`, {
        hint: 'claw conversation failed',
      });
    },
  };
}

/** False when it is not in a state that failed any more. */
async function putBack(store: Store, found: DeadLetter, by: Doer, now: number): Promise<boolean> {
  return store.transaction(async ({ outbox, inbound, audit }) => {
    const again = found.direction === 'out' ? outbox.resend(found.id, now) : inbound.requeue(found.id);
    if (!(await again)) return false;
    const detail = { direction: found.direction, chat: found.chatId };
    await audit.append({ at: now, by: doneBy(by), action: 'message.resend', target: found.id, detail });
    return true;
  });
}

function textOf({ parts }: InboundRow): string {
  const read = JSON.parse(parts) as Part[];
  return read.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join(' ');
}

async function find(store: Store, prefix: string): Promise<DeadLetter> {
  const isId = /^[0-9a-f-]{6,36}$/.test(prefix);
  const found = isId
    ? [
        ...(await store.outbox.byPrefix(prefix)).map(fromOutbox),
        ...(await store.inbound.byPrefix(prefix)).map(fromInbound),
      ]
    : [];
  const [only, second] = found;
  if (second !== undefined) throw new ClawError('usage-invalid', `More than one message begins with ${prefix}.`);
  if (only !== undefined) return only;
  throw new ClawError('not-found', phrase('noMessage', JSON.stringify(prefix)), {
    hint: 'claw conversation failed',
  });
}

function fromInbound(row: InboundRow): DeadLetter {
  const { id, state, chat_id, conversation_id: conversationId, reason, received_at: at } = row;
  return { id, direction: 'in', state, chatId: chat_id ?? '', conversationId, reason, at };
}

function fromOutbox(row: OutboxRow): DeadLetter {
  const { id, state, chat_id: chatId, conversation_id: conversationId, reason, created_at: at } = row;
  return { id, direction: 'out', state, chatId, conversationId, reason, at };
}
