/** Owns turning the content of a message, as flux-openclaw keeps it (the Messages format of Anthropic, as JSON), into messages of claw. Takes anything; what has no meaning gives nothing. Pure. */
import type { JsonObject, Part } from '../../kernel/messages.ts';
import { entriesOf, fieldsOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';

export interface SaidMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly parts: readonly Part[];
}

/** Names of tools by the id of their call, within one conversation; filled here. */
export type CallNames = Map<string, string>;

/** Bytes of an image that is kept. */
const MAX_IMAGE = 5 * 1024 * 1024;
const IMAGE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** Characters of the input of a call that is kept. */
const MAX_INPUT = 100_000;

/** Results of tools are a message of their own, before what the person said with them. `raw`: JSON, or plain text of older homes. */
export function saidMessages(role: 'user' | 'assistant', raw: string, names: CallNames): SaidMessage[] {
  const content = parsed(raw);
  const blocks: readonly unknown[] = Array.isArray(content) ? (content as unknown[]) : [content];
  const results = role === 'user' ? blocks.flatMap((block) => resultOf(block, names)) : [];
  const parts = blocks.flatMap((block) => partOf(role, block, names));
  return [
    ...(results.length === 0 ? [] : [{ role: 'tool' as const, parts: results }]),
    ...(parts.length === 0 ? [] : [{ role, parts }]),
  ];
}

/** The first words of the parts, for a title. */
export function wordsIn(parts: readonly Part[]): string | undefined {
  return lineOf(parts.find((part) => part.type === 'text')?.text);
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return raw;
  }
}

function partOf(role: 'user' | 'assistant', block: unknown, names: CallNames): Part[] {
  const type = typeof block === 'string' ? 'text' : valueAt(block, 'type');
  if (type === 'tool_use') return callOf(block, names);
  if (type === 'image') return imageOf(block);
  if (type !== 'text' && type !== undefined) return [];
  const text = textOf(typeof block === 'string' ? block : (valueAt(block, 'text') ?? valueAt(block, 'content')));
  return text === undefined ? [] : [{ type: 'text', text, provenance: role === 'assistant' ? 'assistant' : 'user' }];
}

function callOf(block: unknown, names: CallNames): Part[] {
  const callId = lineOf(valueAt(block, 'id'));
  const name = lineOf(valueAt(block, 'name'), 64);
  if (callId === undefined || name === undefined) return [];
  names.set(callId, name);
  const input = JSON.stringify(fieldsOf(valueAt(block, 'input')) ?? {});
  const kept = input.length > MAX_INPUT || input.includes('\\u0000') ? '{}' : input.toWellFormed();
  return [{ type: 'tool-call', callId, name, input: JSON.parse(kept) as JsonObject }];
}

function imageOf(block: unknown): Part[] {
  const mediaType = IMAGE_TYPES.find((each) => each === valueAt(block, 'source', 'media_type'));
  const data = valueAt(block, 'source', 'data');
  const isWhole = typeof data === 'string' && data.length <= (MAX_IMAGE * 4) / 3 && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
  if (mediaType !== undefined && isWhole) return [{ type: 'image', mediaType, data, provenance: 'user' }];
  return [{ type: 'text', text: '[An image that was not taken over.]', provenance: 'claw' }];
}

function resultOf(block: unknown, names: CallNames): Part[] {
  if (valueAt(block, 'type') !== 'tool_result') return [];
  const callId = lineOf(valueAt(block, 'tool_use_id'));
  if (callId === undefined) return [];
  const status = valueAt(block, 'is_error') === true ? 'error' : 'ok';
  const output = outputOf(valueAt(block, 'content'));
  return [{ type: 'tool-result', callId, name: names.get(callId) ?? 'tool', status, output, provenance: 'tool' }];
}

function outputOf(content: unknown): string {
  if (typeof content === 'string') return textOf(content) ?? '';
  const texts = listOf(content).flatMap((each) => textOf(valueAt(each, 'text')) ?? []);
  if (texts.length > 0) return texts.join('\n');
  return entriesOf(content).length === 0 ? '' : (textOf(JSON.stringify(content)) ?? '');
}
