/** Owns what can be answered to a request for approval, and how it is asked. Pure. */
import { ENGLISH, type Catalogue } from '../core/kernel/language/catalogue.ts';
import { textWidth, truncate } from '../core/kernel/text-width.ts';
import { span, wrapWithPrefix, type Line } from './styled-text.ts';

/** A request that waits for an answer; its text was made visible by claw. */
export interface PendingApproval {
  readonly approvalId: string;
  readonly callId: string;
  readonly act: string;
  readonly reason: string;
}

export interface ApprovalQueue {
  readonly waiting: readonly PendingApproval[];
  /** Index of the chosen answer. */
  readonly chosen: number;
  /** When the first of them came up, milliseconds UTC: a key that was already on its way is no answer. */
  readonly since: number;
}

export const NO_APPROVALS: ApprovalQueue = { waiting: [], chosen: 0, since: 0 };

export type ApprovalAnswer = 'no' | 'once' | 'conversation' | 'always';

export interface ApprovalChoice {
  /** Answers at once, while nothing is typed. */
  readonly key: string;
  readonly answer: ApprovalAnswer | 'details';
}

/** "No" comes first: Enter alone must never allow anything. */
export const APPROVAL_CHOICES: readonly ApprovalChoice[] = [
  { key: 'n', answer: 'no' },
  { key: 'y', answer: 'once' },
  { key: 'c', answer: 'conversation' },
  { key: 'a', answer: 'always' },
  { key: 'd', answer: 'details' },
];

/** The question and its answers in at most `height` lines. */
export function drawApproval(
  { waiting, chosen }: ApprovalQueue,
  width: number,
  height: number,
  { repl }: Catalogue = ENGLISH,
): Line[] {
  const [first] = waiting;
  if (first === undefined) return [];
  const choices = APPROVAL_CHOICES.map(({ key, answer }, index): Line => {
    const text = truncate(`${key}  ${repl.answers[answer]}`, width - 2);
    return index === chosen ? [span('› ', 'accent'), span(text, 'accent')] : [span('  '), span(text)];
  });
  const indent = [span('  ')];
  const act = first.act.split('\n').flatMap((line) => wrapWithPrefix([span(line, 'bold')], width, indent));
  const reason = wrapWithPrefix([span(first.reason, 'dim')], width, indent);
  const room = Math.max(1, height - choices.length - reason.length - 1);
  const shown =
    act.length <= room
      ? act
      : [...act.slice(0, room - 1), [span(truncate(`  ${repl.moreLines(act.length - room + 1)}`, width), 'dim')]];
  const title = span(truncate(repl.allowThis(waiting.length), Math.max(1, width - textWidth('? '))), 'warning');
  const lines = [[span('? ', 'warning'), title], ...shown, ...reason, ...choices];
  return lines.slice(Math.max(0, lines.length - height));
}
