/** Owns what could not be answered or delivered: it stays until somebody sends it again, and says why it is there. */
import { requireAdmin, type User } from '../access/local-user.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
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

export type DeadLetters = ReturnType<typeof createDeadLetters>;

export function createDeadLetters({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
  return {
    /** Newest first, at most `limit` of each direction. */
    async list(limit: number, by: User): Promise<DeadLetter[]> {
      requireAdmin(by);
      const letters = [
        ...(await store.inbound.failed(limit)).map(fromInbound),
        ...(await store.outbox.deadLetters(limit)).map(fromOutbox),
      ];
      return letters.toSorted((a, b) => b.at - a.at);
    },
    /** Puts it back in line; a running server takes it up within a second. Takes an id or its beginning. Throws `not-found`, `conflict`. */
    async resend(id: string, by: Doer & User): Promise<DeadLetter> {
      requireAdmin(by);
      const found = await find(store, id.trim().toLowerCase());
      const now = clock.now();
      const isAgain = await store.transaction(async ({ outbox, inbound, audit }) => {
        const again = found.direction === 'out' ? outbox.resend(found.id, now) : inbound.requeue(found.id);
        if (!(await again)) return false;
        const detail = { direction: found.direction, chat: found.chatId };
        await audit.append({ at: now, by: doneBy(by), action: 'message.resend', target: found.id, detail });
        return true;
      });
      if (isAgain) return found;
      throw new ClawError('conflict', `${found.id} is ${found.state}: only what failed can be sent again.`, {
        hint: 'claw conversation failed',
      });
    },
  };
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
