/** Owns the next request of a turn: history that fits the model, tools, and an output that the cost limit still allows. What does not fit is compacted, aloud, and never falls out unsaid. */
import type { Notice } from '../kernel/events.ts';
import { type Message, NO_USAGE, type Part, type Usage } from '../kernel/messages.ts';
import type { ModelRequest } from '../llm/language-model.ts';
import type { MessageRow } from '../store/conversations-table.ts';
import { PICTURE_BYTES } from '../store/message-parts.ts';
import { assembleGiven, assembleMessages, estimateMessage, readMessage } from './assemble-request.ts';
import { estimateRequest } from './call-model.ts';
import { compact, compactionNotice, earlierOf, stateTokens } from './compact.ts';
import { toldTools } from './told-tools.ts';
import type { Tally, Turn, TurnDeps } from './turn.ts';

/** Part of the context window that a request may fill by estimate; the rest is for the estimate's error. */
const WINDOW_SHARE = 0.9;
/** Part of the room for messages that stays filled after a compaction. */
const KEPT_SHARE = 0.5;
/** Characters that stay of a tool's output in a turn that is too long by itself. */
const SHORT_OUTPUT = 500;

/** The next request; undefined when the cost limit leaves no output. */
export async function* buildRequest(
  deps: TurnDeps,
  turn: Turn,
  tally: Tally,
): AsyncGenerator<Notice, ModelRequest | undefined> {
  const { limits, given } = turn;
  const tools = toldTools(deps.tools.tools);
  const fixed = estimateRequest({ system: turn.system, messages: [], tools });
  const room = limits.contextTokens * WINDOW_SHARE - limits.maxOutputTokens - fixed;
  const messages =
    given === undefined
      ? yield* fittingMessages(deps, turn, tally, room)
      : assembleGiven(given, await readRows(deps, turn, turn.startSeq), turn.startSeq);
  const options = given === undefined ? {} : { options: given.options };
  const request = { system: turn.system, messages, tools, ...options, signal: turn.signal };
  const maxOutputTokens = affordableOutput(turn, tally, request);
  return maxOutputTokens < 1 ? undefined : { ...request, maxOutputTokens };
}

/** The longest answer that the cost limit of the turn leaves, in tokens; less than 1: none. */
export function affordableOutput(
  { limits, price, ceiling }: Turn,
  { chargedMicroUsd }: Tally,
  request: Pick<ModelRequest, 'system' | 'messages' | 'tools'>,
): number {
  const priceOf = (usage: Usage): number => price(usage) ?? ceiling(usage);
  const perMillionOut = priceOf({ ...NO_USAGE, outputTokens: 1_000_000 });
  if (!Number.isFinite(limits.maxCostMicroUsd) || perMillionOut === 0) return limits.maxOutputTokens;
  const input = priceOf({ ...NO_USAGE, inputTokens: estimateRequest(request) });
  const left = limits.maxCostMicroUsd - chargedMicroUsd - input;
  return Math.min(limits.maxOutputTokens, Math.floor((left * 1e6) / perMillionOut));
}

const readRows = (deps: TurnDeps, turn: Turn, from: number): Promise<MessageRow[]> =>
  deps.store.conversations.messages(turn.conversationId, from, undefined, PICTURE_BYTES);

/** All messages that are not compacted, within `room` tokens by estimate. */
async function* fittingMessages(
  deps: TurnDeps,
  turn: Turn,
  tally: Tally,
  room: number,
): AsyncGenerator<Notice, Message[]> {
  const { conversationId, startSeq } = turn;
  const maxTokens = stateTokens(turn.limits.contextTokens);
  for (;;) {
    const rows = await readRows(deps, turn, (tally.earlier?.upToSeq ?? 0) + 1);
    const messages = assembleMessages(rows, tally.earlier?.text);
    if (sizeOf(messages) <= room) return messages;
    const asked = { conversationId, before: startSeq, maxTokens, origin: 'automatic' } as const;
    const keep = lastThatFit(rows, startSeq, room * KEPT_SHARE);
    const made = (await compact(deps, { ...asked, keep })) ?? (await compact(deps, { ...asked, keep: 0 }));
    if (made === undefined) return shortened(messages, room);
    tally.earlier = earlierOf(made, maxTokens);
    yield compactionNotice(made);
  }
}

const sizeOf = (messages: readonly Message[]): number => messages.reduce((sum, each) => sum + estimateMessage(each), 0);

/** How many messages before the turn fit into `tokens`, counted from the last. */
function lastThatFit(rows: readonly MessageRow[], startSeq: number, tokens: number): number {
  const sizes = rows.map((row) => ({ isEarlier: row.seq < startSeq, size: estimateMessage(readMessage(row)) }));
  let left = tokens - sizes.filter(({ isEarlier }) => !isEarlier).reduce((sum, { size }) => sum + size, 0);
  const earlier = sizes.filter(({ isEarlier }) => isEarlier).toReversed();
  const tooMany = earlier.findIndex(({ size }) => (left -= size) < 0);
  return tooMany === -1 ? earlier.length : tooMany;
}

/** A turn that is too long by itself: the outputs of its oldest tool calls are cut, as many as it takes. */
function shortened(messages: readonly Message[], room: number): Message[] {
  let surplus = sizeOf(messages) - room;
  return messages.map((message) => {
    if (surplus <= 0 || message.role !== 'tool') return message;
    const short = { ...message, parts: message.parts.map(shortPart) };
    surplus -= estimateMessage(message) - estimateMessage(short);
    return short;
  });
}

function shortPart(part: Part): Part {
  if (part.type !== 'tool-result' || part.output.length <= SHORT_OUTPUT * 2) return part;
  const output = `${part.output.slice(0, SHORT_OUTPUT).toWellFormed()}\n[The rest was cut: the turn is too long for the model.]`;
  return { ...part, output };
}
