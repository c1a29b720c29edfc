/** What the contract of language models is written with: requests, histories, a stand-in that closes with the test. */
import { onTestFinished } from 'vitest';
import type { Message, ToolCallPart, ToolResultPart } from '../../src/core/kernel/messages.ts';
import {
  ModelFailure,
  type LanguageModel,
  type ModelEvent,
  type ModelRequest,
} from '../../src/core/llm/language-model.ts';
import { type ModelServer, type ReplySource, startModelServer } from '../fakes/llm/model-server.ts';
import type { Wire } from '../fakes/llm/wire.ts';

export interface ContractKit {
  readonly provider: string;
  readonly wire: Wire;
  /** The adapter under test, talking to the server at `url`. */
  create(url: string, options?: { idleMs?: number }): LanguageModel;
  /** What the wire cannot carry. */
  readonly lacks?: { readonly rawInput?: boolean; readonly opaque?: boolean; readonly cacheWrite?: boolean };
}

const SIGNAL = new AbortController().signal;
const TOOLS = [
  { name: 'add', description: 'Adds.', inputSchema: { type: 'object', properties: { a: { type: 'number' } } } },
];
export function text(role: 'user' | 'assistant', ...texts: string[]): Message {
  const provenance = role === 'user' ? 'owner' : 'assistant';
  return { role, parts: texts.map((each) => ({ type: 'text', text: each, provenance })) };
}

export function call(
  callId: string,
  input: ToolCallPart['input'] = {},
  more: Partial<ToolCallPart> = {},
): ToolCallPart {
  return { type: 'tool-call', callId, name: 'add', input, ...more };
}

export function result(callId: string, output: string, more: Partial<ToolResultPart> = {}): ToolResultPart {
  return { type: 'tool-result', callId, name: 'add', status: 'ok', output, provenance: 'tool', ...more };
}

export function requestOf(messages: readonly Message[], more: Partial<ModelRequest> = {}): ModelRequest {
  const system = [{ text: 'You are claw.', cacheBreakpoint: true }];
  return { system, messages, tools: TOOLS, maxOutputTokens: 500, signal: SIGNAL, ...more };
}

export async function collect(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

export function endOf(events: readonly ModelEvent[]): Extract<ModelEvent, { type: 'response-end' }> {
  const last = events.at(-1);
  if (last?.type !== 'response-end') throw new Error(`the stream ended with ${last?.type ?? 'nothing'}`);
  return last;
}

/** Runs the stream to its failure. */
export async function failureOf(
  stream: AsyncIterable<ModelEvent>,
): Promise<{ failure: ModelFailure; events: ModelEvent[] }> {
  const events: ModelEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    if (error instanceof ModelFailure) return { failure: error, events };
    throw error;
  }
  throw new Error('the stream did not fail');
}

/** A stand-in that ends with the running test. */
export async function serve(...replies: ReplySource[]): Promise<ModelServer> {
  const server = await startModelServer(replies);
  onTestFinished(() => server.close());
  return server;
}
