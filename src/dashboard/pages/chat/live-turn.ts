/** Owns what is known of one turn while it runs: pure, from its frames, in the order things happened. */
import type { ServerFrame } from '../../../serve/ws/protocol.ts';

/** A message as it was written on this page. */
export interface AskedMessage {
  readonly frameId: string;
  readonly text: string;
  readonly pictures: readonly AskedFile[];
  /** `provider/model` that was chosen. */
  readonly model?: string | undefined;
}

/** A file that was attached, as the server knows it. */
export interface AskedFile {
  readonly id: string;
  readonly name: string;
  /** What the browser shows of a picture; undefined for a text. */
  readonly url: string | undefined;
}

export interface ToolRun {
  readonly kind: 'tool';
  readonly callId: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Undefined while it runs. */
  readonly status?: string;
  readonly ms?: number;
  readonly output?: string;
  /** What it does at the moment, as it says. */
  readonly progress?: string;
}

export interface Question {
  readonly kind: 'question';
  readonly approvalId: string;
  readonly callId: string;
  readonly act: string;
  readonly reason: string;
  /** Milliseconds UTC. */
  readonly expiresAt: number;
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'remark'; readonly text: string }
  /** A message that joined it. */
  | { readonly kind: 'said'; readonly text: string }
  | ToolRun
  | Question;

export interface LiveTurn {
  /** Id of the frame that asked. */
  readonly frameId: string;
  readonly asked: AskedMessage;
  /** Begun elsewhere: what was asked stands in the past. */
  readonly isFound: boolean;
  /** Messages that wait to join it. */
  readonly joining: readonly AskedMessage[];
  readonly turnId?: string;
  readonly lastEventId?: string;
  readonly seq: number;
  readonly pieces: readonly Piece[];
  readonly state: 'sending' | 'running' | 'done' | 'failed';
  readonly failure?: { readonly message: string; readonly hint?: string };
  readonly stopReason?: string;
  readonly model?: string;
  readonly tokens?: number;
  readonly costUsd?: number | null;
}

export function newTurn(asked: AskedMessage): LiveTurn {
  return { frameId: asked.frameId, asked, isFound: false, joining: [], seq: 0, pieces: [], state: 'sending' };
}

/** What was said in answer so far. */
export function textOf({ pieces }: LiveTurn): string {
  return pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
}

/** The turn after one more frame of it. */
export function advance(turn: LiveTurn, frame: ServerFrame): LiveTurn {
  const base = { ...turn, ...placeOf(frame) };
  switch (frame.type) {
    case 'stream_start':
      return { ...base, state: 'running', model: frame.model };
    case 'stream_delta':
      return { ...base, pieces: grown(base.pieces, frame.kind, frame.text) };
    case 'stream_tool_start': {
      const { call_id: callId, name, input } = frame;
      return { ...base, pieces: [...base.pieces, { kind: 'tool', callId, name, input }] };
    }
    case 'stream_tool_end': {
      const { status, ms, output } = frame;
      return { ...base, pieces: withTool(base.pieces, frame.call_id, { status, ms, output }) };
    }
    case 'approval_request': {
      const { approval_id: approvalId, call_id: callId, act, reason, expires_at: expiresAt } = frame;
      return { ...base, pieces: [...base.pieces, { kind: 'question', approvalId, callId, act, reason, expiresAt }] };
    }
    case 'info':
      return informed(base, frame);
    case 'error':
      return { ...base, state: 'failed', failure: failureOf(frame) };
    case 'response':
    case 'stream_end':
      return ended(base, frame);
    case 'pong':
    case 'changed':
      return base;
  }
}

function placeOf(frame: ServerFrame): Partial<LiveTurn> {
  const seen =
    'event_id' in frame && typeof frame.event_id === 'string' && 'seq' in frame && typeof frame.seq === 'number'
      ? { lastEventId: frame.event_id, seq: frame.seq }
      : {};
  return 'turn_id' in frame && typeof frame.turn_id === 'string' ? { ...seen, turnId: frame.turn_id } : seen;
}

function grown(pieces: readonly Piece[], kind: 'text' | 'reasoning', text: string): readonly Piece[] {
  const last = pieces.at(-1);
  return last?.kind === kind ? [...pieces.slice(0, -1), { kind, text: last.text + text }] : [...pieces, { kind, text }];
}

function withTool(pieces: readonly Piece[], callId: string, change: Partial<ToolRun>): readonly Piece[] {
  return pieces.map((piece) => (piece.kind === 'tool' && piece.callId === callId ? { ...piece, ...change } : piece));
}

function informed(turn: LiveTurn, frame: Extract<ServerFrame, { type: 'info' }>): LiveTurn {
  const { code, message } = frame;
  switch (code) {
    case 'tool-progress': {
      const callId = 'call_id' in frame ? String(frame['call_id']) : '';
      return { ...turn, pieces: withTool(turn.pieces, callId, { progress: message }) };
    }
    case 'steering':
    case 'cancelling':
      return turn;
    case 'steered':
      // All that waited join at the same step.
      return { ...turn, joining: [], pieces: [...turn.pieces, ...turn.joining.map(joined)] };
    default:
      return { ...turn, pieces: [...turn.pieces, { kind: 'remark', text: message }] };
  }
}

function joined({ text }: AskedMessage): Piece {
  return { kind: 'said', text };
}

function ended(turn: LiveTurn, frame: Extract<ServerFrame, { type: 'response' | 'stream_end' }>): LiveTurn {
  const { usage, error } = frame;
  // Some of its events may be gone; the whole answer is in the last one.
  const isWhole = textOf(turn) === frame.text;
  const others = turn.pieces.filter(({ kind }) => kind !== 'text');
  return {
    ...turn,
    pieces: isWhole || frame.text === '' ? turn.pieces : [...others, { kind: 'text', text: frame.text }],
    model: frame.model,
    tokens: usage.input_tokens + usage.output_tokens,
    costUsd: usage.cost_usd,
    ...(frame.stop_reason === null ? {} : { stopReason: frame.stop_reason }),
    ...(error === undefined ? { state: 'done' } : { state: 'failed', failure: failureOf(error) }),
  };
}

function failureOf({ message, hint }: { readonly message: string; readonly hint?: string | null | undefined }) {
  return typeof hint === 'string' ? { message, hint } : { message };
}
