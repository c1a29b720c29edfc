/** Owns how a provider's refusal becomes a typed failure: by status, header and code, never by searching its text. The text is shown, shortened, when it is a plain message. */
import { ModelFailure, type ModelFailureKind } from './language-model.ts';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_MESSAGE_CHARS = 300;

/** Error types that a provider may send instead of, or inside, a response. Anthropic's and OpenAI's documented names. */
const KINDS_BY_CODE: Readonly<Record<string, ModelFailureKind>> = {
  authentication_error: 'auth',
  invalid_api_key: 'auth',
  permission_error: 'forbidden',
  invalid_request_error: 'invalid-request',
  not_found_error: 'invalid-request',
  request_too_large: 'invalid-request',
  rate_limit_error: 'rate-limited',
  rate_limit_exceeded: 'rate-limited',
  insufficient_quota: 'usage-limit',
  billing_error: 'usage-limit',
  overloaded_error: 'overloaded',
  api_error: 'server',
  server_error: 'server',
  timeout_error: 'server',
};

/** How Anthropic says that the allowance of a subscription is used up, and when it renews (seconds since 1970, UTC). */
const ALLOWANCE_STATUS = 'anthropic-ratelimit-unified-status';
const ALLOWANCE_RESET = 'anthropic-ratelimit-unified-reset';

/** What a provider said was wrong, as far as it said it in JSON. */
interface ErrorBody {
  readonly message?: string;
  readonly codes: readonly string[];
  /** An HTTP status inside the body, as OpenRouter and Google send it. */
  readonly status?: number;
  readonly retryAfterMs?: number;
}

/** The failure that a response with a status outside 200 to 299 stands for. Reads at most 64 KiB of its body. */
export async function failureOfResponse(provider: string, response: Response, now: number): Promise<ModelFailure> {
  const text = await readStart(response).catch(() => '');
  const body = parseErrorBody(text);
  const isUsedUp = response.status === 429 && response.headers.get(ALLOWANCE_STATUS) === 'rejected';
  const kind = isUsedUp ? 'usage-limit' : kindOf(response.status, body.codes);
  const waitMs = retryAfterOf(response.headers, now) ?? allowanceResetOf(response.headers, now) ?? body.retryAfterMs;
  return new ModelFailure(kind, sentence(provider, kind, response, { text, body }), {
    provider,
    status: response.status,
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

/** The failure that an error event inside a stream stands for. `value` is its JSON. */
export function failureOfEvent(provider: string, value: unknown, status: number | undefined): ModelFailure {
  const body = readErrorBody(value);
  const found = body.status ?? status;
  const kind = found === undefined ? (kindOfCodes(body.codes) ?? 'server') : kindOf(found, body.codes);
  const what = body.message === undefined ? (body.codes[0] ?? 'an unnamed error') : body.message;
  return new ModelFailure(kind, ended(`${provider} stopped in the middle of its answer: ${what}`), {
    provider,
    ...(found === undefined ? {} : { status: found }),
    ...(body.retryAfterMs === undefined ? {} : { retryAfterMs: body.retryAfterMs }),
  });
}

/** Milliseconds that a response asks to wait: `retry-after-ms`, else `retry-after` as seconds or as an HTTP date (RFC 9110, 10.2.3). */
function retryAfterOf(headers: Headers, now: number): number | undefined {
  const ms = headers.get('retry-after-ms');
  if (ms !== null && /^\d+(\.\d+)?$/.test(ms)) return Math.ceil(Number(ms));
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
}

function allowanceResetOf(headers: Headers, now: number): number | undefined {
  const seconds = headers.get(ALLOWANCE_RESET);
  if (seconds === null || !/^\d{9,11}$/.test(seconds)) return undefined;
  return Math.max(0, Number(seconds) * 1000 - now);
}

function kindOf(status: number, codes: readonly string[]): ModelFailureKind {
  switch (status) {
    case 401:
      return 'auth';
    case 402:
      return 'usage-limit';
    case 403:
      return 'forbidden';
    case 429:
      return kindOfCodes(codes) === 'usage-limit' ? 'usage-limit' : 'rate-limited';
    case 503:
    case 529:
      return 'overloaded';
    default:
      return status >= 500 || status === 408 ? 'server' : 'invalid-request';
  }
}

function kindOfCodes(codes: readonly string[]): ModelFailureKind | undefined {
  return codes.map((code) => KINDS_BY_CODE[code]).find((kind) => kind !== undefined);
}

function sentence(
  provider: string,
  kind: ModelFailureKind,
  { status, headers }: Response,
  { text, body }: { text: string; body: ErrorBody },
): string {
  // A provider repeats a part of the key in what it says about it.
  if (kind === 'auth') return `${provider} refused the credential (HTTP ${status}).`;
  const answered = `${provider} answered HTTP ${status}`;
  if (body.message !== undefined) return ended(`${answered}: ${body.message}`);
  if (status >= 300 && status < 400) return `${answered}, a redirect; its base URL is not the address of the API.`;
  const isPage = headers.get('content-type')?.includes('html') === true || text.trimStart().startsWith('<');
  return isPage ? `${answered} with a web page instead of an API response.` : `${answered} without an explanation.`;
}

function parseErrorBody(text: string): ErrorBody {
  try {
    return readErrorBody(JSON.parse(text));
  } catch {
    return { codes: [] };
  }
}

/** Reads `{error: {...}}`, `{error: "..."}`, `{message}`, or Google's list of the first. */
function readErrorBody(value: unknown): ErrorBody {
  const outer = asRecord(Array.isArray(value) ? value[0] : value);
  const error = typeof outer['error'] === 'string' ? { message: outer['error'] } : asRecord(outer['error'] ?? outer);
  const message = typeof error['message'] === 'string' ? oneLine(error['message']) : undefined;
  const status = [error['code'], error['status']].find((each) => typeof each === 'number');
  const retryAfterMs = readRetryInfo(error['details']);
  return {
    codes: [error['code'], error['type'], error['status']].filter((each) => typeof each === 'string'),
    ...(message === undefined || message === '' ? {} : { message }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** `google.rpc.RetryInfo` among Google's error details: `{retryDelay: "12.5s"}`. */
function readRetryInfo(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const delays = details.map((detail: unknown) => asRecord(detail)['retryDelay']);
  const seconds = delays.flatMap((delay) =>
    typeof delay === 'string' ? (/^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] ?? []) : [],
  );
  return seconds[0] === undefined ? undefined : Math.ceil(Number(seconds[0]) * 1000);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** `text` as a sentence of its own, so that another may follow. */
function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > MAX_MESSAGE_CHARS ? `${line.slice(0, MAX_MESSAGE_CHARS)}…` : line;
}

async function readStart(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (bytes >= MAX_BODY_BYTES) break;
  }
  return text;
}
