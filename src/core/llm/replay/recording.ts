/**
 * Owns the format of recorded answers. A recording is a JSON array, or one JSON value a line (JSONL); each is the answer
 * to one model call, in order:
 *   {"events": [ModelEvent, ...], "failure": {...}}   as RECORD_FILE has it written; the failure only where the call failed
 *   {"text": "...", "reasoning": "...", "calls": [{"name": "...", "input": {}}], "stop": "complete", "usage": {...}}   by hand
 *   {"failure": {"kind": "rate-limited", "message": "...", "status": 429, "retry_after_ms": 1000}}
 * `"when": "words"` keeps an answer for a call whose newest user message contains these words.
 */
import { z } from 'zod';
import { ClawError, toError } from '../../kernel/errors.ts';
import { NO_USAGE, type Part } from '../../kernel/messages.ts';
import { ModelFailure, type ModelEvent } from '../language-model.ts';

const FAILURE_KINDS = [
  'auth',
  'forbidden',
  'invalid-request',
  'rate-limited',
  'usage-limit',
  'overloaded',
  'server',
  'network',
  'broken-stream',
  'cancelled',
] as const satisfies readonly ModelFailure['kind'][];

const failureSchema = z.object({
  kind: z.enum(FAILURE_KINDS),
  message: z.string(),
  status: z.int().optional(),
  retry_after_ms: z.number().nonnegative().optional(),
});

const usageSchema = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cachedTokens: z.int().nonnegative().default(0),
  cacheWriteTokens: z.int().nonnegative().default(0),
});

const stopSchema = z.enum(['complete', 'tool-calls', 'max-output-tokens', 'refusal']);
const jsonObject = z.record(z.string(), z.json());

const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), provenance: z.literal('assistant').default('assistant') }),
  z.object({ type: z.literal('reasoning'), text: z.string(), provider: z.string(), opaque: z.string().optional() }),
  z.object({
    type: z.literal('tool-call'),
    callId: z.string(),
    name: z.string(),
    input: jsonObject,
    inputError: z.string().optional(),
    opaque: z.string().optional(),
  }),
]);

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('response-start'), requestId: z.string().optional() }),
  z.object({ type: z.literal('text-delta'), text: z.string() }),
  z.object({ type: z.literal('reasoning-delta'), text: z.string() }),
  z.object({ type: z.literal('response-end'), parts: z.array(partSchema), stopReason: stopSchema, usage: usageSchema }),
]);

const entrySchema = z.strictObject({
  when: z.string().optional(),
  events: z.array(eventSchema).optional(),
  failure: failureSchema.optional(),
  text: z.string().optional(),
  reasoning: z.string().optional(),
  calls: z.array(z.object({ id: z.string().optional(), name: z.string(), input: jsonObject })).optional(),
  stop: stopSchema.optional(),
  usage: usageSchema.optional(),
});

type Entry = z.infer<typeof entrySchema>;

/** One recorded answer. */
export interface RecordedAnswer {
  readonly when: string | undefined;
  readonly events: readonly ModelEvent[];
  /** Thrown after the events. */
  readonly failure: ModelFailure | undefined;
}

/** Reads a recording. Throws `data-invalid` with the number of the answer that is wrong. */
export function parseRecording(text: string, file: string): RecordedAnswer[] {
  return valuesIn(text, file).map((value, index) => {
    const result = entrySchema.safeParse(value);
    if (result.success) return toAnswer(result.data, index);
    const [issue] = result.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
    throw invalid(file, `answer ${index + 1}${where}: ${issue?.message ?? 'wrong shape'}`);
  });
}

function valuesIn(text: string, file: string): unknown[] {
  try {
    if (text.trimStart().startsWith('[')) return JSON.parse(text) as unknown[];
    return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]));
  } catch (error) {
    throw invalid(file, toError(error).message);
  }
}

function toAnswer(entry: Entry, index: number): RecordedAnswer {
  return {
    when: entry.when,
    events: entry.events === undefined ? writtenEvents(entry, index) : (entry.events as ModelEvent[]),
    failure: entry.failure === undefined ? undefined : toFailure(entry.failure),
  };
}

/** The events of an answer that was written by hand; none when it only fails. */
function writtenEvents(
  { text = '', reasoning = '', calls = [], stop, usage = NO_USAGE, failure }: Entry,
  index: number,
): ModelEvent[] {
  const reasoningPart: Part[] = reasoning === '' ? [] : [{ type: 'reasoning', text: reasoning, provider: 'replay' }];
  const textPart: Part[] = text === '' ? [] : [{ type: 'text', text, provenance: 'assistant' }];
  const callParts = calls.map(({ id, name, input }, at): Part => {
    return { type: 'tool-call', callId: id ?? `replay_${index + 1}_${at + 1}`, name, input };
  });
  const deltas: ModelEvent[] = [
    ...reasoningPart.map((): ModelEvent => ({ type: 'reasoning-delta', text: reasoning })),
    ...textPart.map((): ModelEvent => ({ type: 'text-delta', text })),
  ];
  if (failure !== undefined) return deltas;
  const parts = [...reasoningPart, ...textPart, ...callParts];
  const stopReason = stop ?? (calls.length > 0 ? 'tool-calls' : 'complete');
  return [{ type: 'response-start' }, ...deltas, { type: 'response-end', parts, stopReason, usage }];
}

function toFailure({ kind, message, status, retry_after_ms: wait }: z.infer<typeof failureSchema>): ModelFailure {
  return new ModelFailure(kind, message, {
    provider: 'replay',
    ...(status === undefined ? {} : { status }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function invalid(file: string, what: string): ClawError {
  return new ClawError('data-invalid', `${file} is no recording: ${what}.`, {
    hint: 'Each answer looks like {"text": "Hello."}; see docs/how-to/replay.md.',
  });
}
