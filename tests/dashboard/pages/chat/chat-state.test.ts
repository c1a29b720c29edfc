import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChatState, chatReducer, NO_CHAT, runningTurn } from '../../../../src/dashboard/pages/chat/chat-state.ts';
import { textOf } from '../../../../src/dashboard/pages/chat/live-turn.ts';
import type { ServerFrame } from '../../../../src/serve/ws/protocol.ts';

const CONVERSATION = 'c-1';
const event = (seq: number, turn = 't-1', id = 'f-1') => ({
  id,
  conversation_id: CONVERSATION,
  turn_id: turn,
  event_id: `${turn}:${seq}`,
  seq,
});
const usage = { input_tokens: 7, output_tokens: 3, cached_tokens: 0, cost_usd: 0.01 };
const start = (seq = 1, turn = 't-1', id = 'f-1'): ServerFrame => ({
  type: 'stream_start',
  ...event(seq, turn, id),
  model: 'a/b',
  resumed: false,
});
const text = (seq: number, said: string): ServerFrame => ({
  type: 'stream_delta',
  ...event(seq),
  kind: 'text',
  text: said,
});
const end = (seq: number, said: string): ServerFrame => ({
  type: 'stream_end',
  ...event(seq),
  text: said,
  model: 'a/b',
  stop_reason: 'complete',
  usage,
  tools: [],
});
const info = (code: string, seq: number): ServerFrame => ({ type: 'info', ...event(seq), code, message: code });

function asked(said: string, frameId = 'f-1', state: ChatState = NO_CHAT): ChatState {
  return chatReducer(state, { type: 'asked', message: { frameId, text: said, pictures: [] } });
}
const after = (state: ChatState, ...frames: ServerFrame[]): ChatState => chatReducer(state, { type: 'frames', frames });

test('a turn is what its frames say, in the order things happened', () => {
  const state = after(
    asked('hello'),
    start(),
    text(2, 'Let me '),
    text(3, 'look.'),
    { type: 'stream_tool_start', ...event(4), call_id: 'k', name: 'read', input: { path: 'a' } },
    { type: 'stream_tool_end', ...event(5), call_id: 'k', name: 'read', status: 'ok', ms: 5, output: 'A' },
    text(6, 'Found.'),
    end(7, 'Let me look.Found.'),
  );
  expect(state.conversationId).toBe(CONVERSATION);
  expect(state.turns[0]?.pieces.map(({ kind }) => kind)).toEqual(['text', 'tool', 'text']);
  expect(state.turns[0]).toMatchObject({ state: 'done', tokens: 10, costUsd: 0.01, turnId: 't-1' });
});

test('frames that come twice, in any number of pieces, change nothing', () => {
  const frames = [start(), text(2, 'a'), text(3, 'b'), text(4, 'c'), end(5, 'abc')];
  const once = after(asked('hello'), ...frames);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: frames.length }), { maxLength: 6 }), (breaks) => {
      // Each break goes back to an earlier event and on from there, as a connection does that is taken up again.
      let state = asked('hello');
      for (const at of breaks) state = after(state, ...frames.slice(0, at));
      expect(after(state, ...frames)).toEqual(once);
    }),
  );
});

test('what is said while a turn runs waits, and joins it', () => {
  const waiting = asked('and this', 'f-2', after(asked('hello'), start(), text(2, 'so ')));
  expect(waiting.turns).toHaveLength(1);
  expect(waiting.turns[0]?.joining.map((each) => each.text)).toEqual(['and this']);
  const joined = after(waiting, info('steered', 3), text(4, 'far'));
  expect(joined.turns[0]?.joining).toEqual([]);
  expect(joined.turns[0]?.pieces.map(({ kind }) => kind)).toEqual(['text', 'said', 'text']);
});

test('what came too late to join begins the next turn', () => {
  const waiting = asked('and this', 'f-2', after(asked('hello'), start(), end(2, '')));
  expect(waiting.turns).toHaveLength(2);
  const late = asked('late', 'f-3', after(asked('hello'), start()));
  const next = after(late, end(2, ''), start(3, 't-2'));
  expect(next.turns.map(({ asked: message }) => message.text)).toEqual(['hello', 'late']);
  expect(runningTurn(next)?.turnId).toBe('t-2');
});

test('a message that cannot be taken fails alone', () => {
  const error = { type: 'error', id: 'f-2', code: 'limit-reached', message: 'too many', hint: 'wait' } as const;
  const state = after(asked('and this', 'f-2', after(asked('hello'), start())), error);
  expect(state.turns.map((turn) => turn.state)).toEqual(['running', 'failed']);
  expect(state.turns[1]?.failure).toEqual({ message: 'too many', hint: 'wait' });
  expect(chatReducer(state, { type: 'dropped', frameId: 'f-2' }).turns).toHaveLength(1);
});

test('a turn gives way to what was written down of it, and only once it has ended', () => {
  const settled = { type: 'settled', turnIds: new Set(['t-1']) } as const;
  const running = after(asked('hello'), start(), text(2, 'a'));
  expect(chatReducer(running, settled)).toBe(running);
  expect(chatReducer(after(running, end(3, 'a')), settled).turns).toEqual([]);
});

test('a turn that runs elsewhere is left to the past', () => {
  const found = chatReducer(NO_CHAT, { type: 'found', frameId: 'f-9', turnId: 't-9' });
  expect(runningTurn(found)?.isFound).toBe(true);
  expect(after(found, { type: 'info', id: 'f-9', code: 'running', message: 'elsewhere' }).turns).toEqual([]);
});

test('an answer of which pieces are gone is taken whole', () => {
  const state = after(asked('hello'), start(), text(5, 'end'), end(6, 'begin and end'));
  expect(state.turns.map(textOf)).toEqual(['begin and end']);
});
