/** Owns how a failure leaves by HTTP: RFC 9457 problem JSON, or the shape of OpenAI's API. It tells no stack and no path of this machine, and hides secrets. */
import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import { ClawError, ERROR_KINDS, type ErrorCode } from '../../core/kernel/errors.ts';

export interface FieldError {
  /** Path of the member, such as `message` or `tools.0.name`. */
  readonly field: string;
  readonly message: string;
}

/** A failure with the status and headers it leaves with. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly status: number;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** More members of the problem. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    more: {
      readonly hint?: string | undefined;
      readonly headers?: Readonly<Record<string, string>>;
      readonly members?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.status = status;
    this.code = code;
    this.hint = more.hint;
    this.headers = more.headers ?? {};
    this.members = more.members ?? {};
  }
}

/** A request of the wrong shape, with every member that is wrong. */
export function invalidRequest(error: z.core.$ZodError, within: string): HttpFailure {
  const errors = error.issues.map(({ path, message }): FieldError => ({
    field: path.length === 0 ? within : path.join('.'),
    message,
  }));
  const [first] = errors;
  const text = first === undefined ? 'The request is not well formed.' : `${first.field}: ${first.message}`;
  return new HttpFailure(400, 'usage-invalid', text, { members: { errors } });
}

/** What any thrown value means to a client. Bugs say nothing of themselves. */
export function asFailure(thrown: unknown): HttpFailure {
  if (thrown instanceof HttpFailure) return thrown;
  if (thrown instanceof ClawError) {
    const { code, message, hint, httpStatus, waitSeconds } = thrown;
    if (code === 'internal-error') return bug(thrown);
    const headers = {
      ...(httpStatus === 401 ? { 'www-authenticate': 'Bearer realm="claw"' } : {}),
      ...(waitSeconds === undefined ? {} : { 'retry-after': String(waitSeconds) }),
    };
    return new HttpFailure(httpStatus, code, message, { hint, headers, cause: thrown });
  }
  return fromFastify(thrown) ?? bug(thrown);
}

function bug(cause: unknown): HttpFailure {
  return new HttpFailure(500, 'internal-error', ERROR_KINDS['internal-error'].meaning, { cause });
}

/** Failures of the framework while it reads a request. */
const FRAMEWORK: Readonly<Record<string, readonly [status: number, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'The body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'A body of this content type is not taken here.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'The body is not as long as the request says.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'The body is empty.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'The body is no JSON.'],
  FST_ERR_BAD_URL: [400, 'The path is malformed.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'A part of the path is too long.'],
};

function fromFastify(thrown: unknown): HttpFailure | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return undefined;
  const known = FRAMEWORK[thrown.code];
  return known === undefined ? undefined : new HttpFailure(known[0], 'usage-invalid', known[1], { cause: thrown });
}

export interface ProblemBody {
  readonly contentType: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The body of a failure. `instance` is the path that was asked for. */
export function problemBody(failure: HttpFailure, instance: string, shape: 'problem' | 'openai'): ProblemBody {
  const { status, code, message, hint, members } = failure;
  if (shape === 'openai') return { contentType: 'application/json; charset=utf-8', body: openAiError(failure) };
  const body = {
    type: `urn:claw:error:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    instance,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...members,
  };
  return { contentType: 'application/problem+json; charset=utf-8', body };
}

/** Source: error objects of https://platform.openai.com/docs/guides/error-codes. */
function openAiError({ status, code, message, hint, members }: HttpFailure): Readonly<Record<string, unknown>> {
  const errors = members['errors'] as readonly FieldError[] | undefined;
  return {
    error: {
      message: hint === undefined ? message : `${message} ${hint}`,
      type: OPENAI_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'),
      param: errors?.[0]?.field ?? null,
      code,
    },
  };
}

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};
