/** Owns the most tokens a request can be: claw's own words are estimated, from above; of everything else no tokenizer makes more than its bytes. */
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import type { ToolSpec } from '../kernel/messages.ts';
import type { ModelRequest } from '../llm/language-model.ts';
import type { ToolDescription } from '../tools/tool-port.ts';
import { WORKING_RULES } from './system-prompt.ts';

/** More than any provider counts for one picture, in tokens. */
const IMAGE_TOKENS = 16_000;
/** What providers put before the descriptions of tools themselves, in tokens. */
const TOOL_PREAMBLE_TOKENS = 1_000;

interface Bounded extends Pick<ModelRequest, 'system' | 'messages'> {
  readonly tools: readonly (ToolSpec & Partial<Pick<ToolDescription, 'origin'>>)[];
}

/** Upper bound of the prompt's tokens: an estimate of claw's own rules and shipped tools, whose words are known; the UTF-8 bytes of what others wrote (messages, persona, memory, other tools) and of the words around it; a fixed number for each picture. */
export function requestBound({ system, messages, tools }: Bounded): number {
  const texts = system.map(({ text }) => text);
  const rules = texts.filter((text) => text.includes(WORKING_RULES)).map(() => WORKING_RULES);
  const shipped = tools.filter(({ origin }) => origin === 'builtin').map(asSent);
  const others = tools.filter(({ origin }) => origin !== 'builtin').map(asSent);
  const foreignTexts = texts.map((text) => text.replace(WORKING_RULES, ''));
  let images = 0;
  const foreign = JSON.stringify([foreignTexts, messages, others], (_, value: unknown) => {
    if (!isImage(value)) return value;
    images += 1;
    return { type: 'image' };
  });
  const own = estimateTokens(JSON.stringify([rules, shipped]));
  const preamble = tools.length === 0 ? 0 : TOOL_PREAMBLE_TOKENS;
  return own + Buffer.byteLength(foreign) + images * IMAGE_TOKENS + preamble;
}

/** What a provider gets of a tool. */
function asSent({ name, description, inputSchema }: ToolSpec): ToolSpec {
  return { name, description, inputSchema };
}

/** Names of the tools whose results are new in the request: those after the last answer of the model. */
export function toolsRead({ messages }: Pick<ModelRequest, 'messages'>): string[] {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  const parts = messages.slice(last + 1).flatMap((message) => message.parts);
  const names = parts.flatMap((part) => (part.type === 'tool-result' ? [part.name.replace(/\s+/g, '_')] : []));
  return [...new Set(names)].toSorted();
}

function isImage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'image' && 'data' in value;
}
