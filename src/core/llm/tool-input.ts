/** Owns how the arguments of a tool call become an object, whatever a model wrote. */
import type { JsonObject } from '../kernel/messages.ts';

export interface ToolInput {
  readonly input: JsonObject;
  /** For the model: why `input` is empty. */
  readonly inputError?: string;
}

/** Reads streamed arguments; no text at all is an empty object. With `isCutOff` the answer ended before the arguments did. */
export function parseToolInput(text: string, isCutOff: boolean): ToolInput {
  if (text.trim() === '') return isCutOff ? cutOff() : { input: {} };
  try {
    return checkToolInput(JSON.parse(text));
  } catch {
    return isCutOff
      ? cutOff()
      : { input: {}, inputError: 'The arguments are not valid JSON. Send them again as one JSON object.' };
  }
}

/** Arguments that came as JSON already. */
export function checkToolInput(value: unknown): ToolInput {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { input: value as JsonObject };
  return { input: {}, inputError: 'The arguments must be one JSON object.' };
}

function cutOff(): ToolInput {
  return {
    input: {},
    inputError: 'The answer reached its length limit before the arguments were complete. Send a shorter call.',
  };
}
