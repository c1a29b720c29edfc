/** Owns server-sent events: how one is written, and that a silent stream shows it lives. A slow reader is waited for. Source: HTML standard 9.2. */
import { Readable } from 'node:stream';
import type { Clock } from '../../core/kernel/clock.ts';
import { Answer } from './route.ts';

export interface SseEvent {
  readonly id?: string;
  readonly event?: string;
  /** Sent as JSON, unless it is a text. */
  readonly data: unknown;
}

const HEARTBEAT_MS = 15_000;

/** The events as an answer; reading stops when the client goes away. */
export function sseAnswer(events: AsyncIterable<SseEvent>, clock: Clock): Answer {
  return new Answer(Readable.from(written(events[Symbol.asyncIterator](), clock)), {
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
}

/** One event as it goes over the wire. */
function writeEvent({ id, event, data }: SseEvent): string {
  const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
  return `${head}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

async function* written(events: AsyncIterator<SseEvent>, clock: Clock): AsyncGenerator<string> {
  try {
    let next = events.next();
    for (;;) {
      const beat = new AbortController();
      const silence = clock.sleep(HEARTBEAT_MS, beat.signal).then(
        () => undefined,
        () => undefined,
      );
      const result = await Promise.race([next, silence]);
      beat.abort();
      if (result === undefined) yield ': still here\n\n';
      else if (result.done === true) return;
      else {
        yield writeEvent(result.value);
        next = events.next();
      }
    }
  } finally {
    await events.return?.();
  }
}
