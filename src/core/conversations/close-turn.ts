/** Owns what the end of a turn means for the chat platform it came from: its answer goes out, a failure that may pass is tried again, one that stays is told and kept. It runs in the transaction that closes the turn. */
import { turnAnswer } from '../agent/turn-answer.ts';
import type { Turn, TurnClose } from '../agent/turn.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Catalogue, explain } from '../kernel/language/catalogue.ts';
import { inWords } from '../kernel/language/phrase.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { Tables } from '../store/store.ts';
import type { IncomingMessage } from './channel-messages.ts';
import { type Destination, queueOutgoing } from './outgoing.ts';

/** Waits before a failed turn is tried again, in milliseconds. */
const RETRY_DELAYS_MS = [5_000, 10_000, 20_000, 40_000, 80_000] as const;

/** Failures that may pass by themselves. */
const PASSING = new Set(['upstream-failed', 'upstream-rate-limited']);

type ClosedTurn = Pick<Turn, 'id' | 'conversationId' | 'startSeq'>;

interface CloseDeps {
  readonly clock: Clock;
  /** The words people of chat platforms are spoken to in. */
  readonly catalogue: Catalogue;
}

/** What the end of any turn means outside of it. */
export function closesTurn(
  deps: CloseDeps,
  turn: ClosedTurn & Pick<Turn, 'userId'>,
): (tables: Tables, end: TurnClose) => Promise<void> {
  const { clock } = deps;
  const forPlatform = closesForPlatform(deps, turn);
  return async (tables, end) => {
    await forPlatform(tables, end);
    if (end.state === 'failed' && (await tables.journal.turn(turn.id))?.retry_at != null) return;
    const event = end.state === 'failed' ? 'turn.failed' : 'turn.completed';
    const ids = { turn_id: turn.id, conversation_id: turn.conversationId };
    const error = end.error === undefined ? {} : { error: { code: end.error.code, message: end.error.message } };
    await tables.webhooks.queue(turn.userId, event, { ...ids, stop_reason: end.stopReason, ...error }, clock.now());
  };
}

/** Queues the answer of a turn that a chat platform asked for; does nothing for any other. */
function closesForPlatform(
  { clock, catalogue }: CloseDeps,
  turn: ClosedTurn,
): (tables: Tables, end: TurnClose) => Promise<void> {
  return async (tables, end) => {
    const asked = (await tables.inbound.ofTurn(turn.id)).findLast((row) => row.chat_id !== null);
    if (asked === undefined) return;
    const now = clock.now();
    if (end.state === 'failed') {
      const delay = await retryDelay(tables, turn.id, end);
      if (delay !== undefined) return tables.journal.updateTurn(turn.id, { retry_at: now + delay });
      await tables.inbound.endTurn(turn.id, 'failed', end.error?.message ?? 'the turn failed');
    }
    const text = await whatToSay(tables, turn, end, catalogue);
    if (text === '') return;
    const kind = end.state === 'failed' ? ('notice' as const) : ('answer' as const);
    const draft = await tables.outbox.draftOf(turn.id);
    const own = { conversationId: turn.conversationId, turnId: turn.id, edits: draft?.id };
    await queueOutgoing(tables, destinationOf(asked), { ...own, kind, text }, now);
  };
}

/** Where the answer to a message of a platform goes. In a room it names the message it answers. */
export function destinationOf(row: InboundRow): Destination {
  const message = JSON.parse(row.payload ?? '{}') as Partial<IncomingMessage>;
  return {
    channel: row.channel,
    chatId: row.chat_id ?? '',
    thread: message.thread,
    replyTo: message.isDirect === true ? undefined : (row.external_id ?? undefined),
  };
}

async function retryDelay(tables: Tables, turnId: string, end: TurnClose): Promise<number | undefined> {
  if (!PASSING.has(end.error?.code ?? '')) return undefined;
  const row = await tables.journal.turn(turnId);
  return row === undefined ? undefined : RETRY_DELAYS_MS[row.attempts - 1];
}

async function whatToSay(tables: Tables, turn: ClosedTurn, end: TurnClose, catalogue: Catalogue): Promise<string> {
  const rows = await tables.conversations.messages(turn.conversationId, turn.startSeq, undefined, 0);
  const answer = turnAnswer(rows, turn.id);
  const failure = end.error === undefined ? [] : [catalogue.chat.couldNotAnswer(explain(end.error, catalogue).message)];
  const told = end.remarks.map((remark) => inWords(remark, catalogue.phrases));
  const remarks = [...failure, ...told].map((remark) => `_${remark}_`);
  return [answer, ...remarks].filter((part) => part !== '').join('\n\n');
}
