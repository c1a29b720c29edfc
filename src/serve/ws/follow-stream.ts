/** Owns how a socket follows a turn: each event once and in order, the whole answer when some of them are gone. A socket that goes away leaves the turn running. */
import { ClawError } from '../../core/kernel/errors.ts';
import type { TurnEvent } from '../../core/kernel/events.ts';
import type { TurnStream } from '../turn-events.ts';
import type { Connection } from './connection.ts';
import { eventFrame, responseFrame } from './event-frames.ts';
import type { FrameId } from './protocol.ts';

export interface View {
  /** Number of the last event the client has. */
  readonly after: number;
  /** One `response` instead of a stream. */
  readonly isWhole: boolean;
  /** The client's id of the message that asked. */
  readonly id: FrameId | undefined;
}

/** Turns that one socket follows at once. */
const MAX_FOLLOWED = 32;

/** What even those hear who want the answer only: it waits for them. */
const ASKING: ReadonlySet<TurnEvent['type']> = new Set(['approval-request', 'turn-end']);

/** Begins to follow; whoever follows the stream on this socket already begins anew. Resolves when it is told whole, or the socket is gone. */
export async function followStream(connection: Connection, stream: TurnStream, view: View): Promise<void> {
  const { readers, closed } = connection;
  readers.get(stream.id)?.abort();
  if (readers.size >= MAX_FOLLOWED) {
    connection.fail(new ClawError('limit-reached', `One socket follows ${MAX_FOLLOWED} turns at most.`), view.id);
    return;
  }
  const stop = new AbortController();
  readers.set(stream.id, stop);
  try {
    await tell(connection, stream, view, AbortSignal.any([closed.signal, stop.signal]));
  } finally {
    if (readers.get(stream.id) === stop) readers.delete(stream.id);
  }
}

async function tell(connection: Connection, stream: TurnStream, view: View, signal: AbortSignal): Promise<void> {
  let seen = view.after;
  try {
    for await (const numbered of stream.read(seen, signal)) {
      const { event } = numbered;
      seen = numbered.id;
      if (view.isWhole && !ASKING.has(event.type)) continue;
      const isAnswer = view.isWhole && event.type === 'turn-end';
      await connection.sendPaced(isAnswer ? responseFrame(event, view.id) : eventFrame(stream, numbered, view.id));
    }
  } catch (error) {
    if (stream.hasAllAfter(seen)) connection.fail(error, view.id);
    else await tellAnswer(connection, stream, view, signal);
  }
}

/** Waits for the end of a stream whose beginning is gone, and tells the answer. */
async function tellAnswer(connection: Connection, stream: TurnStream, view: View, signal: AbortSignal): Promise<void> {
  const id = view.id === undefined ? {} : { id: view.id };
  const message = 'Some events are not kept any more; the answer comes whole when it is ready.';
  connection.send({ type: 'info', ...id, code: 'gap', message });
  for await (const numbered of stream.read(stream.lastEventId, signal)) {
    if (numbered.event.type === 'approval-request') connection.send(eventFrame(stream, numbered, view.id));
  }
  if (signal.aborted) return;
  if (stream.answer === undefined) connection.fail(new ClawError('not-found', 'The turn has no answer.'), view.id);
  else connection.send(responseFrame(stream.answer, view.id));
}
