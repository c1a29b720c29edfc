/** Owns how a request for a chat completion is read: its shape, what of it is refused, and how its messages become claw's. What cannot be honoured is refused by name; what changes no answer is passed over. */
import { z } from 'zod';
import type { Completion } from '../../core/conversations/completion.ts';
import type { JsonObject, ToolSpec } from '../../core/kernel/messages.ts';
import type { CallOptions } from '../../core/llm/language-model.ts';
import type { StreamRequest } from '../turn-stream.ts';
import { chatMessage, readMessages } from './openai-messages.ts';
import { HttpFailure } from './problem.ts';

/** The name that stands for the configured model. */
export const OWN_NAME = 'claw';
/** Pictures come inside of the JSON. */
export const MAX_COMPLETION_BYTES = 24 * 1024 * 1024;

const NOT_HERE = 'this is not done here';
const tool = z.object({
  type: z.literal('function', 'only functions are taken here'),
  function: z.object({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    description: z.string().max(16_384).nullish(),
    parameters: z.record(z.string(), z.json()).nullish(),
    strict: z.literal(false, NOT_HERE).nullish(),
  }),
});
const named = z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) });
const refused = z.union([z.null(), z.array(z.unknown()).max(0), z.record(z.string(), z.never())], NOT_HERE).optional();

export const completionBody = z.object({
  model: z.string().max(200),
  messages: z.array(chatMessage).min(1).max(2000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z.array(tool).max(128).nullish().describe('Given: the model gets these, and their calls are the answer'),
  tool_choice: z
    .union([z.enum(['auto', 'none', 'required']), named])
    .nullish()
    .describe('none without tools: the model gets no tools of claw either'),
  parallel_tool_calls: z.literal(true, NOT_HERE).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  n: z.literal(1, 'one answer is given').nullish(),
  top_p: z.literal(1, NOT_HERE).nullish(),
  presence_penalty: z.literal(0, NOT_HERE).nullish(),
  frequency_penalty: z.literal(0, NOT_HERE).nullish(),
  logprobs: z.literal(false, NOT_HERE).nullish(),
  top_logprobs: z.literal(0, NOT_HERE).nullish(),
  logit_bias: refused,
  functions: refused,
  function_call: z.null(NOT_HERE).optional(),
  audio: z.null(NOT_HERE).optional(),
  web_search_options: z.null(NOT_HERE).optional(),
  modalities: z.array(z.literal('text', NOT_HERE)).nullish(),
  response_format: z.object({ type: z.literal('text', NOT_HERE) }).nullish(),
});
type CompletionBody = z.output<typeof completionBody>;

/** The turn that answers it. Throws `HttpFailure` 400 for messages that do not go together. */
export function completionRequest(userId: string, body: CompletionBody): StreamRequest {
  const { model, tool_choice: choice } = body;
  const tools = (body.tools ?? []).map(toolSpec);
  const { system, messages, last } = readMessages(body.messages);
  const options = callOptions(body, tools);
  const limit = body.max_completion_tokens ?? body.max_tokens;
  // Who sends results of tools has tools of their own, also in a request that offers none.
  const isBare = tools.length > 0 || last.role !== 'user';
  const completion: Completion = {
    system,
    messages: isBare ? [...messages, last] : messages,
    options,
    ...(typeof limit === 'number' ? { maxOutputTokens: limit } : {}),
    ...(isBare ? { tools } : {}),
  };
  const images = last.parts.filter((part) => part.type === 'image');
  const text = last.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const results = last.parts.flatMap((part) => (part.type === 'tool-result' ? [`[${part.name}] ${part.output}`] : []));
  return {
    userId,
    text: last.role === 'user' ? text : results.join('\n') || '[The answer goes on.]',
    ...(images.length === 0 ? {} : { images }),
    completion,
    ...(model === OWN_NAME ? {} : { model }),
    ...(choice === 'none' ? { tools: false } : {}),
  };
}

function toolSpec({ function: { name, description, parameters } }: z.output<typeof tool>): ToolSpec {
  const inputSchema = (parameters ?? { type: 'object', properties: {} }) as JsonObject;
  return { name, description: description ?? '', inputSchema: { type: 'object', ...inputSchema } };
}

function callOptions(
  { tool_choice: choice, temperature, stop }: CompletionBody,
  tools: readonly ToolSpec[],
): CallOptions {
  const asked = typeof choice === 'object' ? choice?.function : choice;
  const isMissing = typeof asked === 'object' ? !tools.some(({ name }) => name === asked.name) : tools.length === 0;
  if (isMissing && (asked === 'required' || typeof asked === 'object')) {
    throw wrongMember('tool_choice', 'there is no such tool in tools');
  }
  return {
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(stop == null ? {} : { stop: typeof stop === 'string' ? [stop] : stop }),
    ...(asked == null || tools.length === 0 ? {} : { toolChoice: asked }),
  };
}

function wrongMember(field: string, message: string): HttpFailure {
  return new HttpFailure(400, 'usage-invalid', `${field}: ${message}`, { members: { errors: [{ field, message }] } });
}
