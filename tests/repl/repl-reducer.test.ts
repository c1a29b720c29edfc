import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StopReason, TurnEnd, TurnEvent } from '../../src/core/kernel/events.ts';
import { drawItem } from '../../src/repl/draw-item.ts';
import { drawLive } from '../../src/repl/draw-live.ts';
import { editorWith } from '../../src/repl/input-editor.ts';
import { replReducer, type ReplAction } from '../../src/repl/repl-reducer.ts';
import { initialState, type ItemBody, type ReplState } from '../../src/repl/repl-state.ts';
import { plainText } from '../../src/repl/styled-text.ts';

const USAGE = { inputTokens: 100, outputTokens: 10, cachedTokens: 50, costUsd: 0.002 };
const START: TurnEvent = { type: 'turn-start', conversationId: 'c', turnId: 't', model: 'p/m', resumed: false };
const end = (stopReason: StopReason = 'complete', extra: Partial<TurnEnd> = {}): TurnEnd => ({
  type: 'turn-end',
  conversationId: 'c',
  turnId: 't',
  model: 'p/m',
  text: '',
  stopReason,
  usage: USAGE,
  tools: [],
  ...extra,
});
const sent = (text: string): ReplAction => ({ type: 'sent', text, queued: [], now: 0 });
const happen = (event: TurnEvent): ReplAction => ({ type: 'event', event, now: 0 });
const after = (actions: readonly ReplAction[], state = initialState('0')): ReplState =>
  actions.reduce(replReducer, state);
const bodies = (state: ReplState, kind: ItemBody['kind']) => state.items.filter((item) => item.kind === kind);
const screen = (state: ReplState): string =>
  state.items.flatMap((item) => drawItem(item, 60).map(plainText)).join('\n');

describe('a turn on the screen', () => {
  it('is the message, the answer and the numbers', () => {
    const state = after([
      sent('hi'),
      happen(START),
      happen({ type: 'text-delta', text: 'Hel' }),
      happen({ type: 'text-delta', text: 'lo' }),
      happen(end()),
      { type: 'settled' },
    ]);
    expect(screen(state)).toContain('❯ hi\n\nHello');
    expect(state.turn).toBeUndefined();
    expect(state.session).toMatchObject({
      conversationId: 'c',
      model: 'p/m',
      costUsd: 0.002,
      turns: 1,
      lastUsage: USAGE,
    });
  });

  it('shows a tool while it runs and what it gave when it has ended', () => {
    const running = after([
      sent('x'),
      happen(START),
      happen({ type: 'tool-start', callId: '1', name: 'add', input: { a: 2 } }),
    ]);
    expect(running.turn?.tools).toMatchObject([{ name: 'add', input: 'a: 2' }]);
    const done = after(
      [happen({ type: 'tool-end', callId: '1', name: 'add', status: 'ok', ms: 12, output: '5' })],
      running,
    );
    expect(done.turn?.tools).toEqual([]);
    expect(screen(done)).toContain('✓ add  a: 2 → 5 · 12 ms');
  });

  it('puts what was said before a tool above it', () => {
    const state = after([
      sent('x'),
      happen(START),
      happen({ type: 'text-delta', text: 'I will add.' }),
      happen({ type: 'tool-start', callId: '1', name: 'add', input: {} }),
      happen({ type: 'tool-end', callId: '1', name: 'add', status: 'ok', ms: 1, output: '5' }),
    ]);
    expect(state.items.slice(-2).map(({ kind }) => kind)).toEqual(['answer', 'tool']);
  });

  it('keeps and marks what was said when it is interrupted', () => {
    const state = after([
      sent('x'),
      happen(START),
      happen({ type: 'text-delta', text: 'half an ans' }),
      { type: 'stopping' },
      happen(end('interrupted')),
    ]);
    expect(screen(state)).toContain('half an ans');
    expect(screen(state)).toContain('Interrupted; what was said is kept.');
  });

  it('says once why it stopped', () => {
    const told: TurnEvent = { type: 'notice', level: 'warning', code: 'stopped', text: 'The round limit was reached.' };
    expect(
      bodies(after([sent('x'), happen(START), happen(told), happen(end('max-tool-rounds'))]), 'notice').length,
    ).toBe(1);
    expect(bodies(after([sent('x'), happen(START), happen(end('max-tool-rounds'))]), 'notice').length).toBe(1);
  });

  it('shows an error with its next step', () => {
    const state = after([
      sent('x'),
      happen(START),
      happen(end('error', { error: { code: 'upstream-failed', message: 'It broke.', hint: 'Try again.' } })),
    ]);
    expect(screen(state)).toContain('✗ It broke.\n  Try again.');
  });

  it('shows a message that was sent along once the turn takes it', () => {
    const waiting = after([sent('x'), happen(START), { type: 'steered', text: 'and shorter' }]);
    expect(waiting.waiting).toEqual(['and shorter']);
    expect(screen(waiting)).not.toContain('and shorter');
    const taken = after([happen({ type: 'notice', level: 'info', code: 'steered', text: 'joined' })], waiting);
    expect(taken.waiting).toEqual([]);
    expect(screen(taken)).toContain('❯ and shorter');
    expect(screen(taken)).not.toContain('joined');
  });

  it('shows a waiting message above the turn that answers it', () => {
    const state = after([
      sent('x'),
      happen(START),
      { type: 'steered', text: 'next' },
      happen(end()),
      happen(START),
      happen({ type: 'text-delta', text: 'ok' }),
      happen(end()),
    ]);
    expect(screen(state).indexOf('❯ next')).toBeLessThan(screen(state).indexOf('ok'));
    expect(state.waiting).toEqual([]);
  });

  it('says that it goes on with a turn that was cut off', () => {
    expect(screen(after([sent('go on'), happen({ ...START, resumed: true })]))).toContain(
      '· Going on where the last turn was cut off.',
    );
  });

  it('counts money of unknown price as unknown', () => {
    const state = after([sent('x'), happen(START), happen(end('complete', { usage: { ...USAGE, costUsd: null } }))]);
    expect(state.session).toMatchObject({ costUsd: 0, hasUnknownCost: true });
  });
});

describe('text of others on the screen', () => {
  it('cannot drive the terminal, even cut in two', () => {
    const state = after([
      sent('x'),
      happen(START),
      happen({ type: 'text-delta', text: 'a\x1b[3' }),
      happen({ type: 'text-delta', text: '1mred\x1b]0;title\x07b' }),
      happen(end()),
    ]);
    expect(screen(state)).toContain('aredb');
  });

  it('shows direction overrides instead of obeying them', () => {
    const state = after([
      sent('x'),
      happen(START),
      happen({ type: 'tool-start', callId: '1', name: 'a\u202eb', input: {} }),
      happen({ type: 'tool-end', callId: '1', name: 'a\u202eb', status: 'ok', ms: 0, output: '\u2066x' }),
    ]);
    expect(screen(state)).toContain('a<U+202E>b');
    expect(screen(state)).toContain('<U+2066>x');
  });
});

describe('the state of the screen', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const event: fc.Arbitrary<TurnEvent> = fc.oneof(
    fc.constant(START),
    text.map((delta): TurnEvent => ({ type: 'text-delta', text: delta })),
    fc
      .constantFrom('\n', '\n\n', '- a\n', '```ts\n', '```\n', '| a | b |\n|---|---|\n', '1. x\n')
      .map((delta): TurnEvent => ({ type: 'text-delta', text: delta })),
    text.map((thought): TurnEvent => ({ type: 'reasoning-delta', text: thought })),
    fc
      .tuple(fc.constantFrom('1', '2'), text)
      .map(([callId, name]): TurnEvent => ({ type: 'tool-start', callId, name, input: { x: name } })),
    fc
      .tuple(fc.constantFrom('1', '2'), text)
      .map(([callId, output]): TurnEvent => ({ type: 'tool-end', callId, name: 'n', status: 'ok', ms: 1, output })),
    fc
      .tuple(fc.constantFrom('steered', 'stopped', 'other'), text)
      .map(([code, said]): TurnEvent => ({ type: 'notice', level: 'info', code, text: said })),
    fc.constantFrom<StopReason>('complete', 'interrupted', 'max-cost').map((reason) => end(reason)),
  );
  const action: fc.Arbitrary<ReplAction> = fc.oneof(
    { weight: 6, arbitrary: event.map(happen) },
    { weight: 1, arbitrary: text.map(sent) },
    { weight: 1, arbitrary: text.map((said): ReplAction => ({ type: 'steered', text: said })) },
    { weight: 1, arbitrary: text.map((typed): ReplAction => ({ type: 'edit', editor: editorWith(typed) })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<ReplAction>(
        { type: 'settled' },
        { type: 'stopping' },
        { type: 'arm-exit' },
        { type: 'cleared' },
      ),
    },
  );

  it('only ever adds finished things, and draws in any window without a control character', () => {
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 30 }),
        fc.integer({ min: 20, max: 100 }),
        fc.integer({ min: 3, max: 40 }),
        (actions, columns, rows) => {
          let state = initialState('0');
          for (const each of actions) {
            const next = replReducer(state, each);
            expect(next.items.slice(0, state.items.length)).toEqual(state.items);
            state = next;
          }
          const frame = drawLive(state, { columns, rows, now: 0 });
          expect(frame.lines.length).toBeLessThan(rows);
          expect(frame.cursor.y).toBeLessThan(frame.lines.length);
          expect(frame.cursor.x).toBeLessThan(columns);
          const drawn = [...frame.lines, ...state.items.flatMap((item) => drawItem(item, columns))]
            .map(plainText)
            .join('');
          // eslint-disable-next-line no-control-regex -- the very thing that must not be there
          expect(drawn).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps every word of an answer, however it is cut into deltas', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 40 }),
        fc.array(fc.constantFrom(' ', '\n', '\n\n', '\n- '), { minLength: 1 }),
        (words, joints) => {
          const answer = words.map((word, index) => word + (joints[index % joints.length] ?? ' '));
          const state = after([
            sent('x'),
            happen(START),
            ...answer.map((delta): ReplAction => happen({ type: 'text-delta', text: delta })),
            happen(end()),
          ]);
          const drawn = state.items
            .filter(({ kind }) => kind === 'answer')
            .flatMap((item) => drawItem(item, 60).map(plainText))
            .join(' ');
          expect(drawn.match(/[a-z]+/g)).toEqual(words);
        },
      ),
    );
  });
});
