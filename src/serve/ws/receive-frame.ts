/** Owns the way of a frame from the wire to what it does: noise is counted, the sender is looked up anew, and a wrong frame is answered, never fatal until there are too many. */
import type { Actor } from '../../core/access/actor.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { Credential } from './check-upgrade.ts';
import type { Connection } from './connection.ts';
import { type ClientFrame, CLOSE_UNAUTHENTICATED, type FrameOf } from './protocol.ts';
import { BadFrame, readFrame } from './read-frame.ts';

interface ReceiveDeps {
  readonly limits: () => { readonly messagesPerMinute: number };
  readonly count: (actor: Actor) => void;
  /** Throws `auth-rejected`. */
  readonly renew: (actor: Actor) => Promise<Actor>;
  readonly handle: (from: Connection, actor: Actor, frame: ClientFrame) => Promise<void>;
  /** Throws when the credential is no good. */
  readonly identify: (credential: Credential) => Promise<void>;
}

/** Between two looks of the hub (30 s): wrong frames, and frames of all kinds besides those the rate allows. */
const MAX_BAD_FRAMES = 20;
const MAX_FRAMES = 600;
/** Frames of one socket that wait for the one before. */
const MAX_WAITING = 32;

/** `text` is undefined for a binary frame. */
export function receiveFrame(deps: ReceiveDeps, from: Connection, text: string | undefined): void {
  from.frames += 1;
  if (from.frames > MAX_FRAMES + deps.limits().messagesPerMinute) return from.close(1008, 'too many frames');
  let frame: ClientFrame;
  try {
    if (text === undefined) throw new BadFrame('Binary frames are not taken.', 'Send frames as text.');
    frame = readFrame(text);
  } catch (error) {
    return complain(from, error);
  }
  if (from.actor !== undefined && frame.type === 'ping') {
    const { id } = frame;
    return from.send({ type: 'pong', ...(id === undefined || id === null ? {} : { id }), at: from.now() });
  }
  if (from.waitingFrames >= MAX_WAITING) {
    return from.fail(new ClawError('limit-reached', 'Too many frames wait.', { hint: 'Send slower.' }), frame.id);
  }
  from.waitingFrames += 1;
  from.last = from.last.then(async () => {
    await dispatch(deps, from, frame);
    from.waitingFrames -= 1;
  });
}

function complain(from: Connection, error: unknown): void {
  from.badFrames += 1;
  from.fail(error, error instanceof BadFrame ? error.frameId : undefined);
  if (from.badFrames > MAX_BAD_FRAMES) from.close(1008, 'too many frames that are none');
}

/** Never rejects. */
async function dispatch(deps: ReceiveDeps, from: Connection, frame: ClientFrame): Promise<void> {
  if (from.closed.signal.aborted) return;
  try {
    if (from.actor === undefined) return await introduce(deps, from, frame);
    const actor = await renewed(deps, from, from.actor);
    if (actor === undefined) return;
    deps.count(actor);
    await deps.handle(from, actor, frame);
  } catch (error) {
    from.fail(error, frame.id);
  }
}

/** Who speaks, as the store has them now; closes the socket of those who may not any more. */
async function renewed({ renew }: ReceiveDeps, from: Connection, actor: Actor): Promise<Actor | undefined> {
  try {
    from.actor = await renew(actor);
    return from.actor;
  } catch (error) {
    if (!(error instanceof ClawError)) throw error;
    from.fail(error);
    from.close(CLOSE_UNAUTHENTICATED, 'not allowed any more');
    return undefined;
  }
}

async function introduce(deps: ReceiveDeps, from: Connection, frame: ClientFrame): Promise<void> {
  if (frame.type !== 'auth') {
    throw new ClawError('auth-missing', 'Say who you are first.', { hint: '{"type":"auth","token":"…"}' });
  }
  try {
    await deps.identify(credentialOf(frame));
  } catch (error) {
    from.fail(error, frame.id);
    from.close(CLOSE_UNAUTHENTICATED, 'refused');
  }
}

function credentialOf({ token, ticket }: FrameOf<'auth'>): Credential {
  if (typeof ticket === 'string') return { kind: 'ticket', value: ticket };
  if (typeof token === 'string') return { kind: 'bearer', value: token };
  throw new ClawError('usage-invalid', 'An auth frame holds a token or a ticket.');
}
