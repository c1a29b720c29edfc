/** Owns the frames of claw's WebSocket, both ways, as the server and the dashboard read them. Must import only zod and the kernel: it also runs in a browser. */
import { z } from 'zod';
import { TOPICS } from '../../core/kernel/topics.ts';

/** Subprotocol a client may ask for. */
export const PROTOCOL = 'claw.v1';
/** A subprotocol that begins so carries a one-time ticket. */
export const TICKET_PREFIX = 'claw.ticket.';

/** Characters of one message. */
export const MAX_TEXT_CHARS = 10_000;
/** Files of one message. */
const MAX_ATTACHMENTS = 10;
/** Bytes of one frame. */
export const MAX_FRAME_BYTES = 1024 * 1024;
/** Milliseconds a client has to say who it is. */
export const AUTH_DEADLINE_MS = 5000;

/** Codes of a close besides those of RFC 6455 (1001 the server stops, 1008 rules, 1009 too large, 1013 come back later). */
export const CLOSE_UNAUTHENTICATED = 4401;

/** What the client calls its frame; every frame that answers it bears it too. */
const frameId = z.union([z.string().regex(/^[\w.:-]{1,128}$/), z.number().int().nonnegative()]);
const uuid = z.uuid();
/** `<id of a turn or stream>:<number>`, as `event_id` says it, or the number alone. */
const eventId = z.union([z.string().regex(/^(?:[0-9a-f-]{36}:)?\d{1,9}$/), z.number().int().min(0).max(999_999_999)]);

const id = frameId.nullish();
const topic = z.enum(TOPICS);

const CLIENT_FRAMES = [
  z.object({
    type: z.literal('message'),
    id,
    text: z.string().max(MAX_TEXT_CHARS),
    conversation_id: uuid.nullish(),
    /** Ids that `POST /attachments` gave. */
    attachments: z.array(uuid).max(MAX_ATTACHMENTS).nullish(),
    /** `provider/model`. */
    model: z.string().min(1).max(200).nullish(),
    /** False: the model gets no tools. */
    tools: z.boolean().nullish(),
    /** False: one `response` at the end instead of a stream. */
    stream: z.boolean().nullish(),
  }),
  z.object({ type: z.literal('ping'), id }),
  z.object({
    type: z.literal('resume'),
    id,
    conversation_id: uuid.nullish(),
    turn_id: uuid.nullish(),
    /** The last one that was seen; absent: from the beginning. */
    last_event_id: eventId.nullish(),
  }),
  z.object({ type: z.literal('cancel'), id, conversation_id: uuid.nullish(), turn_id: uuid.nullish() }),
  z.object({
    type: z.literal('approve'),
    id,
    approval_id: uuid,
    decision: z.enum(['approve', 'deny']),
    scope: z.enum(['once', 'conversation', 'pattern', 'always']).default('once'),
    /** For scope `pattern`: how long it is good for. */
    for_minutes: z.number().int().min(1).max(44_640).nullish(),
  }),
  z.object({
    type: z.literal('auth'),
    id,
    token: z.string().min(1).max(4096).nullish(),
    ticket: z.string().min(1).max(512).nullish(),
  }),
  /** Asks to be told when something has changed; a later one takes its place. */
  z.object({ type: z.literal('watch'), id, topics: z.array(topic).max(TOPICS.length).nullish() }),
] as const;

export const clientFrame = z.discriminatedUnion('type', CLIENT_FRAMES);
export type ClientFrame = z.output<typeof clientFrame>;
export type FrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;
export type FrameId = z.output<typeof frameId>;

/** On every frame of a turn. */
const event = {
  /** Id of the client's frame that asked for the turn. */
  id,
  conversation_id: z.string().nullable(),
  turn_id: z.string().nullable(),
  /** What `resume` takes as `last_event_id`. */
  event_id: z.string(),
  /** Number of the event: 1, 2, 3 … without gaps. */
  seq: z.number().int(),
};

const usage = z.object({
  input_tokens: z.number(),
  output_tokens: z.number(),
  cached_tokens: z.number(),
  /** Null when a price is unknown. */
  cost_usd: z.number().nullable(),
});
const failure = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
const toolSummary = z.object({ name: z.string(), status: z.string(), ms: z.number() });
const answer = {
  text: z.string(),
  model: z.string(),
  stop_reason: z.string().nullable(),
  usage,
  tools: z.array(toolSummary),
  error: failure.optional(),
};

export const serverFrame = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('info'), id, code: z.string(), message: z.string() }),
  z.object({ type: z.literal('pong'), id, at: z.number() }),
  z.object({
    type: z.literal('error'),
    id,
    code: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
    /** Seconds after which it may be tried again. */
    retry_after: z.number().optional(),
  }),
  z.object({ type: z.literal('response'), id, conversation_id: z.string(), turn_id: z.string(), ...answer }),
  z.object({ type: z.literal('stream_start'), ...event, model: z.string(), resumed: z.boolean() }),
  z.object({ type: z.literal('stream_delta'), ...event, kind: z.enum(['text', 'reasoning']), text: z.string() }),
  z.object({
    type: z.literal('stream_tool_start'),
    ...event,
    call_id: z.string(),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal('stream_tool_end'),
    ...event,
    call_id: z.string(),
    name: z.string(),
    status: z.string(),
    ms: z.number(),
    output: z.string(),
  }),
  z.object({ type: z.literal('stream_end'), ...event, ...answer }),
  z.object({
    type: z.literal('approval_request'),
    ...event,
    approval_id: z.string(),
    call_id: z.string(),
    act: z.string(),
    reason: z.string(),
    /** Milliseconds UTC. */
    expires_at: z.number(),
  }),
  /** Of these, something may be other than before. What it is, is asked for elsewhere, with its rights. */
  z.object({ type: z.literal('changed'), topics: z.array(topic) }),
]);
export type ServerFrame = z.input<typeof serverFrame>;
