/** Owns how stored messages become a model request: a stable window over the history, paired tool calls, labelled outside content. The same rows always give the same bytes, so that provider caches hit. */
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import type { Message, Part, ToolCallPart, ToolResultPart } from '../kernel/messages.ts';
import type { MessageRow } from '../store/conversations-table.ts';
import type { GivenPrompt } from './given-prompt.ts';

/** First message to send when a turn begins at `turnStart`: the last `limit` messages, moved in blocks of half of it, so that the prefix stays the same for many turns. */
export function windowStart(turnStart: number, limit: number): number {
  const surplus = turnStart - limit;
  if (surplus <= 0) return 1;
  const block = Math.max(1, Math.floor(limit / 2));
  return Math.min(turnStart, Math.ceil(surplus / block) * block + 1);
}

/** The messages of `rows` as the model gets them, at most `budgetTokens` long by estimate; older turns go first, the turn that begins at `turnStart` never. `earlier` precedes them. */
export function assembleMessages(
  rows: readonly MessageRow[],
  turnStart: number,
  budgetTokens: number,
  earlier?: string,
): Message[] {
  const turns = splitTurns(rows, turnStart);
  let left = budgetTokens - estimateTokens(earlier ?? '');
  const kept: Message[][] = [];
  for (const turn of turns.toReversed()) {
    left -= turn.reduce((sum, message) => sum + estimateMessage(message), 0);
    if (kept.length > 0 && left < 0) break;
    kept.unshift(turn);
  }
  const head: Message[] =
    earlier === undefined ? [] : [{ role: 'user', parts: [{ type: 'text', text: earlier, provenance: 'claw' }] }];
  return pairToolCalls(mergeNeighbours([...head, ...kept.flat()]));
}

/** The messages of a caller who brings the history along, and those of the turn's own rounds behind them. */
export function assembleGiven(
  { messages, isWhole }: Pick<GivenPrompt, 'messages' | 'isWhole'>,
  rows: readonly MessageRow[],
  turnStart: number,
): Message[] {
  const own = rows
    .filter(({ seq }) => (isWhole ? seq > turnStart : seq >= turnStart))
    .map(({ role, parts }): Message => ({ role, parts: JSON.parse(parts) as Part[] }));
  return pairToolCalls(mergeNeighbours([...messages, ...own]));
}

/** Groups of messages that each begin with a user message; whatever precedes the first is left out. */
function splitTurns(rows: readonly MessageRow[], turnStart: number): Message[][] {
  const turns: Message[][] = [];
  for (const row of rows) {
    const message: Message = { role: row.role, parts: JSON.parse(row.parts) as Part[] };
    if (row.role === 'user' && row.seq <= turnStart) turns.push([message]);
    else turns.at(-1)?.push(message);
  }
  return turns;
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
function estimateMessage(message: Message): number {
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
