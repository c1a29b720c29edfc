/** Owns the answers to a tool's questions: a few at a time, never more than the tool takes, and never a word of claw's own bugs. */
import { ClawError, toError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/messages.ts';
import { type Frame, parseForeign } from './frames.ts';
import type { Ask } from './sandbox.ts';
import type { Link } from './tool-link.ts';

/** Questions that claw works on at the same time; others wait. */
const MOST_AT_ONCE = 8;
/** Bytes of one question. */
const MAX_QUESTION_CHARS = 2 * 1024 * 1024;
const MAX_ANSWER_CHARS = 16 * 1024 * 1024;

/** A function that takes a question and sends its answer when it is known. Nothing is sent after `signal` aborts. What is no refusal but a bug goes to `onBug`: its words could name paths and values of claw. */
export function createAnswers(
  link: Link,
  ask: Ask,
  signal: AbortSignal,
  onBug: (error: unknown) => void,
): (frame: Frame) => void {
  const waiting: Frame[] = [];
  let working = 0;
  const next = async (): Promise<void> => {
    const frame = waiting.shift();
    if (frame === undefined || signal.aborted) return;
    working += 1;
    const answer = await answerTo(frame, ask, signal);
    if (signal.aborted) return;
    link.send({ type: 'answer', id: frame['id'], ...answer });
    // What the child does not take stays in our memory.
    await link.drained(signal);
    working -= 1;
    await next();
  };
  return (frame) => {
    waiting.push(frame);
    if (working < MOST_AT_ONCE) next().catch((error: unknown) => (signal.aborted ? undefined : onBug(error)));
  };
}

async function answerTo(frame: Frame, ask: Ask, signal: AbortSignal): Promise<{ ok: boolean; json: string }> {
  try {
    const { service, method, args } = frame;
    if (typeof service !== 'string' || typeof method !== 'string' || typeof args !== 'string') throw malformed();
    if (args.length > MAX_QUESTION_CHARS) throw malformed(`it is longer than ${MAX_QUESTION_CHARS} characters`);
    const value = await ask(service, method, readArguments(args), signal);
    const json = JSON.stringify(value);
    if (json.length > MAX_ANSWER_CHARS) throw new ClawError('limit-reached', 'the answer is too long');
    return { ok: true, json };
  } catch (error) {
    if (!(error instanceof ClawError)) throw error;
    return { ok: false, json: error.message };
  }
}

function readArguments(text: string): JsonObject {
  let value: unknown;
  try {
    value = parseForeign(text);
  } catch (error) {
    throw malformed(toError(error).message);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed();
  return value as JsonObject;
}

function malformed(reason?: string): ClawError {
  return new ClawError('sandbox-refused', `the question is malformed${reason === undefined ? '' : `: ${reason}`}`);
}
