/** Owns the row of a model call while it runs: opened with what it reserves, closed once whatever ends it, and opened anew for each further try after one that was billed. */
import { ClawError } from '../kernel/errors.ts';
import type { Notice } from '../kernel/events.ts';
import type { Usage } from '../kernel/messages.ts';
import { noticeOf } from '../kernel/language/notice.ts';
import { phrase, type Phrase } from '../kernel/language/phrase.ts';
import type { LostTry, ModelRequest } from '../llm/language-model.ts';
import { closeModelCall, type ModelCallEnd, openModelCall } from './journal.ts';
import type { CallTurn, TurnDeps } from './turn.ts';

type End = Omit<ModelCallEnd, 'id' | 'tries'>;

type RecordDeps = Pick<TurnDeps, 'store' | 'clock' | 'text'>;

interface Opened {
  readonly id: string;
  readonly maxOutputTokens: number;
}

export class CallRecord {
  /** What is sent. Its limit is read at each try. */
  readonly request: ModelRequest & { maxOutputTokens: number };
  /** What there is to say about budgets. */
  readonly remarks: Phrase[] = [];
  isClosed = false;
  readonly #deps: RecordDeps;
  readonly #turn: CallTurn;
  readonly #wanted: ModelRequest;
  #id: string;
  #tries: Pick<LostTry, 'model' | 'failure'>[] = [];

  private constructor(deps: RecordDeps, turn: CallTurn, wanted: ModelRequest, { id, maxOutputTokens }: Opened) {
    this.#deps = deps;
    this.#turn = turn;
    this.#wanted = wanted;
    this.#id = id;
    this.request = { ...wanted, maxOutputTokens };
  }

  /** Undefined when the turn was interrupted while it waited for a budget. Throws `limit-reached`. */
  static async open(deps: RecordDeps, turn: CallTurn, wanted: ModelRequest): Promise<CallRecord | undefined> {
    try {
      return new CallRecord(deps, turn, wanted, await openModelCall(deps, turn, wanted));
    } catch (error) {
      if (wanted.signal.aborted) return undefined;
      throw error;
    }
  }

  /** Writes the end down. */
  async close(end: End): ReturnType<typeof closeModelCall> {
    this.isClosed = true;
    const written = await closeModelCall(this.#deps, this.#turn, { id: this.#id, tries: this.#tries, ...end });
    this.remarks.push(...written.told);
    return written;
  }

  /** Notes a try that failed. One that was billed is written down by itself, and the next is reserved, with an answer of at most `room` tokens. Throws `limit-reached` when nothing is left for that. */
  async *lose({ model, failure, usage, isEstimated }: LostTry, room: () => number): AsyncGenerator<Notice> {
    if (usage === undefined) {
      this.#tries.push({ model, failure });
      return;
    }
    const { told } = await this.close(lostEnd(failure, usage, isEstimated === true));
    yield* budgetWarnings(told);
    const most = Math.min(this.#wanted.maxOutputTokens, room());
    if (most < 1) throw tooDear();
    const again = await openModelCall(this.#deps, this.#turn, { ...this.#wanted, maxOutputTokens: most });
    this.#id = again.id;
    this.#tries = [];
    this.isClosed = false;
    this.request.maxOutputTokens = again.maxOutputTokens;
    yield* this.limitNotice();
  }

  /** Says so when the answer may be no longer than a budget leaves. */
  *limitNotice(): Generator<Notice> {
    const { maxOutputTokens } = this.request;
    if (maxOutputTokens >= this.#wanted.maxOutputTokens) return;
    yield noticeOf('warning', 'budget-low', phrase('budgetLeaves', maxOutputTokens));
  }
}

export function* budgetWarnings(told: readonly Phrase[]): Generator<Notice> {
  for (const each of told) yield noticeOf('warning', 'budget-warning', each);
}

function lostEnd(error: string, usage: Usage, isEstimated: boolean): End {
  return { state: 'failed', stopReason: null, usage, isEstimated, error, parts: [], messageState: 'partial' };
}

function tooDear(): ClawError {
  return new ClawError('limit-reached', phrase('billedForNothing'), {
    hint: 'Send it again later, or raise MAX_TURN_COST_USD.',
  });
}
