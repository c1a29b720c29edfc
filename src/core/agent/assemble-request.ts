/** Owns how stored messages become a model request: a stable window over the history, paired tool calls, labelled outside content. The same rows always give the same bytes, so that provider caches hit. */
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import type { Message, Part, ToolCallPart, ToolResultPart } from '../kernel/messages.ts';
import type { MessageRow } from '../store/conversations-table.ts';
import type { GivenPrompt } from './given-prompt.ts';

/** The messages of `rows` as the model gets them. `earlier` precedes them; what stands before the first user message is left out. */
export function assembleMessages(rows: readonly MessageRow[], earlier?: string): Message[] {
  const first = rows.findIndex(({ role }) => role === 'user');
  const said = first === -1 ? [] : rows.slice(first).map(readMessage);
  const head: Message[] =
    earlier === undefined ? [] : [{ role: 'user', parts: [{ type: 'text', text: earlier, provenance: 'claw' }] }];
  return pairToolCalls(mergeNeighbours([...head, ...said]));
}

/** A stored message. A picture whose bytes were not read is told of in words. */
export function readMessage({ role, parts }: Pick<MessageRow, 'role' | 'parts'>): Message {
  return { role, parts: (JSON.parse(parts) as Part[]).map((part) => (isBare(part) ? UNSEEN : part)) };
}

const UNSEEN: Part = { type: 'text', text: '[A picture that is too far back to be shown again.]', provenance: 'claw' };

function isBare(part: Part): boolean {
  return part.type === 'image' && part.data === '';
}

/** The messages of a caller who brings the history along, and those of the turn's own rounds behind them. */
export function assembleGiven(
  { messages, isWhole }: Pick<GivenPrompt, 'messages' | 'isWhole'>,
  rows: readonly MessageRow[],
  turnStart: number,
): Message[] {
  const own = rows.filter(({ seq }) => (isWhole ? seq > turnStart : seq >= turnStart)).map(readMessage);
  return pairToolCalls(mergeNeighbours([...messages, ...own]));
}

function mergeNeighbours(messages: readonly Message[]): Message[] {
  const merged: Message[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (last?.role === message.role)
      merged[merged.length - 1] = { role: last.role, parts: [...last.parts, ...message.parts] };
    else merged.push(message);
  }
  return merged;
}

/** Drops results without a call and answers calls without a result, so that no provider refuses the history. */
function pairToolCalls(messages: readonly Message[]): Message[] {
  const paired: Message[] = [];
  let open: ToolCallPart[] = [];
  const close = (): void => {
    if (open.length > 0) paired.push({ role: 'tool', parts: open.map(unansweredCall) });
    open = [];
  };
  for (const message of messages) {
    if (message.role === 'tool') {
      const calls = open;
      const results = message.parts.filter((part): part is ToolResultPart => part.type === 'tool-result');
      const parts = calls.map(
        (call) => results.find((result) => result.callId === call.callId) ?? unansweredCall(call),
      );
      open = [];
      if (parts.length > 0) paired.push({ role: 'tool', parts: parts.map(labelled) });
    } else {
      close();
      if (message.parts.length > 0) paired.push(message);
      open = message.parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
    }
  }
  close();
  return paired;
}

function unansweredCall(call: ToolCallPart): ToolResultPart {
  const output = 'This call was never finished.';
  return { type: 'tool-result', callId: call.callId, name: call.name, status: 'uncertain', output, provenance: 'claw' };
}

/** Content from the web or a file is fenced, and cannot close its own fence. */
function labelled(part: ToolResultPart): ToolResultPart {
  if (part.provenance !== 'web' && part.provenance !== 'file') return part;
  const body = part.output.replaceAll(/<(?=\/?\s*outside-content)/gi, '&lt;');
  const output = `<outside-content source="${part.provenance}">\n${body}\n</outside-content>`;
  return { ...part, output };
}

/** An image counts as 1,600 tokens, the most any provider charges for the sizes claw sends. */
export function estimateMessage(message: Message): number {
  return message.parts.reduce((sum, part) => {
    switch (part.type) {
      case 'image':
        return sum + 1_600;
      case 'tool-call':
        return sum + 20 + estimateTokens(JSON.stringify(part.input));
      case 'tool-result':
        return sum + 20 + estimateTokens(part.output);
      default:
        return sum + 4 + estimateTokens(part.text);
    }
  }, 4);
}
