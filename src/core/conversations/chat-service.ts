/** Owns the one way in: every surface sends a message here and gets the same events. A message is stored before anything else happens to it; one turn runs at a time per conversation, over all processes of the home. */
import { ClawError } from '../kernel/errors.ts';
import type { TurnEvent } from '../kernel/events.ts';
import { newId } from '../kernel/ids.ts';
import type { ImagePart, Part } from '../kernel/messages.ts';
import { currentProcess, isProcessAlive } from '../kernel/process-identity.ts';
import { noticeOf } from '../kernel/language/notice.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import { claimTurn, type Claim } from './claim-turn.ts';
import { COMPLETION_ORIGIN, type Completion } from './completion.ts';
import { filePart, wordsPart } from './message-parts.ts';
import { openConversation } from './open-conversation.ts';
import { type ChatDeps, type ChatPolicy, prepareTurn, type Prepared, runClaimed } from './prepare-turn.ts';

/** What comes with the words of a message. */
export interface Attached {
  readonly images?: readonly ImagePart[];
  readonly files?: readonly { readonly name: string; readonly text: string }[];
}

export interface SendRequest extends Attached {
  readonly userId: string;
  /** Absent: a new conversation. */
  readonly conversationId?: string;
  /** True: a conversation that does not exist yet is begun with `conversationId`, a whole UUID; another's is `not-found` all the same. */
  readonly mayCreate?: boolean;
  readonly text: string;
  /** `provider/model`; absent: the configured one. */
  readonly model?: string;
  /** False: the model gets no tools. */
  readonly tools?: boolean;
  readonly maxCostUsd?: number;
  /** The caller brings the history along. */
  readonly completion?: Completion;
  /** True: someone watches the events and can answer a request for approval. Otherwise such an act is refused at once. */
  readonly canAsk?: boolean;
  /** True: it came with a key that is good for some things only. */
  readonly isLimited?: boolean;
  /** A message of claw itself: stored once under this id, so that sending it again goes on with it; its conversation was checked by whoever sends it. */
  readonly ownId?: string;
  /** The task it is sent for: its budget counts the turn. */
  readonly taskId?: string;
  /** Aborting interrupts the turn; what was said is kept. */
  readonly signal: AbortSignal;
}

/** What comes with a message to a turn that runs. */
export interface Steering extends Attached {
  /** True: it came with a key that is good for some things only; so is the turn from then on. */
  readonly isLimited?: boolean;
}

export interface ChatService {
  /** Sends a message and streams the turn that answers it. Throws `ClawError` before the first event only. */
  send(request: SendRequest): AsyncIterable<TurnEvent>;
  /** Gives a message to the turn of this user that runs in this process, at its next step; false when none runs. */
  steer(conversationId: string, userId: string, text: string, more?: Steering): Promise<boolean>;
}

/** A turn that runs in this process. */
interface Running {
  readonly userId: string;
  /** The messages that may join it. */
  readonly joinable: Set<string>;
  isLimited: boolean;
}

export function createChatService(deps: ChatDeps): ChatService {
  /** By conversation. */
  const running = new Map<string, Running>();
  return {
    async *send(request) {
      const { parts, ...ready } = await prepare(deps, request);
      const claim = yield* enterLane(deps, request, ready, parts);
      const { conversationId } = claim;
      const joinable = new Set(claim.resumed ? [claim.inboundId] : []);
      // Whose message it was that a dead process left is not known: it is taken for the least.
      const isLimited = request.isLimited === true || claim.resumed;
      const own: Running = { userId: request.userId, joinable, isLimited };
      const { signal, canAsk = false, maxCostUsd = Infinity, taskId, completion } = request;
      const options = {
        signal,
        canAsk,
        isLimited: () => own.isLimited,
        maxCostUsd,
        mayJoin: ({ id }: InboundRow) => joinable.has(id),
        mayGrow: () => joinable.size > 0,
        ...(taskId === undefined ? {} : { taskId, ...runBudget(maxCostUsd) }),
        ...(completion === undefined ? {} : { completion }),
      };
      let isOpen = true;
      try {
        let next: Claim | undefined = claim;
        while (next !== undefined) {
          running.set(conversationId, own);
          isOpen = true;
          yield* runClaimed(deps, ready, next, options);
          isOpen = false;
          running.delete(conversationId);
          // A message that came in while the turn was closing starts the next one; after an interrupt it waits for the user.
          if (request.signal.aborted || joinable.size === 0) break;
          next = await claimTurn(deps, { ...next, modelRef: ready.model.ref, mayTake: options.mayJoin });
        }
      } finally {
        running.delete(conversationId);
        if (isOpen) await abandon(deps, conversationId);
      }
    },
    async steer(conversationId, userId, text, { isLimited = false, ...attached } = {}) {
      const turn = running.get(conversationId);
      // A conversation is its owner's: nobody else's words join it.
      if (turn?.userId !== userId) return false;
      checkLength(deps.policy, text);
      turn.isLimited ||= isLimited;
      const id = newId(deps.clock.now());
      turn.joinable.add(id);
      const parts = [...attachedParts(deps, attached), wordsPart(deps.policy.text.mask, text, 'user')];
      await storeInbound(deps, { id, conversationId, userId }, parts);
      if (running.get(conversationId) === turn) return true;
      // The turn ended meanwhile. Unless its last look found the message, the caller sends it anew.
      return !(await deps.store.inbound.settle(id, 'dropped', null, deps.clock.now()));
    },
  };
}

/** What a run of a task may cost is a budget: its calls reserve of it. */
function runBudget(maxCostUsd: number): { readonly runBudgetMicroUsd?: number } {
  return Number.isFinite(maxCostUsd) ? { runBudgetMicroUsd: Math.round(maxCostUsd * 1e6) } : {};
}

/** Everything that can refuse the message, before it is stored. */
async function prepare(deps: ChatDeps, request: SendRequest): Promise<Prepared & { parts: readonly Part[] }> {
  // A history that is brought along is as long as it is.
  if (request.completion === undefined) checkLength(deps.policy, request.text);
  const hasContent = request.text.trim() !== '' || (request.images?.length ?? 0) + (request.files?.length ?? 0) > 0;
  if (!hasContent) throw new ClawError('usage-invalid', phrase('emptyMessage'));
  const prepared = await prepareTurn(deps, request);
  return { ...prepared, parts: messageParts(deps, request, prepared.user.role) };
}

/** Stores the message and waits for its turn in the conversation. */
async function* enterLane(
  deps: ChatDeps,
  request: SendRequest,
  ready: Prepared,
  parts: readonly Part[],
): AsyncGenerator<TurnEvent, Claim & { inboundId: string }> {
  const { userId, ownId } = request;
  const conversationId =
    ownId !== undefined && request.conversationId !== undefined
      ? request.conversationId
      : await openConversation(deps, {
          ...request,
          text: deps.policy.text.mask(request.text),
          ...(request.completion === undefined ? {} : { origin: COMPLETION_ORIGIN }),
        });
  const inboundId = ownId ?? newId(deps.clock.now());
  const known = ownId === undefined ? undefined : await deps.store.inbound.byId(ownId);
  if (known === undefined) await storeInbound(deps, { id: inboundId, conversationId, userId }, parts);
  const modelRef = ready.model.ref;
  // What a dead process of the terminal left waiting is taken with it; what came from a chat platform waits for the server.
  const mayTake = (row: InboundRow): boolean =>
    row.id === inboundId || (row.channel === TERMINAL && !isProcessAlive(row.runner));
  let hasWaited = false;
  for (;;) {
    const takesOver = known !== undefined && (await isUnanswered(deps, inboundId));
    const claim = await claimTurn(deps, { conversationId, userId, modelRef, mayTake, takesOver });
    if (claim !== undefined) return { ...claim, inboundId };
    if (!hasWaited) {
      hasWaited = true;
      yield noticeOf('info', 'waiting', phrase('waitsForTurnBefore'));
    }
    try {
      await deps.clock.sleep(LANE_POLL_MS, request.signal);
    } catch (error) {
      await deps.store.inbound.settle(inboundId, 'dropped', null, deps.clock.now());
      throw new ClawError('cancelled', 'Stopped while waiting for the conversation.', { cause: error });
    }
  }
}

/** Whether the turn of a message that is sent again still runs. Throws `conflict` when it is over. */
async function isUnanswered({ store }: ChatDeps, inboundId: string): Promise<boolean> {
  const turnId = (await store.inbound.byId(inboundId))?.turn_id ?? undefined;
  if (turnId === undefined) return false;
  if ((await store.journal.turn(turnId))?.state === 'running') return true;
  throw new ClawError('conflict', 'This message was answered before.');
}

/** The channel of everything that is typed on this machine. */
const TERMINAL = 'terminal';

/** How often a waiting message looks whether the other process's turn has ended, in milliseconds. */
const LANE_POLL_MS = 100;

/** When a surface stops listening in the middle of a turn, the turn is closed as interrupted. */
async function abandon(deps: ChatDeps, conversationId: string): Promise<void> {
  const open = await deps.store.journal.runningTurn(conversationId);
  if (open?.runner !== currentProcess()) return;
  const now = deps.clock.now();
  await deps.store.journal.updateTurn(open.id, { state: 'interrupted', stop_reason: 'interrupted', ended_at: now });
}

async function storeInbound(
  deps: ChatDeps,
  { id, conversationId, userId }: { id: string; conversationId: string; userId: string },
  parts: readonly Part[],
): Promise<void> {
  const now = deps.clock.now();
  await deps.store.inbound.insert({
    id,
    conversation_id: conversationId,
    user_id: userId,
    channel: TERMINAL,
    parts: JSON.stringify(parts),
    state: 'queued',
    runner: currentProcess(),
    sent_at: now,
    received_at: now,
  });
}

function messageParts(deps: ChatDeps, request: SendRequest, role: string): Part[] {
  const context = deps.policy.context(deps.clock.now());
  return [context, ...attachedParts(deps, request), wordsPart(deps.policy.text.mask, request.text, role)];
}

function attachedParts({ policy }: ChatDeps, { files = [], images = [] }: Attached): Part[] {
  return [...files.map((file) => filePart(policy.text.mask, file)), ...images];
}

function checkLength(policy: ChatPolicy, text: string): void {
  if (text.length <= policy.maxMessageChars) return;
  throw new ClawError(
    'usage-invalid',
    `The message has ${text.length} characters; at most ${policy.maxMessageChars} are taken.`,
    {
      hint: 'Attach the text as a file with @file, or raise MAX_MESSAGE_CHARS.',
    },
  );
}
