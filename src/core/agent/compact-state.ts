/**
 * Owns what is kept of messages that a request no longer repeats: rules word for word, decisions, open questions, facts,
 * names of files and ids. Made by rules alone, so that it costs nothing, works offline and gives the same for the same messages.
 */
import { z } from 'zod';
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import type { Part } from '../kernel/messages.ts';
import { saidIn } from './said-text.ts';

const LINES = z.array(z.string()).default([]);

export const COMPACT_STATE = z.object({
  /** Pinned by the user; never shortened, never dropped. */
  rules: LINES,
  decisions: LINES,
  open_questions: LINES,
  facts: LINES,
  /** Tool calls that did something, by what they were asked to do; never what a page or a file said. */
  actions: LINES,
  /** What the assistant said that can be checked. */
  answers: LINES,
  /** Files, addresses and ids that were named. */
  names: LINES,
});

export type CompactState = z.infer<typeof COMPACT_STATE>;

export const EMPTY_STATE: CompactState = COMPACT_STATE.parse({});

export interface SaidMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly parts: readonly Part[];
}

/** A message of a person that begins so is a rule, kept byte for byte; in a room the sender's name precedes it. */
const RULE = /^(?:[^:\n]{1,80}: )?\s*(?:\/pin\s|(?:pin|rule|규칙)\s*[:：])/iu;
const DECISION =
  /\b(?:decid(?:ed|e)|decision|agreed|we(?:'ll| will)|let'?s (?:use|go|do)|chose|settled)\b|결정|정했|하기로|합의/iu;
const OPEN = /\b(?:open question|to ?do|still (?:need|have) to|not (?:yet )?decided|unclear)\b|미정|아직|해야/iu;
const NAME =
  /https?:\/\/[^\s)>"']+|(?:[\w.-]*\/)+[\w.-]+|\b[\w-]+\.(?:[a-z]{1,5}\d?)\b|\b[A-Z][A-Z0-9]+-\d+\b|\b[0-9a-f]{8}-[0-9a-f-]{8,27}\b|#\d+\b/gu;
/** Says something that can be checked later: a number, a name, an is. */
const TELLING =
  /\d|["'“‘「]|\b(?:is|are|was|were|has|have|my|our|called|named|lives?|works?|prefers?|likes?)\b|[가-힣]+(?:은|는|이|가)\s|[A-Z]\p{L}+\s[A-Z]/u;
const LONGEST = 400;
const LONGEST_ACTION = 240;
const MOST_QUESTIONS = 15;
const MOST_NAMES = 200;
/** Tools whose calls change nothing; what they found is old by the time it would be repeated. */
const LOOKS_ONLY = /^(?:read|list|search|web|get|find|show|weather)|_search$/;

/** What is kept of `messages`, added to what was kept before, within `maxTokens` by estimate; rules do not count. */
export function compactState(before: CompactState, messages: readonly SaidMessage[], maxTokens: number): CompactState {
  const kept = Object.fromEntries(
    Object.entries(before).map(([name, lines]) => [name, new Set(lines)]),
  ) as unknown as Kept;
  for (const message of messages) {
    for (const text of saidIn(message.parts)) {
      if (message.role === 'user' && RULE.test(text)) {
        kept.rules.add(text);
        continue;
      }
      for (const name of text.match(NAME) ?? []) kept.names.add(name);
      for (const sentence of sentencesOf(text)) sort(kept, message.role, sentence);
    }
    keepActions(kept, message.parts);
  }
  const lines = (name: keyof CompactState): string[] => [...kept[name]];
  const state: CompactState = {
    rules: lines('rules'),
    decisions: lines('decisions'),
    open_questions: lines('open_questions').slice(-MOST_QUESTIONS),
    facts: lines('facts'),
    actions: lines('actions'),
    answers: lines('answers'),
    names: lines('names').slice(-MOST_NAMES),
  };
  return withinTokens(state, maxTokens);
}

type Kept = Readonly<Record<keyof CompactState, Set<string>>>;

function sort(kept: Kept, role: SaidMessage['role'], line: string): void {
  const isQuestion = /[?？]$/.test(line);
  if (DECISION.test(line)) kept.decisions.add(line);
  else if (OPEN.test(line) || (role === 'assistant' && isQuestion)) kept.open_questions.add(line);
  else if (role === 'user' && !isQuestion) kept.facts.add(line);
  else if (role === 'assistant' && !isQuestion && TELLING.test(line)) kept.answers.add(line);
}

function keepActions(kept: Kept, parts: readonly Part[]): void {
  for (const part of parts) {
    if (part.type === 'tool-call' && !LOOKS_ONLY.test(part.name)) {
      const line = `${part.name} ${JSON.stringify(part.input)}`;
      kept.actions.add(line.length <= LONGEST_ACTION ? line : `${line.slice(0, LONGEST_ACTION).toWellFormed()}…`);
    }
    if (part.type === 'tool-result' && part.provenance === 'tool' && part.status === 'ok') {
      for (const name of part.output.slice(0, LONGEST).match(NAME) ?? []) kept.names.add(name);
    }
  }
}

function sentencesOf(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?？。])\s+/u)
    .map((line) => line.trim().slice(0, LONGEST).toWellFormed())
    .filter((line) => line.length > 3);
}

/** `state` within `maxTokens` by estimate, rules not counted: what tells least goes first, the oldest before the newer. What goes stays in the messages, where search finds it. */
export function withinTokens(state: CompactState, maxTokens: number): CompactState {
  const { rules, ...counted } = state;
  let surplus = estimateTokens(Object.values(counted).flat().join('\n- ')) - maxTokens;
  if (surplus <= 0) return state;
  const gone = new Set<string>();
  for (const line of byWorth(state)) {
    if (surplus <= 0) break;
    surplus -= estimateTokens(`\n- ${line}`);
    gone.add(line);
  }
  const left = Object.entries(counted).map(([name, lines]) => [name, lines.filter((line) => !gone.has(line))]);
  return { ...state, ...(Object.fromEntries(left) as typeof counted), rules };
}

/** Every line that may go, the least worth first. */
function byWorth({ facts, answers, actions, decisions, names, open_questions }: CompactState): string[] {
  const [telling, plain] = [facts.filter((line) => TELLING.test(line)), facts.filter((line) => !TELLING.test(line))];
  return [...plain, ...answers, ...actions, ...telling, ...names, ...decisions, ...open_questions];
}

const TITLES: readonly (readonly [keyof CompactState, string])[] = [
  ['rules', 'Rules that the user pinned, word for word'],
  ['decisions', 'Decided'],
  ['open_questions', 'Open'],
  ['facts', 'The user said'],
  ['answers', 'You said'],
  ['actions', 'Tools you called'],
  ['names', 'Files, addresses and ids'],
];

/** The state as the text that precedes the messages a request still repeats. The same state gives the same bytes. */
export function stateText(state: CompactState): string {
  const parts = TITLES.filter(([name]) => state[name].length > 0).map(
    ([name, title]) => `## ${title}\n${state[name].map((line) => `- ${line}`).join('\n')}`,
  );
  return `<earlier>\nThis conversation is longer; claw keeps this of its beginning, oldest first: later lines correct earlier ones. All of it can be searched.\n${parts.join('\n')}\n</earlier>\n`;
}
