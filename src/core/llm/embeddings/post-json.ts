/** Owns one JSON request to a provider and its answer, with everything that goes wrong as a ModelFailure. */
import type { Clock } from '../../kernel/clock.ts';
import { toError } from '../../kernel/errors.ts';
import { failureOfResponse } from '../http-failure.ts';
import { ModelFailure } from '../language-model.ts';

export interface JsonPost {
  readonly provider: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Far more than the vectors of a request take. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The parsed answer. Throws `ModelFailure`, `not-found` of a provider as `invalid-request` with status 404. */
export async function postJson({ provider, url, headers, body, signal, clock }: JsonPost): Promise<unknown> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  try {
    const response = await fetch(url, { ...request, body: JSON.stringify(body), signal, redirect: 'error' });
    if (!response.ok) throw await failureOfResponse(provider, response, clock.now());
    return JSON.parse(await textOf(provider, response)) as unknown;
  } catch (thrown) {
    if (thrown instanceof ModelFailure) throw thrown;
    throw failureOf(provider, thrown, signal);
  }
}

async function textOf(provider: string, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new ModelFailure('server', `${provider} answered with too much.`, { provider });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failureOf(provider: string, thrown: unknown, signal: AbortSignal): ModelFailure {
  const cause = toError(thrown);
  if (signal.aborted) return new ModelFailure('cancelled', `The call to ${provider} was stopped.`, { provider, cause });
  if (thrown instanceof SyntaxError)
    return new ModelFailure('broken-stream', `${provider} answered with something that is no JSON.`, {
      provider,
      cause,
    });
  const why = cause.cause === undefined ? cause : toError(cause.cause);
  return new ModelFailure('network', `${provider} cannot be reached: ${why.message}.`, { provider, cause });
}
