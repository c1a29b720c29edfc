/** Owns a turn whose caller brings the history along, as clients of completion APIs do: what it asks for, and how that becomes a prompt. Such a turn is journalled and paid like any other, in a conversation of its own. */
import type { GivenPrompt } from '../agent/given-prompt.ts';
import type { TextGuards } from '../agent/turn.ts';
import type { Message, Part, ToolSpec } from '../kernel/messages.ts';
import type { CallOptions } from '../llm/language-model.ts';
import type { ToolDescription, ToolSnapshot } from '../tools/tool-port.ts';

/** Where such conversations come from; lists of conversations leave them out. */
export const COMPLETION_ORIGIN = 'openai';

export interface Completion {
  /** What was said before; with `tools` everything that was said. */
  readonly messages: readonly Message[];
  /** The caller's own system prompt. */
  readonly system: string;
  readonly options: CallOptions;
  readonly maxOutputTokens?: number;
  /** The caller runs these: the model gets no tools, no persona and no memory of claw's. Absent: claw answers with its own. */
  readonly tools?: readonly ToolSpec[];
}

/** The prompt without secrets. */
export function givenPrompt({ messages, options, tools }: Completion, text: TextGuards): GivenPrompt {
  const masked = messages.map(({ role, parts }) => ({ role, parts: parts.map((part) => maskPart(text, part)) }));
  return { messages: masked, options, isWhole: tools !== undefined, returnsCalls: tools !== undefined };
}

function maskPart({ mask, maskJson }: TextGuards, part: Part): Part {
  if (part.type === 'text') return { ...part, text: mask(part.text) };
  if (part.type === 'tool-call') return { ...part, input: maskJson(part.input) };
  if (part.type === 'tool-result') return { ...part, output: mask(part.output) };
  return part;
}

/** The caller's tools as a turn knows tools; none of them runs here. */
export function callersTools(specs: readonly ToolSpec[]): ToolSnapshot {
  const tools = specs.map((spec): ToolDescription => ({
    ...spec,
    version: '0',
    origin: 'user',
    parallel: true,
    idempotent: false,
    provenance: 'tool',
  }));
  return { tools, call: async () => ({ status: 'refused', output: 'The caller runs this tool.' }) };
}
