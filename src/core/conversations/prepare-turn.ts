/** Owns what every turn is made of, whoever asks for it: the sender's right, the model, the tools, the limits, and the run itself. */
import { requireChatRight, type User } from '../access/local-user.ts';
import { compactWhenLong } from '../agent/compact.ts';
import { runTurn } from '../agent/run-turn.ts';
import { personaText, systemPrompt } from '../agent/system-prompt.ts';
import type { LightModel, TextGuards, Turn, TurnDeps, TurnLimits } from '../agent/turn.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Notice, TurnEvent } from '../kernel/events.ts';
import type { Catalogue } from '../kernel/language/catalogue.ts';
import type { Meters } from '../kernel/meters.ts';
import type { TextPart, Usage } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { LanguageModel } from '../llm/language-model.ts';
import type { Budgets } from '../spending/budgets.ts';
import type { Store } from '../store/store.ts';
import type { ToolHost, ToolSnapshot } from '../tools/tool-port.ts';
import { chosenModel } from './chosen-model.ts';
import type { Claim } from './claim-turn.ts';
import { type RecallDocuments, recallDocuments } from './recall-documents.ts';
import { recallEarlier } from './recall-earlier.ts';
import { closesTurn } from './close-turn.ts';
import { meterCall, type MeteredCall, meterTurn } from './meter-turns.ts';
import { type Routed, routeTurn } from './route-turn.ts';
import { callersTools, type Completion, givenPrompt } from './completion.ts';
import { type RecallMemories, recallMemories } from './recall-memories.ts';

/** A model made ready for one turn. */
export interface ReadyModel {
  readonly ref: string;
  /** `provider/model` that is asked now, or was asked last; absent: `ref`. */
  readonly asked?: () => string;
  readonly model: LanguageModel;
  readonly contextTokens: number;
  readonly price: (usage: Usage) => number | null;
  readonly ceiling: (usage: Usage) => number;
  readonly takeNotices: () => Notice[];
  /** The most a call can cost, whichever model answers, in micro-USD; absent: as `ceiling`. */
  readonly worstCost?: (usage: Usage) => number;
  /** False for a model that calls nobody: no budget counts it. */
  readonly isMetered?: boolean;
}

export interface ChatPolicy {
  readonly limits: Omit<TurnLimits, 'contextTokens'>;
  readonly maxMessageChars: number;
  readonly assistantName: string;
  /** The words people of chat platforms are spoken to in. */
  readonly catalogue: Catalogue;
  /** IANA zone of the conversation's dates. */
  readonly zone: string;
  /** The remark on date and place that a message carries; `now` is milliseconds UTC. */
  readonly context: (now: number) => TextPart;
  readonly text: TextGuards;
  /** The memories that a turn is to know, as a block of text; absent: none. */
  readonly recall?: RecallMemories['recall'];
  /** The passages of documents that a turn is to know; absent: none. */
  readonly recallDocuments?: RecallDocuments;
  /** The wall of budgets; absent: none. */
  readonly budgets?: Budgets;
  /** Counts what turns do; absent: nobody asks. */
  readonly meters?: Meters;
  /** Asks a cheap model first, where nobody chose a model; absent: the main model answers everything. */
  readonly router?: { readonly lightModel: string; readonly timeoutMs: number };
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

/** What a turn of one user runs with. */
export interface Prepared {
  readonly user: User;
  readonly model: ReadyModel;
  readonly tools: ToolSnapshot;
  /** The cheap model, when this turn may ask it first. */
  readonly light?: ReadyModel;
}

/** Throws what stands against a turn of this user: no such user, no right to chat, no usable model. */
export async function prepareTurn(
  deps: ChatDeps,
  request: {
    readonly userId: string;
    readonly conversationId?: string;
    readonly taskId?: string;
    readonly model?: string;
    readonly tools?: boolean;
    readonly completion?: Completion;
  },
): Promise<Prepared> {
  const user = await deps.store.users.byId(request.userId);
  if (user === undefined) throw new ClawError('not-found', phrase('noSuchUser'));
  requireChatRight(user);
  const { model, isChosen } =
    request.model === undefined
      ? await chosenModel(deps, request)
      : { model: await deps.resolveModel(request.model), isChosen: true };
  const own = request.completion?.tools;
  if (own !== undefined) return { user, model, tools: callersTools(own) };
  const tools = request.tools === false ? NO_TOOLS : await deps.tools.snapshot(request.userId);
  const isOpen = !isChosen && request.tools !== false && request.completion === undefined;
  const light = isOpen ? await lightModel(deps, model) : undefined;
  return { user, model, tools, ...(light === undefined ? {} : { light }) };
}

/** The cheap model, when there is one besides the main model and both can be used. */
async function lightModel({ policy, resolveModel }: ChatDeps, main: ReadyModel): Promise<ReadyModel | undefined> {
  if (policy.router === undefined || main.isMetered === false) return undefined;
  // One that cannot be used is as good as none: the main model answers.
  const light = await resolveModel(policy.router.lightModel).catch(() => undefined);
  return light?.ref === main.ref ? undefined : light;
}

/** What one run of a turn adds. */
export interface RunOptions extends Pick<
  Turn,
  'mayJoin' | 'mayGrow' | 'canAsk' | 'isLimited' | 'signal' | 'taskId' | 'runBudgetMicroUsd'
> {
  readonly completion?: Completion;
  readonly maxCostUsd?: number;
  /** Text of the room's memory file. */
  readonly memory?: string;
}

function limitsOf({ limits }: ChatPolicy, completion: Completion | undefined): ChatPolicy['limits'] {
  const { maxOutputTokens = Infinity } = completion ?? {};
  return { ...limits, maxOutputTokens: Math.min(limits.maxOutputTokens, maxOutputTokens) };
}

/** What of a turn is its model's own: name, prices, budgets. */
export function payerOf({ budgets }: ChatPolicy, model: ReadyModel): LightModel['payer'] {
  return {
    modelRef: model.ref,
    ...(model.asked === undefined ? {} : { asked: model.asked }),
    price: model.price,
    ceiling: model.ceiling,
    ...(model.worstCost === undefined ? {} : { worstCost: model.worstCost }),
    ...(budgets === undefined || model.isMetered === false ? {} : { budgets }),
    takeNotices: model.takeNotices,
  };
}

/** The decision which model is asked first; undefined where only one can be, and for tasks, which are no light talk. */
async function routeOf(
  deps: ChatDeps,
  { model, light }: Prepared,
  claim: Claim,
  { taskId }: RunOptions,
): Promise<Routed | undefined> {
  if (light === undefined || taskId !== undefined) return undefined;
  return routeTurn(deps, claim, { main: model.ref, light: light.ref });
}

function lightOf(
  policy: ChatPolicy,
  { light }: Prepared,
  routed: Routed | undefined,
  instruction: string,
): { readonly light?: LightModel } {
  if (policy.router === undefined || light === undefined || routed?.isLight !== true) return {};
  const persona = personaText(instruction, policy.assistantName);
  const { timeoutMs } = policy.router;
  const { onEscalate } = routed;
  return { light: { model: light.model, persona, timeoutMs, payer: payerOf(policy, light), onEscalate } };
}

/** Runs a claimed turn to its end. */
export async function* runClaimed(
  deps: ChatDeps,
  prepared: Prepared,
  claim: Claim,
  options: RunOptions,
): AsyncGenerator<TurnEvent> {
  const { store, clock, policy } = deps;
  const { model, tools } = prepared;
  const { maxCostUsd = Infinity, memory, completion, ...own } = options;
  const { recall } = policy;
  const limits = limitsOf(policy, completion);
  const isBare = completion?.tools !== undefined;
  const { conversationId, startSeq } = claim;
  const { contextTokens } = model;
  const maxHistory = claim.resumed ? Infinity : limits.maxHistory;
  const grown = await compactWhenLong({ store, clock }, { conversationId, startSeq, maxHistory, contextTokens });
  if (grown.notice !== undefined) yield grown.notice;
  const { earlier } = grown;
  const from = (earlier?.upToSeq ?? 0) + 1;
  if (earlier !== undefined && !isBare) await recallEarlier(store, claim, earlier);
  const said = recall === undefined || isBare ? undefined : await recallMemories({ store, recall, from }, claim);
  if (policy.recallDocuments !== undefined && !isBare)
    await recallDocuments({ store, recall: policy.recallDocuments }, claim, said);
  const turnDeps: TurnDeps = { store, clock, model: model.model, tools, text: policy.text };
  const maxCostMicroUsd = Math.min(limits.maxCostMicroUsd, maxCostUsd * 1e6);
  const instruction = isBare ? '' : await policy.instruction();
  const routed = await routeOf(deps, prepared, claim, options);
  const closes = closesTurn({ clock, catalogue: policy.catalogue }, { ...claim, id: claim.turnId });
  const { meters } = policy;
  const events = runTurn(turnDeps, {
    ...own,
    ...payerOf(policy, model),
    id: claim.turnId,
    conversationId: claim.conversationId,
    userId: claim.userId,
    startSeq: claim.startSeq,
    resumed: claim.resumed,
    ...(earlier === undefined ? {} : { earlier }),
    system: [
      ...(isBare ? [] : systemPrompt(instruction, policy.assistantName, memory)),
      ...(completion === undefined ? [] : [{ text: completion.system, cacheBreakpoint: true }]),
    ],
    ...(completion === undefined ? {} : { given: givenPrompt(completion, policy.text) }),
    limits: { ...limits, maxCostMicroUsd, contextTokens },
    ...(meters === undefined ? {} : { onModelCall: (call: MeteredCall) => meterCall(meters, call) }),
    ...lightOf(policy, prepared, routed, instruction),
    onClose: async (tables, end) => {
      await closes(tables, end);
      await routed?.close(tables);
    },
  });
  try {
    yield* meters === undefined ? events : meterTurn({ meters, clock }, events);
  } finally {
    if (meters !== undefined) routed?.count(meters);
  }
}
