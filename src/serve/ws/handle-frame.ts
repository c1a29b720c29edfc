/** Owns what each frame of a client does. Who it is was looked up a moment ago; what they may is asked here. */
import type { Actor } from '../../core/access/actor.ts';
import { requirePermission } from '../../core/access/permissions.ts';
import type { ApprovalService } from '../../core/conversations/approvals.ts';
import { ClawError, unreachable } from '../../core/kernel/errors.ts';
import type { Store } from '../../core/store/store.ts';
import { storedAnswer } from '../stored-answer.ts';
import type { TurnStream, TurnStreams } from '../turn-stream.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { Uploads } from '../uploads.ts';
import type { Connection } from './connection.ts';
import { responseFrame } from './event-frames.ts';
import { followStream, type View } from './follow-stream.ts';
import type { ClientFrame, FrameId, FrameOf } from './protocol.ts';
import type { Begun, SentMessages } from './sent-messages.ts';

export interface FrameDeps {
  readonly streams: TurnStreams;
  readonly sent: SentMessages;
  readonly uploads: Uploads;
  readonly store: () => Promise<Store>;
  readonly approvals: () => Promise<ApprovalService>;
  readonly feed: Pick<ChangeFeed, 'watch'>;
}

/** Does what the frame says. Throws `ClawError` when it cannot. */
export async function handleFrame(deps: FrameDeps, from: Connection, actor: Actor, frame: ClientFrame): Promise<void> {
  switch (frame.type) {
    case 'message':
      return onMessage(deps, from, actor, frame);
    case 'resume':
      return onResume(deps, from, actor, frame);
    case 'cancel':
      return onCancel(deps, from, actor, frame);
    case 'approve':
      return onApprove(deps, from, actor, frame);
    case 'auth':
      from.send({ type: 'info', ...idOf(frame), code: 'authenticated', message: 'You are known already.' });
      return;
    case 'ping':
      return;
    case 'watch': {
      const topics = await deps.feed.watch(from, frame.topics ?? undefined);
      from.send({ type: 'info', ...idOf(frame), code: 'watching', message: 'Changes are told.', topics });
      return;
    }
    default:
      unreachable(frame);
  }
}

async function onMessage(deps: FrameDeps, from: Connection, actor: Actor, frame: FrameOf<'message'>): Promise<void> {
  requirePermission(actor, 'chat.send');
  const userId = actor.user.id;
  const { stream, after, isSteered } = await deps.sent.once(userId, frame.id, () => begin(deps, actor, frame));
  if (isSteered) {
    const place = { conversation_id: stream.conversationId ?? null, turn_id: stream.turnId ?? null };
    from.send({ type: 'info', ...idOf(frame), ...place, code: 'steering', message: 'It joins the turn that runs.' });
    if (from.readers.has(stream.id)) return;
  }
  const view = { after, isWhole: frame.stream === false, id: deps.sent.idOf(stream) };
  void followStream(from, stream, view);
}

/** Joins the turn that runs in the conversation, or starts one. */
async function begin({ streams, sent, uploads }: FrameDeps, actor: Actor, frame: FrameOf<'message'>): Promise<Begun> {
  const userId = actor.user.id;
  const isLimited = actor.scopes !== null;
  const { text, conversation_id: conversationId, model, tools } = frame;
  const attached = uploads.attached(userId, frame.attachments ?? []);
  if (typeof conversationId === 'string') {
    const running = await streams.steer(userId, conversationId, text, { ...attached, isLimited });
    if (running !== undefined) return { stream: running, after: running.lastEventId, isSteered: true };
  }
  const stream = await streams.start({
    userId,
    text,
    ...attached,
    isLimited,
    canAsk: true,
    ...(typeof conversationId === 'string' ? { conversationId, mayCreate: true } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof tools === 'boolean' ? { tools } : {}),
  });
  sent.name(stream, frame.id);
  return { stream, after: 0, isSteered: false };
}

async function onResume(deps: FrameDeps, from: Connection, actor: Actor, frame: FrameOf<'resume'>): Promise<void> {
  requirePermission(actor, 'conversation.read');
  const userId = actor.user.id;
  const last = lastEvent(frame.last_event_id);
  const turnId = last.of ?? frame.turn_id ?? undefined;
  const conversationId = frame.conversation_id ?? undefined;
  if (turnId === undefined && conversationId === undefined) {
    throw new ClawError('usage-invalid', 'Resume what?', { hint: 'Give turn_id, conversation_id or an event_id.' });
  }
  const { streams } = deps;
  const inConversation = conversationId === undefined ? [] : streams.ofConversation(userId, conversationId);
  const first = turnId === undefined ? inConversation.at(-1) : streams.find(userId, turnId);
  if (first !== undefined) {
    const since = conversationId === undefined ? [] : inConversation.slice(inConversation.indexOf(first) + 1);
    void followAll(deps, from, [first, ...since], last.seq);
    return;
  }
  const stored = await storedAnswer(await deps.store(), userId, { turnId, conversationId });
  if (stored === undefined) {
    throw new ClawError('not-found', 'There is no such turn to resume.', { hint: 'Send the message again.' });
  }
  if (stored !== 'running') return from.send(responseFrame(stored, frame.id ?? undefined));
  from.send({ type: 'info', ...idOf(frame), code: 'running', message: 'The turn runs elsewhere; ask again later.' });
}

/** One stream after the other, the first from where the client left it. */
async function followAll(
  { sent }: FrameDeps,
  from: Connection,
  streams: readonly TurnStream[],
  after: number,
): Promise<void> {
  for (const [at, stream] of streams.entries()) {
    const view: View = { after: at === 0 ? after : 0, isWhole: false, id: sent.idOf(stream) };
    await followStream(from, stream, view);
    if (from.closed.signal.aborted) return;
  }
}

/** `<turn or stream>:<number>`, or the number alone; 0 when there is none. */
function lastEvent(id: FrameOf<'resume'>['last_event_id']): { of: string | undefined; seq: number } {
  const [seq = '0', of] = String(id ?? 0)
    .split(':')
    .toReversed();
  return { of, seq: Number(seq) };
}

async function onCancel(
  { streams }: FrameDeps,
  from: Connection,
  actor: Actor,
  frame: FrameOf<'cancel'>,
): Promise<void> {
  requirePermission(actor, 'chat.send');
  const userId = actor.user.id;
  const { turn_id: turnId, conversation_id: conversationId } = frame;
  const named = typeof turnId === 'string' ? [streams.find(userId, turnId)] : [];
  const there = typeof conversationId === 'string' ? streams.ofConversation(userId, conversationId) : [];
  const running = [...named, ...there].filter((stream) => stream !== undefined && stream.endedAt === undefined);
  if (running.length === 0) throw new ClawError('not-found', 'No turn of yours runs there.');
  for (const stream of running) stream?.cancel();
  from.send({ type: 'info', ...idOf(frame), code: 'cancelling', message: 'The turn is being interrupted.' });
}

async function onApprove(deps: FrameDeps, from: Connection, actor: Actor, frame: FrameOf<'approve'>): Promise<void> {
  requirePermission(actor, 'approval.decide');
  const approvals = await deps.approvals();
  const { state } = await approvals.decide(frame.approval_id, {
    isApproved: frame.decision === 'approve',
    scope: frame.scope,
    by: actor.user.id,
    ...(typeof frame.for_minutes === 'number' ? { forMs: frame.for_minutes * 60_000 } : {}),
  });
  const { approval_id } = frame;
  from.send({ type: 'info', ...idOf(frame), code: 'approval-decided', message: `It is ${state}.`, approval_id, state });
}

function idOf({ id }: { readonly id?: FrameId | null | undefined }): { id?: FrameId } {
  return id === undefined || id === null ? {} : { id };
}
