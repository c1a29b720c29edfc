/** Owns calls to the Telegram Bot API: one request, one answer, and what a failure says about whether it was done. Must not try again, and must not put the token, which is part of every address, into an error. */
import { Api, GrammyError, HttpError } from 'grammy';
import { DeliveryError, type DeliveryFailureKind } from '../../core/conversations/channel-messages.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { networkFailure } from './network-failure.ts';

/** A failed call. `status` is the number of the Bot API, or 0 when no answer came. */
export class TelegramError extends DeliveryError {
  readonly status: number;

  constructor(kind: DeliveryFailureKind, status: number, message: string, retryAfterMs?: number) {
    super(kind, message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.status = status;
  }
}

/** The package's client; its own time limit is above every one that is set here. */
export function createTelegramApi(root: string, token: string): Api {
  return new Api(token, {
    apiRoot: root.replace(/\/+$/, ''),
    fetch: nativeFetch as never,
    baseFetchConfig: { duplex: 'half' } as never,
    timeoutSeconds: 500,
  });
}

/** The package hands in a signal of its own kind, which the platform's fetch does not take. The whole answer is read here, so that a deadline also ends one that stalls. */
async function nativeFetch(url: string, init: RequestInit): Promise<Response> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  init.signal?.addEventListener('abort', onAbort);
  try {
    const answer = await fetch(url, { ...init, signal: stop.signal });
    return new Response(readable(answer, await answer.text()));
  } finally {
    init.signal?.removeEventListener('abort', onAbort);
  }
}

/** The body; for a refusal by something in front of the Bot API, such as a proxy's page, what the Bot API would say. */
function readable({ ok, status, headers }: Response, body: string): string {
  if (ok || isRefusal(body)) return body;
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const parameters = Number.isFinite(seconds) ? { retry_after: seconds } : {};
  return JSON.stringify({ ok: false, error_code: status, description: 'without a reason', parameters });
}

function isRefusal(body: string): boolean {
  try {
    const answer = JSON.parse(body) as { readonly ok?: unknown; readonly error_code?: unknown } | null;
    return answer?.ok === false && typeof answer.error_code === 'number';
  } catch {
    return false;
  }
}

/** Runs one call with a deadline (milliseconds). Throws `TelegramError`. */
export async function callTelegram<T>(
  deadlineMs: number,
  signal: AbortSignal | undefined,
  call: (signal: never) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const until = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  if (until.aborted) throw new TelegramError('not-sent', 0, 'Telegram: called off');
  try {
    return await call(until as never);
  } catch (error) {
    throw asTelegramError(error, deadline.aborted);
  }
}

function asTelegramError(error: unknown, isLate: boolean): TelegramError {
  if (error instanceof TelegramError) return error;
  if (error instanceof GrammyError) {
    const { error_code: status, description, parameters } = error;
    const wait = parameters.retry_after === undefined ? undefined : parameters.retry_after * 1000;
    // The chat has another id: the row follows it once the update that says so is in.
    const kind = parameters.migrate_to_chat_id === undefined ? kindOf(status) : 'not-sent';
    return new TelegramError(kind, status, `Telegram: ${status} ${description}`, wait);
  }
  if (isLate) return new TelegramError('unknown', 0, 'Telegram: timeout');
  const { kind, code } = networkFailure(error instanceof HttpError ? error.error : error);
  return new TelegramError(kind, 0, `Telegram: ${code}`);
}

/** 429 and 5xx come from before anything was done; what is wrong with the request or the chat stays wrong. */
function kindOf(status: number): DeliveryFailureKind {
  return status === 429 || status >= 500 || status === 401 || status === 409 ? 'not-sent' : 'rejected';
}

/** The same failure for people: what is wrong, and the next step. */
export function asClawError(error: unknown): ClawError {
  if (!(error instanceof TelegramError)) {
    return new ClawError('internal-error', 'Telegram could not be asked', { cause: error });
  }
  if (error.status === 401 || error.status === 404) {
    return new ClawError('auth-rejected', 'Telegram refused TELEGRAM_BOT_TOKEN', {
      hint: 'Put the right token in place: claw secret set TELEGRAM_BOT_TOKEN',
      cause: error,
    });
  }
  if (error.status === 409) {
    return new ClawError('upstream-failed', 'Another program takes the messages of this Telegram bot', {
      hint: 'Stop the other program, or give claw a bot of its own.',
      cause: error,
    });
  }
  return new ClawError('upstream-failed', error.message, {
    hint: 'It is tried again; see the address in TELEGRAM_API_ROOT if this stays.',
    cause: error,
  });
}
