/** Owns the order of a story: what happened, turn by turn, as steps with their times. Pure. */
import type { Api } from '../../api/types.ts';

export type Story = Api['GET /conversations/{id}/story']['result'];
export type Turn = Story['turns'][number];
export type Inbound = Story['inbound'][number];
export type Outbound = Story['outbox'][number];

export type Step = {
  readonly key: string;
  /** Milliseconds UTC. */
  readonly at: number;
  /** How long it took in milliseconds; undefined while it lasts, or when that means nothing. */
  readonly ms?: number | undefined;
  readonly isBad: boolean;
} & (
  | { readonly kind: 'arrival' | 'gate'; readonly row: Inbound; readonly text: string }
  | { readonly kind: 'model'; readonly call: Turn['model_calls'][number] }
  | { readonly kind: 'tool'; readonly call: Turn['tool_calls'][number] }
  | { readonly kind: 'approval'; readonly asked: Story['approvals'][number] }
  | { readonly kind: 'answer'; readonly text: string; readonly isPartial: boolean }
  | { readonly kind: 'failure'; readonly text: string; readonly retryAt: number | null }
  | { readonly kind: 'delivery'; readonly row: Outbound }
);

/** One message with all that it led to; `turn` is undefined for what led to none. */
export interface Episode {
  readonly key: string;
  readonly at: number;
  readonly turn: Turn | undefined;
  readonly steps: readonly Step[];
  readonly isBad: boolean;
}

/** At the same instant, what comes first. */
const ORDER = ['arrival', 'gate', 'model', 'approval', 'tool', 'answer', 'failure', 'delivery'] as const;
const BAD_STATES: ReadonlySet<string> = new Set(['failed', 'lost', 'abandoned', 'uncertain', 'error', 'denied']);

/** The episodes of a story, oldest first. */
export function episodesOf(story: Story): readonly Episode[] {
  const known = new Set(story.turns.map(({ id }) => id));
  const turns = story.turns.map((turn) => episode(turn.id, turn, turnSteps(story, turn)));
  const others = [
    ...story.inbound.filter(({ turn_id: turn }) => turn === null || !known.has(turn)).map((row) => inboundSteps(row)),
    ...story.outbox.filter(({ turn_id: turn }) => turn === null || !known.has(turn)).map((row) => [deliveryStep(row)]),
  ].map((steps) => episode(steps[0]?.key ?? '', undefined, steps));
  return [...turns, ...others].toSorted((a, b) => a.at - b.at);
}

function episode(key: string, turn: Turn | undefined, unsorted: readonly Step[]): Episode {
  const steps = unsorted.toSorted((a, b) => a.at - b.at || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const at = Math.min(turn?.started_at ?? Infinity, steps[0]?.at ?? Infinity);
  return { key, at, turn, steps, isBad: steps.some(({ isBad }) => isBad) };
}

function turnSteps(story: Story, turn: Turn): Step[] {
  const calls = new Set(turn.tool_calls.map(({ call_id: id }) => id));
  return [
    ...story.inbound.filter(({ turn_id: id }) => id === turn.id).flatMap(inboundSteps),
    ...turn.model_calls.map((call) => step('model', { call }, call, isBad(call.state))),
    ...turn.tool_calls.map((call) =>
      step(
        'tool',
        { call },
        { ...call, started_at: call.started_at ?? turn.started_at },
        isBad(call.status ?? call.state),
      ),
    ),
    ...story.approvals
      .filter(({ call_id: id }) => id !== null && calls.has(id))
      .map((asked) => {
        const times = { id: asked.id, started_at: asked.created_at, ended_at: asked.decided_at };
        return step('approval', { asked }, times, isBad(asked.state));
      }),
    ...answerSteps(story, turn),
    ...failureSteps(turn),
    ...story.outbox.filter(({ turn_id: id }) => id === turn.id).map(deliveryStep),
  ];
}

function inboundSteps(row: Inbound): Step[] {
  const times = { id: row.id, started_at: row.received_at, ended_at: row.received_at };
  const text = textOf(row.parts);
  const settled = { id: `${row.id} gate`, started_at: row.received_at, ended_at: row.settled_at };
  return [
    { ...step('arrival', { row, text }, times, false), ms: undefined },
    step('gate', { row, text }, settled, isBad(row.state)),
  ];
}

/** What the assistant said last in the turn; what it said on the way stands in its messages. */
function answerSteps(story: Story, turn: Turn): Step[] {
  const said = story.messages.filter(
    ({ turn_id: id, role, parts }) => id === turn.id && role === 'assistant' && textOf(parts) !== '',
  );
  const last = said.at(-1);
  if (last === undefined) return [];
  const isPartial = last.state === 'partial';
  const times = { id: `${turn.id} answer`, started_at: last.created_at, ended_at: null };
  return [step('answer', { text: textOf(last.parts), isPartial }, times, isPartial)];
}

function failureSteps(turn: Turn): Step[] {
  if (turn.error === null && !turn.is_abandoned) return [];
  const text = turn.error?.message ?? '';
  const times = { id: `${turn.id} failure`, started_at: turn.ended_at ?? turn.started_at, ended_at: null };
  return [step('failure', { text, retryAt: turn.retry_at }, times, true)];
}

function deliveryStep(row: Outbound): Step {
  return step(
    'delivery',
    { row },
    { id: row.id, started_at: row.created_at, ended_at: row.settled_at },
    isBad(row.state),
  );
}

interface Times {
  readonly id: string;
  readonly started_at: number;
  readonly ended_at: number | null;
}

function step<Kind extends Step['kind'], More extends object>(kind: Kind, more: More, times: Times, bad: boolean) {
  const { id: key, started_at: at, ended_at: end } = times;
  return { kind, ...more, key: `${kind} ${key}`, at, ms: end === null ? undefined : Math.max(0, end - at), isBad: bad };
}

function isBad(state: string): boolean {
  return BAD_STATES.has(state);
}

/** The words of a message; pictures and files by their kind. */
function textOf(parts: unknown): string {
  if (!Array.isArray(parts)) return '';
  return parts
    .map((part: unknown) => {
      if (typeof part !== 'object' || part === null || !('type' in part)) return '';
      if (part.type === 'text' && 'text' in part)
        return 'provenance' in part && part.provenance === 'claw' ? '' : String(part.text);
      return part.type === 'image' ? '[image]' : '';
    })
    .join(' ')
    .trim();
}

/** The word for a state of the API; one that has none is told as it is. */
export function stateWord(words: Readonly<Record<string, string>>, state: string): string {
  return words[state] ?? state;
}
