/** Owns the check of an answer against the journal: an answer that says something was saved, sent, scheduled or installed needs a tool call that answered ok. */
import type { ToolSummary } from '../kernel/events.ts';
import { phrase, type Phrase } from '../kernel/language/phrase.ts';

/** First-person completed claims, in English and Korean. Questions, offers and reports about others do not match. */
const CLAIM =
  /\bI(?:'ve| have)? (?:just |now |already )?(?:saved|sent|scheduled|installed|deleted|created|updated|remembered)\b|(?:저장|전송|예약|설치|삭제|등록|생성)(?:했|하였|해 ?두었|해 ?놓았)(?:습니다|어요|다)|보냈(?:습니다|어요|다)|기억해 ?두(?:었습니다|었어요|겠습니다)/iu;

/** The remark for the user when `answer` claims an effect that no successful tool call of the turn can have had; undefined when there is nothing to say. */
export function unprovenClaim(answer: string, tools: readonly ToolSummary[]): Phrase | undefined {
  if (tools.some((tool) => tool.status === 'ok')) return undefined;
  const claim = CLAIM.exec(answer)?.[0];
  return claim === undefined ? undefined : phrase('unprovenClaim', claim);
}
