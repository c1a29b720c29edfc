/** Owns what a conversation looks like while it runs: pure, from the frames of the server. An event that came before changes nothing. */
import type { ServerFrame } from '../../../serve/ws/protocol.ts';
import { type AskedMessage, advance, type LiveTurn, newTurn } from './live-turn.ts';

export interface ChatState {
  readonly conversationId: string | undefined;
  readonly turns: readonly LiveTurn[];
  /** Another number whenever another conversation is looked at. */
  readonly opened: number;
}

export type ChatAction =
  | { readonly type: 'asked'; readonly message: AskedMessage }
  /** A turn that somebody else began, or this page before it was loaded anew. */
  | { readonly type: 'found'; readonly frameId: string; readonly turnId: string }
  | { readonly type: 'frames'; readonly frames: readonly ServerFrame[] }
  /** The past has these turns now. */
  | { readonly type: 'settled'; readonly turnIds: ReadonlySet<string> }
  /** A message that failed is taken off the page. */
  | { readonly type: 'dropped'; readonly frameId: string }
  | { readonly type: 'opened'; readonly conversationId: string | undefined };

export const NO_CHAT: ChatState = { conversationId: undefined, turns: [], opened: 0 };

export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'opened':
      return { conversationId: action.conversationId, turns: [], opened: state.opened + 1 };
    case 'asked':
      return asked(state, action.message);
    case 'found': {
      if (state.turns.some(({ turnId }) => turnId === action.turnId)) return state;
      const turn = { ...newTurn({ frameId: action.frameId, text: '', pictures: [] }), turnId: action.turnId };
      return { ...state, turns: [...state.turns, { ...turn, isFound: true, state: 'running' }] };
    }
    case 'frames':
      return action.frames.reduce(takeFrame, state);
    case 'settled': {
      const turns = state.turns.filter(
        (turn) =>
          isRunning(turn) || turn.joining.length > 0 || turn.turnId === undefined || !action.turnIds.has(turn.turnId),
      );
      return turns.length === state.turns.length ? state : { ...state, turns };
    }
    case 'dropped':
      return { ...state, turns: state.turns.filter(({ frameId }) => frameId !== action.frameId) };
  }
}

/** The turn that still runs, if one does. */
export function runningTurn({ turns }: ChatState): LiveTurn | undefined {
  return turns.find(isRunning);
}

function isRunning({ state }: LiveTurn): boolean {
  return state === 'sending' || state === 'running';
}

/** While a turn runs, what is said joins it. */
function asked(state: ChatState, message: AskedMessage): ChatState {
  const at = state.turns.findIndex(isRunning);
  const turn = state.turns[at];
  if (turn === undefined) return { ...state, turns: [...state.turns, newTurn(message)] };
  return { ...state, turns: state.turns.with(at, { ...turn, joining: [...turn.joining, message] }) };
}

function takeFrame(state: ChatState, frame: ServerFrame): ChatState {
  const at = state.turns.findIndex((turn) => isOf(turn, frame));
  const turn = state.turns[at];
  if (turn === undefined) return takeLate(state, frame);
  if ('seq' in frame && typeof frame.seq === 'number' && frame.seq <= turn.seq) return state;
  if (turn.isFound && (frame.type === 'error' || (frame.type === 'info' && frame.code === 'running'))) {
    // It runs in another process: what it says comes with the past.
    return { ...state, turns: state.turns.toSpliced(at, 1) };
  }
  const conversationId = 'conversation_id' in frame ? frame.conversation_id : undefined;
  return {
    ...state,
    conversationId: typeof conversationId === 'string' ? conversationId : state.conversationId,
    turns: state.turns.with(at, advance(turn, frame)),
  };
}

function isOf(turn: LiveTurn, frame: ServerFrame): boolean {
  if ('turn_id' in frame && typeof frame.turn_id === 'string' && turn.turnId !== undefined)
    return frame.turn_id === turn.turnId;
  return 'id' in frame && frame.id === turn.frameId;
}

/** What was to join a turn came too late and began the next one, or could not be taken. */
function takeLate(state: ChatState, frame: ServerFrame): ChatState {
  if (frame.type === 'stream_start') {
    const at = state.turns.findIndex(
      ({ frameId, joining }) => frame.id === frameId || joining.some((message) => message.frameId === frame.id),
    );
    const before = state.turns[at];
    const [message, ...more] = before?.joining ?? [];
    if (before === undefined || message === undefined) return state;
    const next = advance({ ...newTurn(message), joining: more }, frame);
    return { ...state, turns: [...state.turns.with(at, { ...before, joining: [] }), next] };
  }
  if (frame.type !== 'error') return state;
  const turns = state.turns.flatMap((turn) => {
    const failed = turn.joining.find(({ frameId }) => frameId === frame.id);
    if (failed === undefined) return [turn];
    const rest = { ...turn, joining: turn.joining.filter((each) => each !== failed) };
    return [rest, advance(newTurn(failed), frame)];
  });
  return { ...state, turns };
}
