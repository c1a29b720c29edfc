import { expect, test } from 'vitest';
import { episodesOf, type Story } from '../../../../src/dashboard/pages/conversations/timeline.ts';

const turn = {
  id: 't1',
  model: 'm',
  state: 'done',
  error: null,
  is_abandoned: false,
  attempts: 1,
  started_at: 20,
  ended_at: 90,
  retry_at: null,
};
const call = {
  id: 'c1',
  model: 'm',
  state: 'done',
  input_tokens: 1,
  output_tokens: 2,
  cost_micro_usd: null,
  error: null,
};
const tool = { id: 'k1', call_id: 'k', name: 'clock', input: {}, state: 'done', status: 'ok', output: '12', ms: 5 };
const inbound = {
  id: 'i1',
  channel: 'telegram',
  chat_id: 'tg:1',
  external_id: '1',
  sender_id: '1',
  state: 'started',
  reason: null,
  turn_id: 't1',
  parts: [{ type: 'text', text: 'what time?' }],
  received_at: 10,
  settled_at: 20,
};
const asked = {
  id: 'a1',
  act: 'clock',
  reason: 'r',
  state: 'used',
  call_id: 'k',
  created_at: 45,
  decided_at: 48,
  scope: 'once',
};
const sent = {
  id: 'o1',
  channel: 'telegram',
  chat_id: 'tg:1',
  turn_id: 't1',
  kind: 'answer',
  part: 1,
  parts: 1,
  text: 'noon',
  state: 'delivered',
  reason: null,
  created_at: 90,
  settled_at: 95,
  tries: [],
};
const said = [
  { type: 'text', text: 'a remark of claw', provenance: 'claw' },
  { type: 'text', text: 'noon' },
];

const STORY: Story = {
  id: 'x',
  title: 'x',
  messages: [{ seq: 2, turn_id: 't1', role: 'assistant', parts: said, state: 'complete', created_at: 90 }],
  turns: [
    {
      ...turn,
      model_calls: [{ ...call, started_at: 21, ended_at: 40 }],
      tool_calls: [{ ...tool, started_at: 50, ended_at: 55 }],
    },
  ],
  inbound: [inbound],
  outbox: [sent],
  approvals: [asked],
  has_earlier: false,
};

test('a message is told from its arrival to its delivery, each step with its time', () => {
  const [episode] = episodesOf(STORY);
  expect(episode?.isBad).toBe(false);
  expect(episode?.steps.map(({ kind, at, ms }) => [kind, at, ms])).toEqual([
    ['arrival', 10, undefined],
    ['gate', 10, 10],
    ['model', 21, 19],
    ['approval', 45, 3],
    ['tool', 50, 5],
    ['answer', 90, undefined],
    ['delivery', 90, 5],
  ]);
  expect(episode?.steps.find(({ kind }) => kind === 'answer')).toMatchObject({ text: 'noon' });
});

test('what failed anywhere makes the whole message bad', () => {
  const of = (change: Partial<Story>): boolean[] => episodesOf({ ...STORY, ...change }).map(({ isBad }) => isBad);
  expect(of({ outbox: [{ ...sent, state: 'failed' }] })).toEqual([true]);
  expect(of({ approvals: [{ ...asked, state: 'denied' }] })).toEqual([true]);
  expect(of({ turns: STORY.turns.map((each) => ({ ...each, is_abandoned: true })) })).toEqual([true]);
});

test('what led to no turn stands where it happened', () => {
  const ignored = {
    ...inbound,
    id: 'i0',
    state: 'ignored',
    reason: 'nobody was called',
    turn_id: null,
    received_at: 5,
  };
  const episodes = episodesOf({ ...STORY, inbound: [inbound, ignored] });
  expect(episodes.map(({ turn: of }) => of?.id)).toEqual([undefined, 't1']);
  expect(episodes[0]?.steps.map(({ kind }) => kind)).toEqual(['arrival', 'gate']);
});
