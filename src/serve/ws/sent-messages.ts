/** Owns which message began which turn: a client that lost its socket may send the same message again without running it twice. */
import type { TurnStream } from '../turn-stream.ts';
import type { FrameId } from './protocol.ts';

export interface Begun {
  readonly stream: TurnStream;
  /** Number of the event after which the answer to this message comes. */
  readonly after: number;
  readonly isSteered: boolean;
}

export interface SentMessages {
  /** Runs `begin` unless this user sent a message of this id before; then gives what it began. */
  once(userId: string, id: FrameId | null | undefined, begin: () => Promise<Begun>): Promise<Begun>;
  name(stream: TurnStream, id: FrameId | null | undefined): void;
  /** The client's id of the message that began the stream. */
  idOf(stream: TurnStream): FrameId | undefined;
}

/** Shorter ids (`1`, `a`) are counters that begin anew with each socket, and name nothing for good. */
const MIN_UNIQUE_CHARS = 16;
const MAX_REMEMBERED = 1024;

export function createSentMessages(): SentMessages {
  const begun = new Map<string, Promise<Begun>>();
  const names = new WeakMap<TurnStream, FrameId>();
  return {
    async once(userId, id, begin) {
      if (typeof id !== 'string' || id.length < MIN_UNIQUE_CHARS) return begin();
      const key = `${userId} ${id}`;
      const known = begun.get(key);
      if (known !== undefined) return known;
      const made = begin();
      begun.set(key, made);
      made.catch(() => begun.delete(key));
      for (const old of begun.keys()) {
        if (begun.size <= MAX_REMEMBERED) break;
        begun.delete(old);
      }
      return made;
    },
    name: (stream, id) => {
      if (id !== undefined && id !== null) names.set(stream, id);
    },
    idOf: (stream) => names.get(stream),
  };
}
