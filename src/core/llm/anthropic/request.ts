/** Owns the way out to Anthropic's Messages API: https://platform.claude.com/docs/en/api/messages. Pure conversion. */
import type { Part, ToolResultPart } from '../../kernel/messages.ts';
import { type CallOptions, ModelFailure, type ModelRequest, type SystemPart } from '../language-model.ts';
import { fitCallId, type SendableMessage, sendableMessages } from '../sendable-messages.ts';
import type { AnthropicBlock, AnthropicMessage, AnthropicRequest, AnthropicSystemBlock, AnthropicTool } from './sdk.ts';

/** Anthropic takes at most four cache breakpoints: these, one on the tools and one on the last message. */
const MAX_SYSTEM_BREAKPOINTS = 2;
const CALL_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const CACHED = { type: 'ephemeral' } as const;

/** Marks reasoning that came encrypted: it goes back as another kind of block. A signature is base64 and never begins so. */
export const REDACTED_MARK = 'redacted:';

/** The request that stands for `request`, with cache breakpoints on the system parts that ask for one, the last tool and the last block. */
export function anthropicRequest(
  request: ModelRequest,
  provider: string,
  model: string,
  maxTokens: number,
): AnthropicRequest {
  const system = systemBlocks(request.system);
  const tools = request.tools.map(({ name, description, inputSchema }, index): AnthropicTool => {
    const isLast = index === request.tools.length - 1;
    const input_schema = inputSchema as AnthropicTool['input_schema'];
    return { name, description, input_schema, ...(isLast ? { cache_control: CACHED } : {}) };
  });
  return {
    model,
    max_tokens: maxTokens,
    stream: true,
    ...(system.length === 0 ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools }),
    ...optionFields(request.options, provider),
    messages: anthropicMessages(sendableMessages(request.messages, provider)),
  };
}

function optionFields(
  { temperature, stop, toolChoice }: CallOptions = {},
  provider: string,
): Partial<AnthropicRequest> {
  if (temperature !== undefined && temperature > 1) {
    throw new ModelFailure('invalid-request', 'This model takes a temperature of 0 to 1.', { provider });
  }
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(stop === undefined ? {} : { stop_sequences: [...stop] }),
    ...(toolChoice === undefined ? {} : { tool_choice: choiceOf(toolChoice) }),
  };
}

function choiceOf(choice: NonNullable<CallOptions['toolChoice']>): NonNullable<AnthropicRequest['tool_choice']> {
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}

function systemBlocks(parts: readonly SystemPart[]): AnthropicSystemBlock[] {
  const filled = parts.filter(({ text }) => text.trim() !== '');
  const asked = filled.filter(({ cacheBreakpoint }) => cacheBreakpoint === true);
  const marked = new Set(asked.slice(-MAX_SYSTEM_BREAKPOINTS));
  return filled.map((part) => ({
    type: 'text',
    text: part.text,
    ...(marked.has(part) ? { cache_control: CACHED } : {}),
  }));
}

/** Tool results are user messages there, and what the user says next joins them behind the results. */
function anthropicMessages(messages: readonly SendableMessage[]): AnthropicMessage[] {
  const result: { role: 'user' | 'assistant'; content: AnthropicBlock[] }[] = [];
  for (const { role, parts } of messages) {
    const target = role === 'assistant' ? 'assistant' : 'user';
    const content = parts.flatMap(blocksOf);
    const last = result.at(-1);
    if (last?.role === target) last.content.push(...content);
    else result.push({ role: target, content });
  }
  markLastBlock(result.at(-1)?.content ?? []);
  return result;
}

/** The end of the last message is where the next request of the conversation goes on. */
function markLastBlock(content: AnthropicBlock[]): void {
  const last = content.at(-1);
  if (last?.type !== 'text' && last?.type !== 'image' && last?.type !== 'tool_result') return;
  content[content.length - 1] = { ...last, cache_control: CACHED };
}

function blocksOf(part: Part): AnthropicBlock[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'image': {
      const media_type = part.mediaType as 'image/png';
      return [{ type: 'image', source: { type: 'base64', media_type, data: part.data } }];
    }
    case 'reasoning':
      return reasoningBlocks(part.text, part.opaque);
    case 'tool-call':
      return [{ type: 'tool_use', id: fitCallId(part.callId, CALL_ID), name: part.name, input: part.input }];
    case 'tool-result':
      return [toolResult(part)];
  }
}

/** Reasoning without a signature is refused, so it stays here. */
function reasoningBlocks(thinking: string, opaque: string | undefined): AnthropicBlock[] {
  if (opaque === undefined) return [];
  if (opaque.startsWith(REDACTED_MARK))
    return [{ type: 'redacted_thinking', data: opaque.slice(REDACTED_MARK.length) }];
  return [{ type: 'thinking', thinking, signature: opaque }];
}

function toolResult({ callId, output, status }: ToolResultPart): AnthropicBlock {
  return {
    type: 'tool_result',
    tool_use_id: fitCallId(callId, CALL_ID),
    ...(output.trim() === '' ? {} : { content: output }),
    ...(status === 'ok' ? {} : { is_error: true }),
  };
}
