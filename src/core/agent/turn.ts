/** Owns the vocabulary of the agent: what a turn is given, what it may use, and what it keeps count of while it runs. */
import type { Clock } from '../kernel/clock.ts';
import type { Notice, StopReason, ToolSummary, TurnEnd } from '../kernel/events.ts';
import type { ToolCallPart, Usage } from '../kernel/messages.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import type { LanguageModel, SystemPart } from '../llm/language-model.ts';
import type { Earlier } from './compact.ts';
import type { GivenPrompt } from './given-prompt.ts';
import type { Budgets } from '../spending/budgets.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { TurnState } from '../store/schema.ts';
import type { Store, Tables } from '../store/store.ts';
import type { PaidCall, ToolSnapshot } from '../tools/tool-port.ts';

/** Everything a turn may touch. */
export interface TurnDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly model: LanguageModel;
  readonly tools: ToolSnapshot;
  readonly text: TextGuards;
}

/** Keeps secrets out of the journal and the answer, and long tool output out of the prompt. */
export interface TextGuards {
  mask(text: string): string;
  /** Masks every string of a JSON value. */
  maskJson<T>(value: T): T;
  /** For text that comes in chunks: a secret split over two of them is masked all the same. */
  maskStream(): { push(chunk: string): string; flush(): string };
  /** Shortens tool output over the limit; the whole of it goes to a file the model can read. */
  fit(output: string, callId: string): Promise<string>;
}

export interface TurnLimits {
  readonly maxOutputTokens: number;
  readonly maxToolRounds: number;
  /** Tokens of all model calls together. */
  readonly maxTokens: number;
  readonly maxCostMicroUsd: number;
  readonly maxMs: number;
  readonly toolTimeoutMs: number;
  /** Messages of history to send. */
  readonly maxHistory: number;
  /** Tokens the model can take in all. */
  readonly contextTokens: number;
}

/** One turn to run or to go on with. */
export interface Turn {
  readonly id: string;
  readonly conversationId: string;
  readonly userId: string;
  /** `provider/model`. */
  readonly modelRef: string;
  /** `seq` of the user message it answers. */
  readonly startSeq: number;
  readonly resumed: boolean;
  readonly system: readonly SystemPart[];
  /** What precedes the messages when the beginning of the conversation is compacted. */
  readonly earlier?: Earlier;
  readonly limits: TurnLimits;
  /** What is sent instead of the history. */
  readonly given?: GivenPrompt;
  /** `provider/model` that is asked now, or was asked last; absent: `modelRef`. */
  readonly asked?: () => string;
  /** Price of a call of that model in micro-USD; null when unknown. */
  readonly price: (usage: Usage) => number | null;
  /** What an unknown price counts as against `maxCostMicroUsd`. */
  readonly ceiling: (usage: Usage) => number;
  /** The most a call can cost, whichever model answers, in micro-USD; absent: as `ceiling`. */
  readonly worstCost?: (usage: Usage) => number;
  /** The wall of budgets; absent for a model that calls nobody. */
  readonly budgets?: Budgets;
  /** The task it runs for. */
  readonly taskId?: string;
  /** Most that its calls may be charged together, in micro-USD; reserved before each. */
  readonly runBudgetMicroUsd?: number;
  /** Takes what the provider layer had to say (retry, failover) since the last call. */
  readonly takeNotices: () => Notice[];
  /** Hears of each model call that was written down. */
  readonly onModelCall?: (call: WrittenCall) => void;
  /** The cheap model that is asked first; absent: none. */
  readonly light?: LightModel;
  /** Whether a stored message that waits may join while it runs. */
  readonly mayJoin: (row: InboundRow) => boolean;
  /** False while no message can be waiting for it; absent: it has to look. */
  readonly mayGrow?: () => boolean;
  /** Someone watches and can answer a request for approval. */
  readonly canAsk: boolean;
  /** Whether a message of it came with a key that is good for some things only; absent: none did. */
  readonly isLimited?: () => boolean;
  readonly signal: AbortSignal;
  /** Called in the transaction that closes the turn: an answer and the rows that carry it out commit together. Awaits nothing but the tables. */
  readonly onClose?: (tables: Tables, end: TurnClose) => Promise<void>;
}

/** A model call that was written down. */
export type WrittenCall = PaidCall;

/** A cheap model that a turn may ask first. */
export interface LightModel {
  readonly model: LanguageModel;
  /** Who it is to be, in words. */
  readonly persona: string;
  readonly timeoutMs: number;
  /** What of the turn is its own. */
  readonly payer: Pick<Turn, 'modelRef' | 'asked' | 'price' | 'ceiling' | 'worstCost' | 'budgets' | 'takeNotices'>;
  /** Hears why the main model has to take over. */
  readonly onEscalate: (why: string) => void;
}

/** What is needed to make and write down one model call: of a turn, or of work beside turns. */
export type CallTurn = Pick<
  Turn,
  | 'id'
  | 'conversationId'
  | 'userId'
  | 'modelRef'
  | 'asked'
  | 'price'
  | 'ceiling'
  | 'worstCost'
  | 'budgets'
  | 'taskId'
  | 'runBudgetMicroUsd'
  | 'onModelCall'
> & {
  /** The tool that the calls are made for; absent: those whose results they read. */
  readonly forTool?: string;
};

/** How a turn ended. */
export interface TurnClose {
  readonly state: Exclude<TurnState, 'running'>;
  readonly stopReason: StopReason;
  readonly error?: NonNullable<TurnEnd['error']>;
  /** What the user is told beside the answer: why it stopped, claims without proof. */
  readonly remarks: readonly Phrase[];
}

/** Counts of a running turn. */
export interface Tally {
  /** What precedes the messages; changes when the conversation outgrows the model within the turn. */
  earlier: Earlier | undefined;
  /** `provider/model` of the cheap model, when it gave the answer. */
  answeredBy?: string;
  usage: Usage;
  costMicroUsd: number;
  /** False once a call had no known price. */
  isPriced: boolean;
  /** What counts against the cost limit: known prices and ceilings of unknown ones. */
  chargedMicroUsd: number;
  rounds: number;
  /** What was said about budgets. */
  remarks: Phrase[];
  visible: string;
  tools: ToolSummary[];
  /** `name + input` of the calls of the last rounds, to notice a loop. */
  /** Calls that the caller is to run. */
  calls?: Pick<ToolCallPart, 'callId' | 'name' | 'input'>[];
  recentCalls: string[];
  failuresInARow: number;
}
