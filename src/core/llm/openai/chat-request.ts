/** Owns the way out to the Chat Completions API, OpenAI's and everybody else's: https://developers.openai.com/api/reference/resources/chat. Pure conversion. */
import type { Part, ToolCallPart, ToolResultPart } from '../../kernel/messages.ts';
import type { CallOptions, ModelRequest } from '../language-model.ts';
import { fitCallId, type SendableMessage, sendableMessages } from '../sendable-messages.ts';
import type { ChatContent, ChatMessage, ChatRequest, ChatTool, ChatToolCall } from './sdk.ts';

/** How a server of this API differs from the next one. */
export interface ChatDialect {
  /** OpenAI's newer models refuse the old name; other servers may not know the new one. */
  readonly limitField: 'max_completion_tokens' | 'max_tokens';
  /** Sent together with tools, for models that take tools on this API only without reasoning. */
  readonly effortWithTools?: 'none';
}

/** OpenAI refuses longer ids. */
const CALL_ID = /^.{1,40}$/s;

export function chatRequest(
  request: ModelRequest,
  { provider, model, maxTokens }: { provider: string; model: string; maxTokens: number },
  dialect: ChatDialect,
): ChatRequest {
  const system = request.system.map(({ text }) => text).filter((text) => text.trim() !== '');
  const tools = request.tools.map(({ name, description, inputSchema }): ChatTool => {
    return { type: 'function', function: { name, description, parameters: inputSchema } };
  });
  const effort = tools.length > 0 ? dialect.effortWithTools : undefined;
  return {
    model,
    messages: [
      ...(system.length === 0 ? [] : [{ role: 'system' as const, content: system.join('\n\n') }]),
      ...sendableMessages(request.messages, provider).flatMap(chatMessages),
    ],
    ...(tools.length === 0 ? {} : { tools }),
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...optionFields(request.options),
    [dialect.limitField]: maxTokens,
    stream: true,
    stream_options: { include_usage: true },
  };
}

function optionFields({ temperature, stop, toolChoice }: CallOptions = {}): Partial<ChatRequest> {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(stop === undefined ? {} : { stop: [...stop] }),
    ...(toolChoice === undefined
      ? {}
      : { tool_choice: typeof toolChoice === 'string' ? toolChoice : { type: 'function', function: toolChoice } }),
  };
}

function chatMessages({ role, parts }: SendableMessage): ChatMessage[] {
  switch (role) {
    case 'user':
      return [{ role: 'user', content: userContent(parts) }];
    case 'assistant':
      return [assistantMessage(parts)];
    case 'tool':
      return parts
        .filter((part): part is ToolResultPart => part.type === 'tool-result')
        .map((part) => ({ role: 'tool', tool_call_id: fitCallId(part.callId, CALL_ID), content: resultText(part) }));
  }
}

/** One text goes as a plain string, which every server understands. */
function userContent(parts: readonly Part[]): string | ChatContent[] {
  const content = parts.flatMap((part): ChatContent[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type !== 'image') return [];
    return [{ type: 'image_url', image_url: { url: `data:${part.mediaType};base64,${part.data}` } }];
  });
  const [first] = content;
  return content.length === 1 && first?.type === 'text' ? first.text : content;
}

/** `reasoning_content` is no field of OpenAI's: servers that send it want it back while their tool calls go on. */
function assistantMessage(parts: readonly Part[]): ChatMessage {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const reasoning = parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  const calls = parts.filter((part): part is ToolCallPart => part.type === 'tool-call').map(toolCall);
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function toolCall({ callId, name, input }: ToolCallPart): ChatToolCall {
  return { id: fitCallId(callId, CALL_ID), type: 'function', function: { name, arguments: JSON.stringify(input) } };
}

/** The API has no field for a result's state, so a failed one says so in its text. */
function resultText({ status, output }: ToolResultPart): string {
  return status === 'ok' ? output : `[tool ${status}] ${output}`;
}
