/** Owns the one way in: every surface sends a message here and gets the same events. A message is stored before anything else happens to it; one turn runs at a time per conversation, over all processes of the home. */
import { requireChatRight } from '../access/local-user.ts';
import { runTurn } from '../agent/run-turn.ts';
import { systemPrompt } from '../agent/system-prompt.ts';
import { contextPart } from '../agent/turn-context.ts';
import type { TextGuards, Turn, TurnDeps, TurnLimits } from '../agent/turn.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Notice, TurnEvent } from '../kernel/events.ts';
import { newId } from '../kernel/ids.ts';
import type { ImagePart, Part, Usage } from '../kernel/messages.ts';
import { currentProcess } from '../kernel/process-identity.ts';
import type { LanguageModel } from '../llm/language-model.ts';
import type { Store } from '../store/store.ts';
import type { ToolHost, ToolSnapshot } from '../tools/tool-port.ts';
import { claimTurn, type Claim } from './claim-turn.ts';
import { openConversation } from './open-conversation.ts';

export interface SendRequest {
  readonly userId: string;
  /** Absent: a new conversation. */
  readonly conversationId?: string;
  readonly text: string;
  readonly images?: readonly ImagePart[];
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  /** `provider/model`; absent: the configured one. */
  readonly model?: string;
  /** False: the model gets no tools. */
  readonly tools?: boolean;
  readonly maxCostUsd?: number;
  /** True: someone watches the events and can answer a request for approval. Otherwise such an act is refused at once. */
  readonly canAsk?: boolean;
  /** Aborting interrupts the turn; what was said is kept. */
  readonly signal: AbortSignal;
}

export interface ChatService {
  /** Sends a message and streams the turn that answers it. Throws `ClawError` before the first event only. */
  send(request: SendRequest): AsyncIterable<TurnEvent>;
  /** Gives a message to the turn that runs in this process, at its next step; false when none runs. */
  steer(conversationId: string, userId: string, text: string): Promise<boolean>;
}

/** A model made ready for one turn. */
export interface ReadyModel {
  readonly ref: string;
  readonly model: LanguageModel;
  readonly contextTokens: number;
  readonly price: (usage: Usage) => number | null;
  readonly ceiling: (usage: Usage) => number;
  readonly takeNotices: () => Notice[];
}

export interface ChatPolicy {
  readonly limits: Omit<TurnLimits, 'contextTokens'>;
  readonly maxMessageChars: number;
  readonly assistantName: string;
  /** IANA zone of the conversation's dates. */
  readonly zone: string;
  readonly text: TextGuards;
  /** Text of instruction.md, or the default. */
  instruction(): Promise<string>;
}

export interface ChatDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly tools: ToolHost;
  readonly policy: ChatPolicy;
  /** Throws `auth-missing` or `not-found` when the model cannot be used. */
  readonly resolveModel: (ref: string | undefined) => Promise<ReadyModel>;
}

const NO_TOOLS: ToolSnapshot = {
  tools: [],
  call: async () => ({ status: 'refused', output: 'Tools are off in this turn.' }),
};

export function createChatService(deps: ChatDeps): ChatService {
  /** Conversations whose turn runs in this process, with the messages that may join it. */
  const running = new Map<string, Set<string>>();
  return {
    async *send(request) {
      const ready = await prepare(deps, request);
      const claim = yield* enterLane(deps, request, ready);
      const { conversationId } = claim;
      const joinable = new Set(claim.resumed ? [claim.inboundId] : []);
      try {
        let next: Claim | undefined = claim;
        while (next !== undefined) {
          running.set(conversationId, joinable);
          yield* runClaimed(deps, request, ready, { ...next, joinable });
          running.delete(conversationId);
          // A message that came in while the turn was closing starts the next one; after an interrupt it waits for the user.
          if (request.signal.aborted) break;
          next = await claimTurn(deps, { ...next, inboundId: undefined, modelRef: ready.model.ref, joinable });
        }
      } finally {
        running.delete(conversationId);
        await abandon(deps, conversationId);
      }
    },
    async steer(conversationId, userId, text) {
      const joinable = running.get(conversationId);
      if (joinable === undefined) return false;
      checkLength(deps.policy, text);
      const id = newId(deps.clock.now());
      joinable.add(id);
      await storeInbound(deps, { id, conversationId, userId }, [textPart(deps, text, 'user')]);
      if (running.get(conversationId) === joinable) return true;
      // The turn ended meanwhile. Unless its last look found the message, the caller sends it anew.
      return !(await deps.store.journal.settleInbound(id, 'dropped', null, deps.clock.now()));
    },
  };
}

interface Prepared {
  readonly model: ReadyModel;
  readonly tools: ToolSnapshot;
  readonly parts: readonly Part[];
}

/** Everything that can refuse the message, before it is stored. */
async function prepare(deps: ChatDeps, request: SendRequest): Promise<Prepared> {
  const user = await deps.store.users.byId(request.userId);
  if (user === undefined) throw new ClawError('not-found', 'There is no such user.');
  requireChatRight(user);
  checkLength(deps.policy, request.text);
  const sender = user.role === 'admin' ? 'owner' : 'user';
  const hasContent = request.text.trim() !== '' || (request.images?.length ?? 0) + (request.files?.length ?? 0) > 0;
  if (!hasContent) throw new ClawError('usage-invalid', 'The message is empty.');
  const model = await deps.resolveModel(request.model);
  const tools = request.tools === false ? NO_TOOLS : await deps.tools.snapshot(request.userId);
  return { model, tools, parts: messageParts(deps, request, sender) };
}

/** Stores the message and waits for its turn in the conversation. */
async function* enterLane(
  deps: ChatDeps,
  request: SendRequest,
  ready: Prepared,
): AsyncGenerator<TurnEvent, Claim & { inboundId: string }> {
  const conversationId = await openConversation(deps, { ...request, text: deps.policy.text.mask(request.text) });
  const { userId } = request;
  const inboundId = newId(deps.clock.now());
  await storeInbound(deps, { id: inboundId, conversationId, userId }, ready.parts);
  const modelRef = ready.model.ref;
  let hasWaited = false;
  for (;;) {
    const claim = await claimTurn(deps, { conversationId, userId, inboundId, modelRef, joinable: new Set() });
    if (claim !== undefined) return { ...claim, inboundId };
    if (!hasWaited) {
      hasWaited = true;
      yield {
        type: 'notice',
        level: 'info',
        code: 'waiting',
        text: 'Another turn of this conversation is running; yours is next.',
      };
    }
    try {
      await deps.clock.sleep(LANE_POLL_MS, request.signal);
    } catch (error) {
      await deps.store.journal.settleInbound(inboundId, 'dropped', null, deps.clock.now());
      throw new ClawError('cancelled', 'Stopped while waiting for the conversation.', { cause: error });
    }
  }
}

/** How often a waiting message looks whether the other process's turn has ended, in milliseconds. */
const LANE_POLL_MS = 100;

async function* runClaimed(
  deps: ChatDeps,
  request: SendRequest,
  ready: Prepared,
  claim: Claim & { joinable: ReadonlySet<string> },
): AsyncGenerator<TurnEvent> {
  const { store, clock, policy } = deps;
  const turnDeps: TurnDeps = { store, clock, model: ready.model.model, tools: ready.tools, text: policy.text };
  const maxCostMicroUsd = Math.min(policy.limits.maxCostMicroUsd, (request.maxCostUsd ?? Infinity) * 1e6);
  const turn: Turn = {
    id: claim.turnId,
    conversationId: claim.conversationId,
    userId: claim.userId,
    modelRef: ready.model.ref,
    startSeq: claim.startSeq,
    resumed: claim.resumed,
    system: systemPrompt(await policy.instruction(), policy.assistantName),
    limits: { ...policy.limits, maxCostMicroUsd, contextTokens: ready.model.contextTokens },
    price: ready.model.price,
    ceiling: ready.model.ceiling,
    takeNotices: ready.model.takeNotices,
    joinable: claim.joinable,
    canAsk: request.canAsk ?? false,
    signal: request.signal,
  };
  yield* runTurn(turnDeps, turn);
}

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
  await deps.store.journal.insertInbound({
    id,
    conversation_id: conversationId,
    user_id: userId,
    channel: 'terminal',
    external_id: null,
    parts: JSON.stringify(parts),
    state: 'queued',
    reason: null,
    turn_id: null,
    runner: currentProcess(),
    received_at: now,
    settled_at: null,
  });
}

function messageParts(deps: ChatDeps, request: SendRequest, sender: 'owner' | 'user'): Part[] {
  const files = (request.files ?? []).map(({ name, text }): Part => {
    const body = text.replaceAll(/<(?=\/?\s*file\b)/gi, '&lt;');
    const label = name.replaceAll(/["<>\r\n]/g, '_');
    return {
      type: 'text',
      text: deps.policy.text.mask(`<file name="${label}">\n${body}\n</file>\n`),
      provenance: 'file',
    };
  });
  const context = contextPart(deps.clock.now(), deps.policy.zone);
  return [context, ...files, ...(request.images ?? []), textPart(deps, request.text, sender)];
}

function textPart(deps: ChatDeps, text: string, provenance: 'owner' | 'user'): Part {
  return { type: 'text', text: deps.policy.text.mask(text.normalize('NFC')), provenance };
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
