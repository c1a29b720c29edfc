/** Owns how the events of a turn leave as server-sent events: numbered, masked, and the whole answer where events are not kept any more. */
import type { App } from '../../core/create-app.ts';
import type { TurnEvent } from '../../core/kernel/events.ts';
import { toWire } from '../../core/kernel/wire.ts';
import { storedAnswer } from '../stored-answer.ts';
import type { TurnStream } from '../turn-events.ts';
import { asFailure, problemBody } from './problem.ts';
import type { SseEvent } from './sse.ts';

/** Members that claw itself fills: a secret that happens to read like one must not break the protocol. */
const OWN_MEMBERS: ReadonlySet<string> = new Set([
  'type', 'conversation_id', 'turn_id', 'call_id', 'approval_id', 'code', 'level', 'status', 'stop_reason', 'usage', 'resumed', 'ms', 'expires_at',
]); // oxfmt-ignore

/** Where a reader goes on: `STREAM.NUMBER`, or the number alone. */
export interface LastEvent {
  readonly streamId: string | undefined;
  readonly number: number;
}

/** What a Last-Event-ID header says; undefined for one that is not ours. */
export function readLastEvent(header: string | string[] | undefined): LastEvent | undefined {
  const found = typeof header === 'string' ? /^(?:([0-9a-f-]{36})\.)?(\d{1,9})$/.exec(header) : null;
  return found === null ? undefined : { streamId: found[1], number: Number(found[2]) };
}

/** The events after number `after` until the stream ends or `signal` aborts. */
export async function* turnEvents(
  app: App,
  stream: TurnStream,
  { after, signal }: { readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<SseEvent> {
  const { mask, maskJson } = await app.masker();
  let seen = after;
  try {
    for await (const { id, event } of stream.read(after, signal)) {
      seen = id;
      yield { id: `${stream.id}.${id}`, event: event.type, data: maskEvent(event, maskJson) };
    }
  } catch (error) {
    const answer = stream.hasAllAfter(seen) ? undefined : await wholeAnswer(app, stream, signal);
    if (answer !== undefined) {
      const data = maskEvent(answer, maskJson);
      yield { id: `${stream.id}.${stream.lastEventId}`, event: 'turn-end', data };
      return;
    }
    const { body } = problemBody(asFailure(error), `/api/v1/turns/${stream.turnId ?? stream.id}/events`, 'problem');
    yield { event: 'error', data: mask(JSON.stringify(body)) };
  }
}

/** The event as JSON, without secrets. */
export function maskEvent(event: TurnEvent, maskJson: <T>(value: T) => T): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(toWire(event) as Record<string, unknown>).map(([name, value]) => [
      name,
      OWN_MEMBERS.has(name) ? value : maskJson(value),
    ]),
  );
}

async function wholeAnswer(app: App, stream: TurnStream, signal: AbortSignal): Promise<TurnEvent | undefined> {
  // What is still to come is read to the end, but not told: its beginning is gone.
  if (stream.endedAt === undefined) for await (const _ of stream.read(stream.lastEventId, signal)) continue;
  if (stream.answer !== undefined) return stream.answer;
  const asked = { turnId: stream.turnId, conversationId: stream.conversationId };
  const stored = await storedAnswer(await app.store(), stream.userId, asked);
  return stored === 'running' ? undefined : stored;
}
