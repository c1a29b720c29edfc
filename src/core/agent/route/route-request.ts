/** Owns the decision whether a request may go to the cheap model: pure, the same for the same words, and for the main model whenever in doubt. A request is light only when every clause of it is of a kind that is known to be. */
import { takeApart } from './clauses.ts';
import { fit, type Form } from './form.ts';
import { ENGLISH_FORMS } from './forms-english.ts';
import { KOREAN_FORMS } from './forms-korean.ts';
import { whyNoText } from './topic.ts';

export type Tier = 'light' | 'main';

export interface RouteRequest {
  /** The person's own words, without anything claw or a file adds. */
  readonly text: string;
  /** Images, files: none is looked at by the cheap model. */
  readonly hasAttachments?: boolean;
  /** Something in this conversation waits for a yes or no. */
  readonly hasPendingApproval?: boolean;
  /** The assistant asked something last: "great" may be a yes. */
  readonly isAnswer?: boolean;
}

export interface ScorePart {
  readonly name: string;
  readonly points: number;
}

export interface RouteDecision {
  readonly tier: Tier;
  /** The part that decided. */
  readonly reason: string;
  /** Sum of the parts; light when above 0. */
  readonly score: number;
  readonly parts: readonly ScorePart[];
}

/** What is known to be light counts little, a doubt more than everything else together. */
const LIGHT = 1;
const DOUBT = -100;

/** Longer requests want more than a light answer, in characters. */
const MAX_CHARS = 700;
const MAX_CLAUSES = 6;
const MAX_CLAUSE_CHARS = 140;
/** What people say for yes, too. */
const MAY_AGREE: ReadonlySet<string> = new Set(['praise', 'thanks']);

/** "Do better": the answer before was not good enough. */
const TRY_HARDER =
  /^(?:please )?(?:try|think|work)(?: (?:again|harder|better|more|once more|a bit harder))+|^(?:that's|thats|that is) (?:wrong|not right|bad|not good enough)|^(?:do|you can do) (?:it )?better|더 (?:잘|열심히|제대로|자세히) ?(?:좀 )?(?:해|생각|답|설명|써)|(?:제대로|다시) (?:좀 )?(?:해 ?봐|해 ?줘|생각해|답해|대답해|말해)/;

export function asksForMore(text: string): boolean {
  return takeApart(text).clauses.some((clause) => TRY_HARDER.test(clause));
}

export function routeRequest(request: RouteRequest): RouteDecision {
  const parts = scoreParts(request);
  const score = parts.reduce((sum, { points }) => sum + points, 0);
  const decisive = parts.find(({ points }) => points < 0) ?? parts.at(-1);
  return { tier: score > 0 ? 'light' : 'main', reason: decisive?.name ?? 'empty', score, parts };
}

/** Takes the time that the first decisions of a process would take: their patterns are compiled. */
export function prepareRoutes(): void {
  for (let round = 0; round < 3; round += 1) for (const text of ['hi zz', '하이 힣']) routeRequest({ text });
}

function scoreParts(request: RouteRequest): ScorePart[] {
  const { text, hasAttachments = false, hasPendingApproval = false, isAnswer = false } = request;
  if (hasAttachments) return [doubt('attachment')];
  if (hasPendingApproval) return [doubt('pending approval')];
  if (text.length > MAX_CHARS) return [doubt('long')];
  if (asksForMore(text)) return [doubt('asked for more')];
  const { clauses, given, quotes } = takeApart(text);
  if (clauses.length === 0) return [doubt('empty')];
  if (clauses.length > MAX_CLAUSES) return [doubt('many clauses')];
  const parts = clauses.map((clause, at) => scoreClause(clause, given !== '' && at === clauses.length - 1));
  // Behind a quote that is the whole text, anything more is a request.
  const whyNot = /^Q\s*[^\s.,!?]/.test(given) ? 'more than a quote' : given === '' ? undefined : whyNoText(given);
  if (whyNot !== undefined) parts.push(doubt(`text: ${whyNot}`));
  if (isAnswer && parts.every(({ name }) => MAY_AGREE.has(name))) parts.push(doubt('may be an answer'));
  if (quotes.some((quote) => whyNoText(quote) === 'marks')) parts.push(doubt('text: marks'));
  return parts;
}

const doubt = (name: string): ScorePart => ({ name, points: DOUBT });

const COURTESIES =
  /^(?:(?:please|pls|plz|kindly|so|well|um+|oh|ah|and|quick question|one question|just curious|hey|hi|hello|hi there|hello there|ok|okay|claw|hey claw|hi claw|(?:can|could|would|will) you(?: please| kindly)?|tell me|can i ask|may i ask|i'd like to know|i want to know|i wonder|do you know|i was wondering) )+/;
const COURTESIES_AFTER = /(?: (?:please|pls|plz|thanks|thank you|for me|claw|btw|again))+$/;
const KOREAN_COURTESIES =
  /^(?:(?:혹시|저기요?|그런데|근데|질문|질문이 있는데|궁금한데|궁금한 게 있는데|있잖아|안녕|안녕하세요|클로야|음+|아|오|자|그럼|그러면) )+/;

/** The clause as it is, and without the courtesies around it. */
function variants(clause: string): string[] {
  const bare = clause.replace(COURTESIES, '').replace(COURTESIES_AFTER, '').replace(KOREAN_COURTESIES, '');
  return bare === clause || bare === '' ? [clause] : [clause, bare];
}

function scoreClause(clause: string, hasText: boolean): ScorePart {
  if (clause.length > MAX_CLAUSE_CHARS) return doubt('long');
  let why: string | undefined;
  const forms = /[가-힣ㄱ-ㅎㅏ-ㅣ]/.test(clause) ? KOREAN_FORMS : ENGLISH_FORMS;
  for (const words of variants(clause)) {
    for (const form of forms) {
      if ((form.text === 'given') !== hasText) continue;
      const result = fit(form, words);
      if (result?.isFit === true) return light(form);
      if (result !== undefined) why ??= `${form.name} of ${result.why}`;
    }
  }
  return doubt(why ?? 'not known to be light');
}

const light = ({ name }: Form): ScorePart => ({ name, points: LIGHT });
