/** Owns the answers to a tool's questions: a few at a time, never more than the tool takes, and never a word of claw's own bugs. */
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/messages.ts';
import { type Frame, parseForeign } from './frames.ts';
import type { Ask } from './sandbox.ts';
import type { Link } from './tool-link.ts';

/** Questions that claw works on at the same time; others wait. */
const MOST_AT_ONCE = 8;
/** Characters of one question. */
const MAX_QUESTION_CHARS = 2 * 1024 * 1024;
/** Characters of one answer; the child takes lines of 34 MiB. */
const MAX_ANSWER_CHARS = 16 * 1024 * 1024;

/** A function that takes a question and sends its answer when it is known. Nothing is sent after `signal` aborts. */
export function createAnswers(link: Link, ask: Ask, signal: AbortSignal): (frame: Frame) => void {
  const waiting: Frame[] = [];
  let working = 0;
  const work = async (): Promise<void> => {
    working += 1;
    for (let frame = waiting.shift(); frame !== undefined; frame = waiting.shift()) {
      const answer = await answerTo(frame, ask, signal);
      if (signal.aborted) return;
      link.send({ type: 'answer', id: frame['id'], ...answer });
      // What the child does not take would stay in our memory.
      await link.drained(signal);
    }
    working -= 1;
  };
  return (frame) => {
    waiting.push(frame);
    // It rejects only when the call has ended, and then nobody waits for it.
    if (working < MOST_AT_ONCE) work().catch(() => {});
  };
}

async function answerTo(frame: Frame, ask: Ask, signal: AbortSignal): Promise<{ ok: boolean; json: string }> {
  try {
    const { service, method, args } = frame;
    if (typeof service !== 'string' || typeof method !== 'string' || typeof args !== 'string') throw malformed();
    if (args.length > MAX_QUESTION_CHARS) throw malformed(`it is longer than ${MAX_QUESTION_CHARS} characters`);
    const value = await ask(service, method, readArguments(args), signal);
    const json = JSON.stringify(value) ?? 'null';
    if (json.length > MAX_ANSWER_CHARS) throw new ClawError('limit-reached', 'the answer is too long for a tool');
    return { ok: true, json };
  } catch (error) {
    // What is not said for tools may name paths and programs of this machine.
    return { ok: false, json: error instanceof ClawError ? error.message : 'claw could not do this' };
  }
}

function readArguments(text: string): JsonObject {
  let value: unknown;
  try {
    value = parseForeign(text);
  } catch (error) {
    throw malformed(error instanceof RangeError ? error.message : 'its arguments are no JSON text');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('its arguments are no object');
  return value as JsonObject;
}

function malformed(reason?: string): ClawError {
  return new ClawError('sandbox-refused', `the question is malformed${reason === undefined ? '' : `: ${reason}`}`);
}
