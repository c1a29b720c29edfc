/** Owns the vocabulary of the REPL: what is on the screen for good, what is still running, and what is being typed. */
import type { TurnUsage } from '../core/kernel/events.ts';
import type { JsonObject, ToolStatus } from '../core/kernel/messages.ts';
import { NO_APPROVALS, type ApprovalQueue } from './approval-choices.ts';
import { EMPTY_EDITOR, type Editor } from './input-editor.ts';
import { EMPTY_MARKDOWN, type MarkdownStream } from './markdown-stream.ts';
import { ENGLISH, type Catalogue } from '../core/kernel/language/catalogue.ts';
import { EMPTY_FILTER, type TerminalFilter } from '../core/kernel/terminal-text.ts';

export type NoticeLevel = 'info' | 'warning' | 'error';

/** Something finished: printed once, never drawn again. All text in it is safe for a terminal. */
export type ItemBody =
  | { readonly kind: 'banner'; readonly version: string }
  | { readonly kind: 'user'; readonly text: string; readonly joined: boolean }
  /** Markdown that is final; `continuesAt` as in a piece of the stream. */
  | { readonly kind: 'answer'; readonly source: string; readonly continuesAt: number | undefined }
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly input: string;
      readonly status: ToolStatus;
      readonly ms: number;
      readonly output: string;
    }
  | { readonly kind: 'notice'; readonly level: NoticeLevel; readonly text: string; readonly hint?: string }
  /** Answer of a slash command, in Markdown. */
  | { readonly kind: 'report'; readonly source: string };

export type Item = ItemBody & {
  readonly id: number;
  /** A blank line stands before it. */
  readonly gap: boolean;
};

export interface RunningTool {
  readonly callId: string;
  readonly name: string;
  readonly input: string;
  /** Milliseconds UTC. */
  readonly startedAt: number;
  readonly progress: string;
}

export interface LiveTurn {
  readonly filter: TerminalFilter;
  readonly markdown: MarkdownStream;
  readonly tools: readonly RunningTool[];
  readonly isThinking: boolean;
  readonly isStopping: boolean;
  /** True once the core said why the turn stopped, so that it is not said twice. */
  readonly isStopTold: boolean;
  /** Milliseconds UTC. */
  readonly startedAt: number;
}

export interface Completion {
  /** Index in the text where the replaced part begins. */
  readonly from: number;
  readonly options: readonly { readonly text: string; readonly hint: string }[];
  readonly chosen: number;
}

/** A choice from a list, made with the arrow keys. */
export interface Picker {
  readonly title: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
  readonly chosen: number;
  /** The slash command that gets the chosen value as its argument. */
  readonly command: string;
}

export interface Session {
  readonly conversationId: string | undefined;
  /** `provider/model`; empty until known. */
  readonly model: string;
  /** Tokens the model takes in all; null when unknown. */
  readonly contextTokens: number | null;
  /** Tokens the conversation takes of it at the last call; null when unknown. */
  readonly usedTokens: number | null;
  readonly lastUsage: TurnUsage | undefined;
  /** USD of all turns of this session; turns of unknown price are not in it. */
  readonly costUsd: number;
  readonly hasUnknownCost: boolean;
  readonly turns: number;
}

export interface ReplState {
  readonly items: readonly Item[];
  /** Where printing begins and how many lines of that item are left out; nothing before `cleared` is shown again; `epoch` changes when the screen is drawn anew. */
  readonly print: {
    readonly epoch: number;
    readonly from: number;
    readonly skipLines: number;
    readonly cleared: number;
  };
  readonly nextId: number;
  readonly turn: LiveTurn | undefined;
  /** Messages given to the running turn that it has not taken yet. */
  readonly waiting: readonly string[];
  readonly editor: Editor;
  readonly completion: Completion | undefined;
  readonly picker: Picker | undefined;
  readonly approvals: ApprovalQueue;
  readonly session: Session;
  /** Ctrl-C was pressed; the next one leaves. */
  readonly isExitArmed: boolean;
  readonly isReady: boolean;
  /** A remark beside the status line, until the next key. */
  readonly hint: string;
  /** What claw itself says is said in these words. */
  readonly catalogue: Catalogue;
}

export const EMPTY_SESSION: Session = {
  conversationId: undefined,
  model: '',
  contextTokens: null,
  usedTokens: null,
  lastUsage: undefined,
  costUsd: 0,
  hasUnknownCost: false,
  turns: 0,
};

export function newTurn(now: number): LiveTurn {
  return {
    filter: EMPTY_FILTER,
    markdown: EMPTY_MARKDOWN,
    tools: [],
    isThinking: true,
    isStopping: false,
    isStopTold: false,
    startedAt: now,
  };
}

/** What the first frame shows. */
export function initialState(version: string, catalogue: Catalogue = ENGLISH): ReplState {
  return {
    items: [{ kind: 'banner', version, id: 0, gap: false }],
    print: { epoch: 0, from: 0, skipLines: 0, cleared: 0 },
    nextId: 1,
    turn: undefined,
    waiting: [],
    editor: EMPTY_EDITOR,
    completion: undefined,
    picker: undefined,
    approvals: NO_APPROVALS,
    session: EMPTY_SESSION,
    isExitArmed: false,
    isReady: false,
    hint: '',
    catalogue,
  };
}

/** A tool's input on one line, as `name: value` pairs; for display only. */
export function foldInput(input: JsonObject): string {
  return Object.entries(input)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
