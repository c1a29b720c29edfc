/** Owns one turn of a lane: what is next in a conversation, who asks, and what becomes of it. */
import { ClawError, toError } from '../kernel/errors.ts';
import { type Catalogue, explain } from '../kernel/language/catalogue.ts';
import type { ApprovalRequest } from '../kernel/events.ts';
import type { Log } from '../kernel/log.ts';
import { isProcessAlive } from '../kernel/process-identity.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { TurnRow } from '../store/journal-tables.ts';
import { claimTurn, type Claim, reclaimTurn } from './claim-turn.ts';
import { destinationOf } from './close-turn.ts';
import { Draft } from './draft.ts';
import { turnLogger } from './log-turns.ts';
import { type Destination, queueOutgoing } from './outgoing.ts';
import { type ChatDeps, prepareTurn, type Prepared, runClaimed } from './prepare-turn.ts';

/** What lanes tell their surroundings. */
export interface LaneObserver {
  /** A turn that answers there began or ended. */
  onActivity(to: Destination, isActive: boolean): void;
  /** Rows were added to the outbox. */
  onOutbox(): void;
  /** The answer so far, to be shown in the message of that row; absent where answers are shown when they are whole. */
  onDraft?(outboxId: string, text: string): void;
}

export interface LaneDeps {
  readonly chat: ChatDeps;
  readonly log: Log;
  /** Most turns at once. */
  readonly cap: number;
  /** Text of the memory file of the room; undefined for a place that has none. */
  readonly memoryOf: (chatId: string) => Promise<string | undefined>;
  readonly observer: LaneObserver;
}

export type LaneWork =
  | { readonly kind: 'nothing' }
  /** Another process runs a turn of this conversation. */
  | { readonly kind: 'busy' }
  /** A failed turn waits for its next try, at `at` (milliseconds UTC). */
  | { readonly kind: 'later'; readonly at: number }
  | {
      readonly kind: 'turn';
      readonly conversationId: string;
      readonly userId: string;
      readonly to: Destination;
      /** A turn to go on with: its process died, or its last try failed. */
      readonly open: TurnRow | undefined;
    };

/** What is to be done in a conversation now. */
export async function nextWork({ store, clock }: ChatDeps, conversationId: string): Promise<LaneWork> {
  const running = await store.journal.runningTurn(conversationId);
  if (running !== undefined && isProcessAlive(running.runner)) return { kind: 'busy' };
  const failed = (await store.journal.turnsToRetry()).find((turn) => turn.conversation_id === conversationId);
  const open = running ?? failed;
  if (open !== undefined) {
    if (running === undefined && (open.retry_at ?? 0) > clock.now()) return { kind: 'later', at: open.retry_at ?? 0 };
    const asked = (await store.inbound.ofTurn(open.id)).findLast((row) => row.chat_id !== null);
    if (asked !== undefined)
      return { kind: 'turn', conversationId, userId: open.user_id, to: destinationOf(asked), open };
  }
  const first = (await store.inbound.waiting(conversationId)).find((row) => row.chat_id !== null);
  if (first === undefined || first.user_id === null) return { kind: 'nothing' };
  return { kind: 'turn', conversationId, userId: first.user_id, to: destinationOf(first), open: undefined };
}

/** Runs the turn. A turn of one person never takes in what another one, or another place, asked for. */
export async function runWork(
  deps: LaneDeps,
  work: Extract<LaneWork, { kind: 'turn' }>,
  signal: AbortSignal,
): Promise<void> {
  const { conversationId, userId, to } = work;
  const isMine = (row: InboundRow): boolean =>
    row.chat_id === to.chatId && (row.state === 'context' || row.user_id === userId);
  let prepared: Prepared;
  try {
    prepared = await prepareTurn(deps.chat, { userId, conversationId });
  } catch (error) {
    return refuseAll(deps.chat, work, isMine, toError(error));
  }
  const claim = await claimWork(deps.chat, work, prepared, isMine);
  if (claim === undefined) return;
  const memory = await deps.memoryOf(to.chatId);
  const logEvent = turnLogger(deps.log);
  const mayJoin = (row: InboundRow): boolean => row.state === 'queued' && isMine(row);
  const options = { signal, canAsk: true, mayJoin, ...(memory === undefined ? {} : { memory }) };
  const draft = new Draft(deps, to, claim);
  for await (const event of runClaimed(deps.chat, prepared, claim, options)) {
    logEvent(event);
    if (event.type === 'text-delta') await draft.add(event.text);
    if (event.type === 'approval-request') await askForApproval(deps, { ...to }, conversationId, event);
  }
  await logMessages(deps, claim.turnId);
}

/** Joins the ids of the messages to that of their turn, which its answers carry. */
async function logMessages({ chat, log }: LaneDeps, turn: string): Promise<void> {
  for (const { id, state } of await chat.store.inbound.ofTurn(turn)) {
    log.info({ message: id, turn, state }, 'message belonged to a turn');
  }
}

function claimWork(
  chat: ChatDeps,
  { conversationId, userId, open }: Extract<LaneWork, { kind: 'turn' }>,
  { model }: Prepared,
  mayTake: (row: InboundRow) => boolean,
): Promise<Claim | undefined> {
  if (open !== undefined && open.retry_at !== null) return reclaimTurn(chat, open.id);
  return claimTurn(chat, { conversationId, userId, modelRef: model.ref, mayTake, takesOver: true });
}

/** The person lost the right to talk, or no model can be used: the messages are told so and end here. */
async function refuseAll(
  { store, clock, policy }: ChatDeps,
  { conversationId, to, open }: Extract<LaneWork, { kind: 'turn' }>,
  isMine: (row: InboundRow) => boolean,
  error: Error,
): Promise<void> {
  const now = clock.now();
  const { catalogue } = policy;
  const why = error instanceof ClawError ? explain(error, catalogue).message : catalogue.chat.internalError;
  const text = `_${catalogue.chat.couldNotAnswer(why)}_`;
  await store.transaction(async (tables) => {
    if (open !== undefined) {
      const end = { state: 'failed', stop_reason: 'error', error: JSON.stringify({ message: error.message }) } as const;
      await tables.journal.updateTurn(open.id, { ...end, retry_at: null, ended_at: now });
      await tables.inbound.endTurn(open.id, 'failed', error.message);
    }
    for (const row of (await tables.inbound.waiting(conversationId)).filter(isMine)) {
      await tables.inbound.settle(row.id, 'failed', null, now, error.message);
    }
    await queueOutgoing(tables, to, { kind: 'notice', text, conversationId }, now);
  });
}

async function askForApproval(
  { chat, observer }: LaneDeps,
  to: Destination,
  conversationId: string,
  event: ApprovalRequest,
): Promise<void> {
  const now = chat.clock.now();
  const texts = chat.policy.catalogue.chat;
  const buttons = [
    { label: texts.allowOnce, value: `approve:${event.approvalId}` },
    { label: texts.deny, value: `deny:${event.approvalId}` },
  ];
  const text = approvalText(event, Math.max(1, Math.round((event.expiresAt - now) / 60_000)), texts);
  await queueOutgoing(chat.store, to, { kind: 'approval', text, conversationId, buttons }, now);
  observer.onOutbox();
}

/** What a request for approval says on a chat platform. */
function approvalText({ act, reason }: ApprovalRequest, minutes: number, texts: Catalogue['chat']): string {
  return `${texts.mayI}\n\n\`\`\`\n${act.replaceAll('```', "'''")}\n\`\`\`\n${reason}\n\n${texts.lapses(minutes)}`;
}
