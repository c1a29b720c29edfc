/** Owns the turns that HTTP and WebSocket clients asked for: a turn goes on when its reader goes away, and its events are kept for a while so that the reader comes back without loss or doubling. Bounded by count, bytes and age; what is gone is gone from here only, the answer stays in the store. */
import type { Steering, ChatService, SendRequest } from '../core/conversations/chat-service.ts';
import type { Clock } from '../core/kernel/clock.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { newId } from '../core/kernel/ids.ts';
import { within } from '../core/kernel/within.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import { TurnStream } from './turn-events.ts';

export type { TurnStream } from './turn-events.ts';

/** What a client may ask for; whoever wants to stop the turn says `stream.cancel()`. */
export type StreamRequest = Omit<SendRequest, 'signal'>;

export interface TurnStreams {
  /** Starts a turn and resolves with its first event at hand. Throws `ClawError` what stands against it. */
  start(request: StreamRequest): Promise<TurnStream>;
  /** The stream of that id, or the one in which the turn of that id ran; undefined for another user's. */
  find(userId: string, id: string): TurnStream | undefined;
  /** The streams of a conversation that are kept, oldest first. */
  ofConversation(userId: string, conversationId: string): readonly TurnStream[];
  /** Gives a message to the turn that runs in this conversation, at its next step; undefined when none of this user's does. */
  steer(userId: string, conversationId: string, text: string, more?: Steering): Promise<TurnStream | undefined>;
  readonly runningCount: number;
  /** Begins nothing new and waits `graceMs` for what runs; what is unfinished then stays in the journal. Returns how many turns that are. */
  stop(graceMs: number): Promise<number>;
}

export interface StreamLimits {
  /** Streams that run at once. */
  readonly maxRunning: number;
  /** Of them, those of one user. */
  readonly maxRunningOfUser: number;
  /** Characters of the pictures that those which run were sent with: each is held until its turn ends. */
  readonly maxPictures: number;
  /** Streams that are kept, running ones included. */
  readonly maxKept: number;
  /** Bytes of the events of all that are kept, about. */
  readonly maxBytes: number;
  /** How long an ended stream is kept, in milliseconds. */
  readonly keepMs: number;
}

const LIMITS: StreamLimits = {
  maxRunning: 512,
  maxRunningOfUser: 128,
  maxPictures: 64 * 1024 * 1024,
  maxKept: 1024,
  maxBytes: 32 * 1024 * 1024,
  keepMs: 5 * 60_000,
};

interface StreamsDeps {
  readonly chat: () => Promise<ChatService>;
  readonly clock: Clock;
}

export function createTurnStreams(deps: StreamsDeps, limits: StreamLimits = LIMITS): TurnStreams {
  const kept = new Map<string, TurnStream>();
  const running = new Map<TurnStream, Promise<void>>();
  let pictures = 0;
  const stopping = new AbortController();
  const sweep = (): void => forgetOld(kept, limits, deps.clock.elapsed());
  const mine = (userId: string): TurnStream[] => [...kept.values()].filter((stream) => stream.userId === userId);
  return {
    async start(request) {
      if (stopping.signal.aborted) throw new ClawError('cancelled', 'The server stops.', { hint: 'Try again soon.' });
      requirePlace([...running.keys()], request.userId, limits);
      const chat = await deps.chat();
      const own = (request.images ?? []).reduce((sum, { data }) => sum + data.length, 0);
      if (own > 0 && pictures > 0 && pictures + own > limits.maxPictures) throw tooMany();
      pictures += own;
      const stream = new TurnStream(newId(deps.clock.now()), request, chat);
      const pumped = stream.run(deps.clock).finally(() => {
        running.delete(stream);
        pictures -= own;
        sweep();
      });
      running.set(stream, pumped);
      await stream.begun;
      // Looked through when it ends: nothing can be let go of because of one that runs.
      kept.set(stream.id, stream);
      return stream;
    },
    find(userId, id) {
      sweep();
      return mine(userId).find((stream) => stream.id === id || stream.turnIds.includes(id));
    },
    ofConversation(userId, conversationId) {
      sweep();
      return mine(userId).filter((stream) => stream.conversationId === conversationId);
    },
    async steer(userId, conversationId, text, more) {
      for (const stream of running.keys()) {
        if (stream.userId !== userId || stream.conversationId !== conversationId) continue;
        if (await stream.chat.steer(conversationId, userId, text, more)) return stream;
      }
      return undefined;
    },
    get runningCount() {
      return running.size;
    },
    async stop(graceMs) {
      stopping.abort();
      await within(deps.clock, graceMs, Promise.all(running.values()));
      return running.size;
    },
  };
}

function requirePlace(running: readonly TurnStream[], userId: string, limits: StreamLimits): void {
  const own = running.filter((stream) => stream.userId === userId).length;
  if (running.length < limits.maxRunning && own < limits.maxRunningOfUser) return;
  throw tooMany();
}

function tooMany(): ClawError {
  return new ClawError('limit-reached', phrase('tooManyTurns'), { hint: phrase('againWhenOneEnded') });
}

/** Lets go of ended streams that are too old or too many, oldest first. */
function forgetOld(kept: Map<string, TurnStream>, limits: StreamLimits, now: number): void {
  let bytes = 0;
  for (const stream of kept.values()) bytes += stream.bytes;
  for (const [id, stream] of kept) {
    const isTooOld = stream.endedAt !== undefined && now - stream.endedAt > limits.keepMs;
    const isTooMuch = stream.endedAt !== undefined && (kept.size > limits.maxKept || bytes > limits.maxBytes);
    if (!isTooOld && !isTooMuch) continue;
    kept.delete(id);
    bytes -= stream.bytes;
    stream.forget();
  }
}
