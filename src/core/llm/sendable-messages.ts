/** Owns what of a history may go to a provider: paired tool calls, no empty text, no other provider's reasoning. Everything a provider would refuse the whole request for is left out here. */
import { createHash } from 'node:crypto';
import type { Message, Part, ToolResultPart } from '../kernel/messages.ts';

/** A message cut to what may be sent; a tool message holds results only. */
export interface SendableMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly parts: readonly Part[];
}

/** The messages that `provider` gets: they begin with the user, neighbours of one role are one message, every call has its result and every result its call. */
export function sendableMessages(messages: readonly Message[], provider: string): SendableMessage[] {
  const kept = paired(messages)
    .map(({ role, parts }) => ({ role, parts: parts.filter((part) => maySend(part, provider)) }))
    .filter(({ parts }) => parts.some(({ type }) => type !== 'reasoning'));
  const first = kept.findIndex(({ role }) => role === 'user');
  return first === -1 ? [] : merged(kept.slice(first));
}

/** `id` when it fits `allowed`, else one made from it; the same id always gives the same one, so that calls and results stay paired. */
export function fitCallId(id: string, allowed: RegExp): string {
  return allowed.test(id) ? id : `call_${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;
}

function maySend(part: Part, provider: string): boolean {
  if (part.type === 'text') return part.text.trim() !== '';
  if (part.type === 'reasoning') return part.provider === provider;
  return true;
}

/** Drops calls that are not answered by the tool messages that follow them, and results without their call. */
function paired(messages: readonly Message[]): SendableMessage[] {
  const result: SendableMessage[] = [];
  const used = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'user') result.push({ role: 'user', parts: message.parts.filter(isContent) });
    if (message.role === 'assistant') result.push(...exchange(message, answersAfter(messages, index), used));
  }
  return result;
}

/** An assistant message with its answered calls only, and the results of these in their order. Servers that count their calls anew in every answer use an id twice; the second call gets another. */
function exchange(
  message: Message,
  answers: ReadonlyMap<string, ToolResultPart>,
  used: Set<string>,
): SendableMessage[] {
  const called = new Set<string>();
  const results: ToolResultPart[] = [];
  const parts = message.parts.flatMap((part): Part[] => {
    if (part.type === 'text' || part.type === 'reasoning') return [part];
    const answer = part.type === 'tool-call' && !called.has(part.callId) ? answers.get(part.callId) : undefined;
    if (part.type !== 'tool-call' || answer === undefined) return [];
    called.add(part.callId);
    const callId = unusedId(part.callId, used);
    results.push({ ...answer, callId });
    return [{ ...part, callId }];
  });
  const said: SendableMessage = { role: 'assistant', parts };
  return results.length === 0 ? [said] : [said, { role: 'tool', parts: results }];
}

function unusedId(id: string, used: Set<string>): string {
  let unique = id;
  for (let count = 2; used.has(unique); count += 1) unique = `${id}_${count}`;
  used.add(unique);
  return unique;
}

/** The results in the tool messages that directly follow message `index`, by call. */
function answersAfter(messages: readonly Message[], index: number): Map<string, ToolResultPart> {
  const answers = new Map<string, ToolResultPart>();
  for (let next = index + 1; messages[next]?.role === 'tool'; next += 1) {
    for (const part of messages[next]?.parts ?? []) {
      if (part.type === 'tool-result' && !answers.has(part.callId)) answers.set(part.callId, part);
    }
  }
  return answers;
}

function isContent(part: Part): boolean {
  return part.type === 'text' || part.type === 'image';
}

function merged(messages: readonly SendableMessage[]): SendableMessage[] {
  const result: SendableMessage[] = [];
  for (const message of messages) {
    const last = result.at(-1);
    if (last?.role === message.role)
      result[result.length - 1] = { role: last.role, parts: [...last.parts, ...message.parts] };
    else result.push(message);
  }
  return result;
}
