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
  /** Files, addresses and ids that were named. */
  names: LINES,
});

export type CompactState = z.infer<typeof COMPACT_STATE>;

export const EMPTY_STATE: CompactState = { rules: [], decisions: [], open_questions: [], facts: [], names: [] };

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
const MOST_QUESTIONS = 15;
const MOST_NAMES = 200;

/** What is kept of `messages`, added to what was kept before, within `maxTokens` by estimate; rules do not count. */
export function compactState(before: CompactState, messages: readonly SaidMessage[], maxTokens: number): CompactState {
  const kept = {
    rules: new Set(before.rules),
    decisions: new Set(before.decisions),
    open_questions: new Set(before.open_questions),
    facts: new Set(before.facts),
    names: new Set(before.names),
  };
  for (const { role, parts } of messages) {
    for (const text of saidIn(parts)) {
      if (role === 'user' && RULE.test(text)) {
        kept.rules.add(text);
        continue;
      }
      for (const name of text.match(NAME) ?? []) kept.names.add(name);
      for (const sentence of sentencesOf(text)) sort(kept, role, sentence);
    }
  }
  return withinBudget(
    {
      rules: [...kept.rules],
      decisions: [...kept.decisions],
      open_questions: [...kept.open_questions].slice(-MOST_QUESTIONS),
      facts: [...kept.facts],
      names: [...kept.names].slice(-MOST_NAMES),
    },
    maxTokens,
  );
}

function sort(kept: Readonly<Record<keyof CompactState, Set<string>>>, role: SaidMessage['role'], line: string): void {
  if (DECISION.test(line)) kept.decisions.add(line);
  else if (OPEN.test(line) || (role === 'assistant' && /[?？]$/.test(line))) kept.open_questions.add(line);
  else if (role === 'user' && !/[?？]$/.test(line) && TELLING.test(line)) kept.facts.add(line);
}

function sentencesOf(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?？。])\s+/u)
    .map((line) => line.trim().slice(0, LONGEST).toWellFormed())
    .filter((line) => line.length > 3);
}

/** The oldest facts go first, then decisions; they stay in the messages, where search finds them. */
function withinBudget(state: CompactState, maxTokens: number): CompactState {
  const facts = [...state.facts];
  const decisions = [...state.decisions];
  const counted = [...facts, ...decisions, ...state.open_questions, ...state.names];
  let surplus = estimateTokens(counted.join('\n- ')) - maxTokens;
  for (const list of [facts, decisions]) {
    while (surplus > 0 && list.length > 0) surplus -= estimateTokens(`\n- ${list.shift() ?? ''}`);
  }
  return { ...state, facts, decisions };
}

const TITLES: readonly (readonly [keyof CompactState, string])[] = [
  ['rules', 'Rules that the user pinned, word for word'],
  ['decisions', 'Decided'],
  ['open_questions', 'Open'],
  ['facts', 'The user said'],
  ['names', 'Files, addresses and ids'],
];

/** The state as the text that precedes the messages a request still repeats. The same state gives the same bytes. */
export function stateText(state: CompactState): string {
  const parts = TITLES.filter(([name]) => state[name].length > 0).map(
    ([name, title]) => `## ${title}\n${state[name].map((line) => `- ${line}`).join('\n')}`,
  );
  return `<earlier>\nThis conversation is longer; claw keeps this of its beginning. All of it can be searched.\n${parts.join('\n')}\n</earlier>\n`;
}
