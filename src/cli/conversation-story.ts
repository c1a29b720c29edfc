/** Owns how a conversation's story is shown to people. */
import type {
  ConversationMessage,
  ConversationStory,
  OutboxStory,
  TurnStory,
} from '../core/conversations/conversation-story.ts';
import type { InboundRow } from '../core/store/inbound-table.ts';
import { safeText } from '../core/kernel/terminal-text.ts';
import type { Part } from '../core/kernel/messages.ts';
import { money } from './money.ts';

export function storyText(story: ConversationStory, isWhole: boolean): string {
  const { conversation, messages, turns, inbound, outbox } = story;
  const head = `${conversation.title}\n${conversation.id}, begun ${new Date(conversation.created_at).toISOString()}\n`;
  const body = messages.map((message) => messageText(message)).filter((text) => text !== '');
  const acts = isWhole
    ? ['', 'What happened', ...inbound.flatMap(inboundText), ...turns.flatMap(turnText), ...outbox.flatMap(outboxText)]
    : [];
  return safeText([head, ...body, ...acts].join('\n'));
}

function messageText(message: ConversationMessage): string {
  const text = message.parts
    .map(partText)
    .filter((part) => part !== '')
    .join('\n');
  const mark = message.state === 'partial' ? ' (cut off)' : '';
  return text === '' ? '' : `[${message.seq}] ${message.role}${mark}: ${text}`;
}

function partText(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.provenance === 'claw' ? '' : part.text.trim();
    case 'image':
      return `(image, ${part.mediaType})`;
    case 'reasoning':
      return '';
    case 'tool-call':
      return `calls ${part.name} ${JSON.stringify(part.input)}`;
    case 'tool-result':
      return `${part.name} answers ${part.status}: ${part.output}`;
  }
}

/** Messages that were typed here need no account: they are the conversation. */
function inboundText({ id, channel, chat_id, external_id, sender_id, state, reason, turn_id }: InboundRow): string[] {
  if (chat_id === null) return [];
  const end = reason === null ? state : `${state} (${reason})`;
  const turn = turn_id === null ? '' : `, turn ${turn_id}`;
  return [`in ${id} from ${channel} ${chat_id} message ${external_id ?? '?'} by ${sender_id ?? '?'}: ${end}${turn}`];
}

function outboxText({ row, attempts }: OutboxStory): string[] {
  const part = row.parts === 1 ? '' : `, part ${row.part} of ${row.parts}`;
  const end = row.reason === null ? row.state : `${row.state} (${row.reason})`;
  const tries = attempts.map(
    ({ attempt, outcome, detail, started_at }) =>
      `  try ${attempt} at ${new Date(started_at).toISOString()}: ${outcome}${detail === null ? '' : `, ${detail}`}`,
  );
  return [`out ${row.id} to ${row.chat_id}, ${row.kind}${part}: ${end}`, ...tries];
}

function triesText(json: string): string {
  const tries = JSON.parse(json) as { readonly model: string; readonly failure: string }[];
  return tries.map(({ model, failure }) => `${model} ${failure}`).join(', ');
}

function turnText({ turn, isAbandoned, modelCalls, toolCalls }: TurnStory): string[] {
  const state = isAbandoned ? 'abandoned (its process died; the next message goes on with it)' : turn.state;
  return [
    `turn ${turn.id} ${state}${turn.stop_reason === null ? '' : `, ${turn.stop_reason}`}, ${turn.model}`,
    ...modelCalls.map((call) => {
      const cost = money(call.cost_micro_usd === null ? null : call.cost_micro_usd / 1e6);
      const tries = call.tries === null ? '' : `, after failed tries: ${triesText(call.tries)}`;
      return `  model call ${call.model} ${call.state}: ${call.input_tokens} in, ${call.output_tokens} out, ${call.cached_tokens} cached, ${cost}${tries}`;
    }),
    ...toolCalls.map(
      (call) =>
        `  tool call ${call.name} ${call.state}${call.status === null ? '' : `, ${call.status}`}, ${call.ms ?? '?'} ms`,
    ),
  ];
}
