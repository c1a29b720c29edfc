/** Owns how the REPL changes: a pure function of state and action. Everything others wrote is made safe for the terminal here, once. */
import { unreachable } from '../core/kernel/errors.ts';
import { explain } from '../core/kernel/language/catalogue.ts';
import { inWords } from '../core/kernel/language/phrase.ts';
import type { Notice, ToolEnd, TurnEnd, TurnEvent } from '../core/kernel/events.ts';
import { NO_APPROVALS, type PendingApproval } from './approval-choices.ts';
import type { Editor } from './input-editor.ts';
import { EMPTY_MARKDOWN, endMarkdown, pushMarkdown, type MarkdownPiece } from './markdown-stream.ts';
import {
  foldInput,
  newTurn,
  type Completion,
  type ItemBody,
  type LiveTurn,
  type Picker,
  type ReplState,
  type Session,
} from './repl-state.ts';
import { EMPTY_FILTER, filterChunk, safeLine, safeText } from '../core/kernel/terminal-text.ts';

export type ReplAction =
  | { readonly type: 'ready'; readonly session: Partial<Session> }
  /** A message goes out; a turn is about to start. `queued`: the waiting messages it is made of. */
  | { readonly type: 'sent'; readonly text: string; readonly queued: readonly string[]; readonly now: number }
  /** A message was given to the running turn. */
  | { readonly type: 'steered'; readonly text: string }
  | { readonly type: 'event'; readonly event: TurnEvent; readonly now: number }
  /** The events of a message are over, whatever happened. */
  | { readonly type: 'settled' }
  | { readonly type: 'stopping' }
  | { readonly type: 'print'; readonly item: ItemBody }
  | { readonly type: 'session'; readonly session: Partial<Session> }
  | { readonly type: 'edit'; readonly editor: Editor }
  | { readonly type: 'complete'; readonly completion: Completion | undefined }
  | { readonly type: 'pick'; readonly picker: Picker | undefined }
  /** Requests for approval that wait for an answer. */
  | { readonly type: 'ask'; readonly approvals: readonly PendingApproval[]; readonly now: number }
  | { readonly type: 'choose-answer'; readonly chosen: number }
  | { readonly type: 'answered'; readonly approvalId: string; readonly now: number }
  | { readonly type: 'arm-exit' }
  | { readonly type: 'hint'; readonly hint: string }
  /** The screen was erased: print again from there. */
  | { readonly type: 'redraw'; readonly from: number; readonly skipLines: number }
  /** The screen was erased: show nothing of before. */
  | { readonly type: 'cleared' };

export function replReducer(state: ReplState, action: ReplAction): ReplState {
  switch (action.type) {
    case 'ready':
      return { ...state, isReady: true, session: { ...state.session, ...action.session } };
    case 'sent': {
      const queued = new Set(action.queued.map(safeText));
      const waiting = state.waiting.filter((text) => !queued.has(text));
      return {
        ...addItem({ ...state, waiting }, { kind: 'user', text: safeText(action.text), joined: false }),
        turn: newTurn(action.now),
      };
    }
    case 'steered':
      return { ...state, waiting: [...state.waiting, safeText(action.text)] };
    case 'event':
      return reduceEvent(state, action.event, action.now);
    case 'settled':
      return { ...flushText(state), turn: undefined, approvals: NO_APPROVALS };
    case 'stopping':
      return state.turn === undefined ? state : { ...state, turn: { ...state.turn, isStopping: true } };
    case 'print':
      return addItem(state, safeBody(action.item));
    case 'session':
      return { ...state, session: { ...state.session, ...action.session } };
    case 'edit':
      return { ...state, editor: action.editor, completion: undefined, isExitArmed: false, hint: '' };
    case 'complete':
      return { ...state, completion: action.completion };
    case 'pick':
      return { ...state, picker: action.picker };
    case 'ask':
      return askFor(state, action.approvals, action.now);
    case 'choose-answer':
      return { ...state, approvals: { ...state.approvals, chosen: action.chosen } };
    case 'answered':
      return dropApprovals(state, ({ approvalId }) => approvalId === action.approvalId, action.now);
    case 'arm-exit':
      return { ...state, completion: undefined, picker: undefined, isExitArmed: true, hint: '' };
    case 'hint':
      return { ...state, hint: action.hint, isExitArmed: false };
    case 'redraw':
      return {
        ...state,
        print: { ...state.print, epoch: state.print.epoch + 1, from: action.from, skipLines: action.skipLines },
      };
    case 'cleared': {
      const from = state.items.length;
      return { ...state, print: { epoch: state.print.epoch + 1, from, skipLines: 0, cleared: from } };
    }
    default:
      return unreachable(action);
  }
}

function reduceEvent(state: ReplState, event: TurnEvent, now: number): ReplState {
  switch (event.type) {
    case 'turn-start': {
      // Messages that waited through the turn before are what this one answers.
      const taken = takeWaiting(flushText(state));
      const session = { ...taken.session, conversationId: event.conversationId, model: event.model };
      const started = { ...taken, session, turn: taken.turn ?? newTurn(now) };
      const text = state.catalogue.repl.goesOnFromCut;
      return event.resumed ? addItem(started, { kind: 'notice', level: 'info', text }) : started;
    }
    case 'text-delta':
      return addText(state, event.text, now);
    case 'reasoning-delta':
      return state;
    case 'tool-start': {
      const flushed = flushText(state);
      const turn = flushed.turn ?? newTurn(now);
      const tool = {
        callId: event.callId,
        name: safeLine(event.name),
        input: safeLine(foldInput(event.input)),
        startedAt: now,
        progress: '',
      };
      return { ...flushed, turn: { ...turn, tools: [...turn.tools, tool], isThinking: false } };
    }
    case 'tool-progress':
      return updateTools(state, (turn) =>
        turn.tools.map((tool) => (tool.callId === event.callId ? { ...tool, progress: safeLine(event.text) } : tool)),
      );
    case 'tool-end':
      return endTool(
        dropApprovals(state, ({ callId }) => callId === event.callId, now),
        event,
      );
    case 'approval-request':
      return askFor(flushText(state), [event], now);
    case 'notice':
      return addNotice(state, event);
    case 'turn-end':
      return endTurn(state, event);
    default:
      return unreachable(event);
  }
}

function endTool(state: ReplState, { callId, name, status, ms, output }: ToolEnd): ReplState {
  const input = state.turn?.tools.find((tool) => tool.callId === callId)?.input ?? '';
  const ended = updateTools(flushText(state), (turn) => turn.tools.filter((tool) => tool.callId !== callId));
  return addItem(ended, { kind: 'tool', name: safeLine(name), input, status, ms, output: safeText(output) });
}

function askFor(state: ReplState, asked: readonly PendingApproval[], now: number): ReplState {
  const { waiting } = state.approvals;
  const added = asked
    .filter(({ approvalId }) => !waiting.some((each) => each.approvalId === approvalId))
    .map(({ approvalId, callId, act, reason }) => ({
      approvalId,
      callId,
      act: safeText(act),
      reason: safeText(reason),
    }));
  const approvals = {
    ...(waiting.length === 0 ? { chosen: 0, since: now } : state.approvals),
    waiting: [...waiting, ...added],
  };
  return { ...state, approvals };
}

/** Takes requests away that are answered; the next one is asked anew. */
function dropApprovals(state: ReplState, isDone: (approval: PendingApproval) => boolean, now: number): ReplState {
  const waiting = state.approvals.waiting.filter((approval) => !isDone(approval));
  if (waiting.length === state.approvals.waiting.length) return state;
  return { ...state, approvals: { waiting, chosen: 0, since: now } };
}

function addText(state: ReplState, text: string, now: number): ReplState {
  const turn = state.turn ?? newTurn(now);
  const filtered = filterChunk(turn.filter, text);
  const { stream, pieces } = pushMarkdown(turn.markdown, filtered.text);
  const next = { ...state, turn: { ...turn, filter: filtered.filter, markdown: stream, isThinking: false } };
  return addPieces(next, pieces);
}

/** What was said so far becomes final; something else comes after it. */
function flushText(state: ReplState): ReplState {
  if (state.turn === undefined) return state;
  const { markdown } = state.turn;
  const turn: LiveTurn = { ...state.turn, markdown: EMPTY_MARKDOWN, filter: EMPTY_FILTER, isThinking: true };
  return addPieces({ ...state, turn }, endMarkdown(markdown));
}

function addPieces(state: ReplState, pieces: readonly MarkdownPiece[]): ReplState {
  return pieces.reduce<ReplState>(
    (next, { source, continuesAt }) => addItem(next, { kind: 'answer', source, continuesAt }),
    state,
  );
}

function addNotice(state: ReplState, { code, level, text, phrase }: Notice): ReplState {
  const flushed = flushText(state);
  if (code === 'steered') return takeWaiting(flushed);
  const told =
    flushed.turn === undefined || code !== 'stopped'
      ? flushed
      : { ...flushed, turn: { ...flushed.turn, isStopTold: true } };
  const said = phrase === undefined ? text : inWords(phrase, state.catalogue.phrases);
  return addItem(told, { kind: 'notice', level, text: safeText(said) });
}

function takeWaiting(state: ReplState): ReplState {
  return state.waiting.reduce<ReplState>((next, text) => addItem(next, { kind: 'user', text, joined: true }), {
    ...state,
    waiting: [],
  });
}

function endTurn(state: ReplState, event: TurnEnd): ReplState {
  const flushed = flushText(state);
  const { session } = flushed;
  const counted: Session = {
    ...session,
    model: event.model,
    conversationId: event.conversationId,
    lastUsage: event.usage,
    costUsd: session.costUsd + (event.usage.costUsd ?? 0),
    hasUnknownCost: session.hasUnknownCost || event.usage.costUsd === null,
    turns: session.turns + 1,
  };
  const over: ReplState = { ...flushed, session: counted, turn: undefined };
  if (event.error !== undefined) {
    const { message, hint } = explain(event.error, state.catalogue);
    return addItem(over, {
      kind: 'notice',
      level: 'error',
      text: safeText(message),
      ...(hint === undefined ? {} : { hint: safeText(hint) }),
    });
  }
  if (event.stopReason === 'complete' || flushed.turn?.isStopTold === true) return over;
  const texts = state.catalogue.repl;
  const text = event.stopReason === 'interrupted' ? texts.interrupted : texts.stopped(event.stopReason);
  return addItem(over, { kind: 'notice', level: 'warning', text });
}

function updateTools(state: ReplState, change: (turn: LiveTurn) => LiveTurn['tools']): ReplState {
  return state.turn === undefined ? state : { ...state, turn: { ...state.turn, tools: change(state.turn) } };
}

/** Items of these kinds stand close together. */
const GROUPED = new Set<ItemBody['kind']>(['tool', 'notice']);

function addItem(state: ReplState, body: ItemBody): ReplState {
  const before = state.items.at(-1);
  const joins =
    body.kind === 'answer'
      ? body.continuesAt !== undefined
      : GROUPED.has(body.kind) && (before?.kind === body.kind || before?.kind === 'banner');
  return { ...state, nextId: state.nextId + 1, items: [...state.items, { ...body, id: state.nextId, gap: !joins }] };
}

/** `body` with every text in it safe for a terminal. */
function safeBody<T extends ItemBody>(body: T): T {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, typeof value === 'string' ? safeText(value) : value]),
  ) as T;
}
