/** Owns what a conversation looks like while it runs: pure, from the frames of the server. An event that came before changes nothing. */
import type { ServerFrame } from '../../../serve/ws/protocol.ts';

export interface ToolRun {
  readonly callId: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Undefined while it runs. */
  readonly status?: string;
  readonly ms?: number;
  readonly output?: string;
}

export interface Question {
  readonly approvalId: string;
  readonly act: string;
  readonly reason: string;
  /** What was answered here. */
  readonly answer?: 'approve' | 'deny';
}

export interface LiveTurn {
  /** Id of the frame that asked. */
  readonly frameId: string;
  readonly asked: string;
  readonly turnId?: string;
  readonly lastEventId?: string;
  readonly seq: number;
  readonly text: string;
  readonly reasoning: string;
  readonly tools: readonly ToolRun[];
  readonly questions: readonly Question[];
  readonly remarks: readonly string[];
  readonly state: 'sending' | 'running' | 'done' | 'failed';
  readonly failure?: string;
  readonly tokens?: number;
  readonly costUsd?: number | null;
}

export interface ChatState {
  readonly conversationId: string | undefined;
  readonly turns: readonly LiveTurn[];
}

export type ChatAction =
  | { readonly type: 'asked'; readonly frameId: string; readonly text: string }
  | { readonly type: 'frame'; readonly frame: ServerFrame }
  | { readonly type: 'answered'; readonly approvalId: string; readonly answer: 'approve' | 'deny' }
  | { readonly type: 'opened'; readonly conversationId: string | undefined };

export const NO_CHAT: ChatState = { conversationId: undefined, turns: [] };

export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'opened':
      return { conversationId: action.conversationId, turns: [] };
    case 'asked':
      return { ...state, turns: [...state.turns, newTurn(action.frameId, action.text)] };
    case 'answered':
      return { ...state, turns: state.turns.map((turn) => answered(turn, action.approvalId, action.answer)) };
    case 'frame':
      return takeFrame(state, action.frame);
  }
}

/** The turn that still runs, if one does. */
export function runningTurn({ turns }: ChatState): LiveTurn | undefined {
  return turns.find(({ state }) => state === 'sending' || state === 'running');
}

function newTurn(frameId: string, asked: string): LiveTurn {
  const nothing = { text: '', reasoning: '', tools: [], questions: [], remarks: [] };
  return { frameId, asked, seq: 0, state: 'sending', ...nothing };
}

function answered(turn: LiveTurn, approvalId: string, answer: 'approve' | 'deny'): LiveTurn {
  const questions = turn.questions.map((each) => (each.approvalId === approvalId ? { ...each, answer } : each));
  return { ...turn, questions };
}

function takeFrame(state: ChatState, frame: ServerFrame): ChatState {
  const at = state.turns.findIndex((turn) => isOf(turn, frame));
  const turn = state.turns[at];
  if (turn === undefined) return state;
  if ('seq' in frame && typeof frame.seq === 'number' && frame.seq <= turn.seq) return state;
  const next = advance(turn, frame);
  const conversationId = 'conversation_id' in frame ? frame.conversation_id : undefined;
  return {
    conversationId: typeof conversationId === 'string' ? conversationId : state.conversationId,
    turns: state.turns.with(at, next),
  };
}

function isOf(turn: LiveTurn, frame: ServerFrame): boolean {
  if ('turn_id' in frame && turn.turnId !== undefined && frame.turn_id === turn.turnId) return true;
  return 'id' in frame && frame.id === turn.frameId;
}

function advance(turn: LiveTurn, frame: ServerFrame): LiveTurn {
  const seen =
    'event_id' in frame && typeof frame.event_id === 'string' && 'seq' in frame && typeof frame.seq === 'number'
      ? { lastEventId: frame.event_id, seq: frame.seq }
      : {};
  const known = 'turn_id' in frame && typeof frame.turn_id === 'string' ? { turnId: frame.turn_id } : {};
  const base: LiveTurn = { ...turn, ...seen, ...known };
  switch (frame.type) {
    case 'stream_start':
      return { ...base, state: 'running' };
    case 'stream_delta':
      return frame.kind === 'text'
        ? { ...base, text: base.text + frame.text }
        : { ...base, reasoning: base.reasoning + frame.text };
    case 'stream_tool_start':
      return { ...base, tools: [...base.tools, { callId: frame.call_id, name: frame.name, input: frame.input }] };
    case 'stream_tool_end':
      return { ...base, tools: base.tools.map((run) => (run.callId === frame.call_id ? ended(run, frame) : run)) };
    case 'approval_request': {
      const question = { approvalId: frame.approval_id, act: frame.act, reason: frame.reason };
      return { ...base, questions: [...base.questions, question] };
    }
    case 'info':
      return { ...base, remarks: [...base.remarks, frame.message] };
    case 'error':
      return { ...base, state: 'failed', failure: frame.message };
    case 'response':
    case 'stream_end':
      return {
        ...base,
        text: frame.text,
        tokens: frame.usage.input_tokens + frame.usage.output_tokens,
        costUsd: frame.usage.cost_usd,
        ...(frame.error === undefined ? { state: 'done' } : { state: 'failed', failure: frame.error.message }),
      };
    case 'changed':
    case 'pong':
      return base;
  }
}

function ended(run: ToolRun, { status, ms, output }: { status: string; ms: number; output: string }): ToolRun {
  return { ...run, status, ms, output };
}
