/** Owns how a failed model call is told to the user: a code of the error table, what happened, and the next step. */
import { ClawError, type ErrorCode, toError } from '../kernel/errors.ts';
import type { TurnEnd } from '../kernel/events.ts';
import { ModelFailure, type ModelFailureKind } from '../llm/language-model.ts';

const FAILURES: Record<ModelFailureKind, { code: ErrorCode; hint: string }> = {
  auth: { code: 'auth-rejected', hint: 'Check the key with `claw model test`, and set it with `claw secret set`.' },
  forbidden: {
    code: 'auth-rejected',
    hint: 'The account may not use this model. Choose another with `claw model list`.',
  },
  'invalid-request': {
    code: 'upstream-failed',
    hint: 'Choose another model with `claw model list`, or start a new conversation.',
  },
  'rate-limited': { code: 'upstream-rate-limited', hint: 'Wait a little and send it again.' },
  'usage-limit': {
    code: 'upstream-rate-limited',
    hint: 'The allowance is used up. Set FALLBACK_MODELS to go on with another model.',
  },
  overloaded: { code: 'upstream-failed', hint: 'The provider is overloaded. Send it again, or set FALLBACK_MODELS.' },
  server: { code: 'upstream-failed', hint: 'The provider failed. Send it again, or set FALLBACK_MODELS.' },
  timeout: {
    code: 'upstream-failed',
    hint: 'The provider did not answer. Send it again, or set FALLBACK_MODELS.',
  },
  network: { code: 'upstream-failed', hint: 'Check the connection and the base URL: `claw model test`.' },
  'broken-stream': { code: 'upstream-failed', hint: 'The answer broke off; what came is kept. Send it again.' },
  cancelled: { code: 'cancelled', hint: 'Send it again when you like.' },
};

/** A credential that could not be had says itself what to do; where every model of a chain failed, all of them are named. */
function nextStep({ kind, cause }: ModelFailure): { code: ErrorCode; hint: string } {
  const { code, hint } = FAILURES[kind];
  if (cause instanceof ClawError) return { code: cause.code, hint: cause.hint ?? hint };
  if (cause instanceof AggregateError)
    return {
      code,
      hint: 'See which is well with `claw model test`; wait a little, or add another to FALLBACK_MODELS.',
    };
  return { code, hint };
}

export function describeFailure(thrown: unknown): NonNullable<TurnEnd['error']> {
  if (thrown instanceof ModelFailure) {
    const { code, hint } = nextStep(thrown);
    const wrong =
      thrown.kind === 'invalid-request' ? ({ refusedWith: thrown.status === 404 ? 404 : 400 } as const) : {};
    return { code, message: thrown.message, hint, ...wrong };
  }
  if (thrown instanceof ClawError) {
    const { code, message, hint } = thrown;
    return hint === undefined ? { code, message } : { code, message, hint };
  }
  return { code: 'internal-error', message: toError(thrown).message };
}
