/** Owns how a failed model call is told to the user: a code of the error table, what happened, and the next step. */
import { ClawError, type ErrorCode, toError } from '../kernel/errors.ts';
import type { TurnEnd } from '../kernel/events.ts';
import { phrase, type Phrase } from '../kernel/language/phrase.ts';
import { ModelFailure, type ModelFailureKind } from '../llm/language-model.ts';

const FAILURES: Record<ModelFailureKind, { code: ErrorCode; hint: Phrase }> = {
  auth: { code: 'auth-rejected', hint: phrase('checkKey') },
  forbidden: {
    code: 'auth-rejected',
    hint: phrase('chooseAllowedModel'),
  },
  'invalid-request': {
    code: 'upstream-failed',
    hint: phrase('chooseModelOrBeginNew'),
  },
  'rate-limited': { code: 'upstream-rate-limited', hint: phrase('waitALittle') },
  'usage-limit': {
    code: 'upstream-rate-limited',
    hint: phrase('allowanceUsedUp'),
  },
  overloaded: { code: 'upstream-failed', hint: phrase('providerOverloaded') },
  server: { code: 'upstream-failed', hint: phrase('providerFailed') },
  timeout: {
    code: 'upstream-failed',
    hint: phrase('providerSilent'),
  },
  network: { code: 'upstream-failed', hint: phrase('checkConnection') },
  'broken-stream': { code: 'upstream-failed', hint: phrase('answerBrokeOff') },
  cancelled: { code: 'cancelled', hint: phrase('sendWhenYouLike') },
};

/** A credential that could not be had says itself what to do; where every model of a chain failed, all of them are named. */
function nextStep({ kind, cause }: ModelFailure): { code: ErrorCode; hint: string; hintPhrase?: Phrase } {
  const { code, hint } = FAILURES[kind];
  if (cause instanceof ClawError && cause.hint !== undefined)
    return {
      code: cause.code,
      hint: cause.hint,
      ...(cause.hintPhrase === undefined ? {} : { hintPhrase: cause.hintPhrase }),
    };
  if (cause instanceof ClawError) return { code: cause.code, ...said(hint) };
  return { code, ...said(cause instanceof AggregateError ? phrase('seeWhichModelIsWell') : hint) };
}

const said = (hint: Phrase): { hint: string; hintPhrase: Phrase } => ({ hint: hint.text, hintPhrase: hint });

export function describeFailure(thrown: unknown): NonNullable<TurnEnd['error']> {
  if (thrown instanceof ModelFailure) {
    const wrong =
      thrown.kind === 'invalid-request' ? ({ refusedWith: thrown.status === 404 ? 404 : 400 } as const) : {};
    return { ...nextStep(thrown), message: thrown.message, ...wrong };
  }
  if (thrown instanceof ClawError) {
    const { code, message, hint, phrase: told, hintPhrase } = thrown;
    return {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(told === undefined ? {} : { phrase: told }),
      ...(hintPhrase === undefined ? {} : { hintPhrase }),
    };
  }
  return { code: 'internal-error', message: toError(thrown).message };
}
