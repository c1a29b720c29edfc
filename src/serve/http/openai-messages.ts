/** Owns how the messages of OpenAI's chat API become claw's: text, pictures, calls and their results, paired by id. Source: https://developers.openai.com/api/reference/resources/chat. */
import { z } from 'zod';
import type { ImagePart, JsonObject, Message, Part, ToolCallPart, ToolResultPart } from '../../core/kernel/messages.ts';
import { HttpFailure } from './problem.ts';

/** Base64 of 5 MiB, the largest picture that providers take. */
const MAX_IMAGE_CHARS = 7 * 1024 * 1024;
const DATA_URL = /^data:(image\/(?:png|jpeg|gif|webp));base64,/;

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const imagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({
    url: z
      .string()
      .max(MAX_IMAGE_CHARS, 'a picture has at most 5 MiB')
      .refine(isPicture, 'send the picture as a data URL (png, jpeg, gif or webp); addresses are not fetched here'),
  }),
});
const texts = z.union([z.string(), z.array(textPart)]);
const toolCall = z.object({
  id: z.string().min(1).max(256),
  type: z.literal('function'),
  function: z.object({ name: z.string().max(128), arguments: z.string() }),
});

export const chatMessage = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: texts }),
  z.object({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, imagePart]))]),
  }),
  z.object({
    role: z.literal('assistant'),
    content: texts.nullish(),
    tool_calls: z.array(toolCall).max(128).nullish(),
  }),
  z.object({ role: z.literal('tool'), content: texts, tool_call_id: z.string() }),
]);
type ChatMessage = z.output<typeof chatMessage>;

interface ReadMessages {
  /** All system messages, in order. */
  readonly system: string;
  readonly messages: readonly Message[];
  /** The message that is to be answered; results of one answer's calls are one message. */
  readonly last: Message;
}

/** Throws `HttpFailure` 400 for a result without its call, a call without its result, and arguments that are no JSON object. */
export function readMessages(given: readonly ChatMessage[]): ReadMessages {
  const system: string[] = [];
  const messages: Message[] = [];
  let open = new Map<string, ToolCallPart>();
  for (const [at, message] of given.entries()) {
    if (message.role === 'tool') {
      const call = open.get(message.tool_call_id);
      if (call === undefined) throw wrong(at, 'tool_call_id answers no call of the assistant message before it');
      open.delete(call.callId);
      addResult(messages, { ...resultOf(call), output: textOf(message.content) });
      continue;
    }
    requireAnswered(open, at);
    if (message.role === 'assistant') {
      const calls = (message.tool_calls ?? []).map((call) => readCall(call, at));
      open = new Map(calls.map((call) => [call.callId, call]));
      const text = textOf(message.content);
      const parts: Part[] = text === '' ? calls : [{ type: 'text', text, provenance: 'assistant' }, ...calls];
      if (parts.length > 0) messages.push({ role: 'assistant', parts });
    } else if (message.role === 'user') messages.push({ role: 'user', parts: userParts(message.content) });
    else system.push(textOf(message.content));
  }
  requireAnswered(open, given.length - 1);
  const last = messages.pop();
  if (last === undefined || last.role === 'assistant') {
    throw wrong(given.length - 1, 'the last message must be of role user or tool');
  }
  return { system: system.join('\n\n'), messages: begunByUser(messages), last };
}

/** Providers want a talk to begin with its user. */
function begunByUser(messages: readonly Message[]): readonly Message[] {
  if (messages[0]?.role !== 'assistant') return messages;
  return [{ role: 'user', parts: [{ type: 'text', text: '[You began.]', provenance: 'claw' }] }, ...messages];
}

function addResult(messages: Message[], result: ToolResultPart): void {
  const before = messages.at(-1);
  if (before?.role === 'tool') messages[messages.length - 1] = { role: 'tool', parts: [...before.parts, result] };
  else messages.push({ role: 'tool', parts: [result] });
}

function resultOf({ callId, name }: ToolCallPart): Omit<ToolResultPart, 'output'> {
  return { type: 'tool-result', callId, name, status: 'ok', provenance: 'tool' };
}

function requireAnswered(open: ReadonlyMap<string, ToolCallPart>, at: number): void {
  const [missing] = open.keys();
  if (missing !== undefined) throw wrong(at, `no message of role tool answers the call ${missing.slice(0, 64)}`);
}

function readCall({ id, function: { name, arguments: text } }: z.output<typeof toolCall>, at: number): ToolCallPart {
  let input: unknown;
  try {
    input = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    input = undefined;
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw wrong(at, 'the arguments of a tool call must be a JSON object');
  }
  return { type: 'tool-call', callId: id, name, input: input as JsonObject };
}

function userParts(content: Extract<ChatMessage, { role: 'user' }>['content']): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content, provenance: 'user' }];
  return content.map((part) =>
    part.type === 'text' ? { type: 'text', text: part.text, provenance: 'user' } : picture(part.image_url.url),
  );
}

function picture(url: string): ImagePart {
  const [head = '', mediaType = ''] = DATA_URL.exec(url) ?? [];
  return { type: 'image', mediaType, data: url.slice(head.length), provenance: 'user' };
}

function isPicture(url: string): boolean {
  const [head] = DATA_URL.exec(url) ?? [];
  return head !== undefined && url.length > head.length && /^[A-Za-z0-9+/]+={0,2}$/.test(url.slice(head.length));
}

function textOf(content: z.output<typeof texts> | null | undefined): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('');
}

function wrong(at: number, message: string): HttpFailure {
  const field = `messages.${at}`;
  return new HttpFailure(400, 'usage-invalid', `${field}: ${message}`, { members: { errors: [{ field, message }] } });
}
