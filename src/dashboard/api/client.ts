/** Owns how the dashboard asks the API: typed by the server's own routes, one form of failure, and a word to the page when somebody has to sign in. */
import type { Endpoint, Parts, Result } from './endpoints.ts';

export type { Endpoint, Parts, Result } from './endpoints.ts';

interface AnyParts {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/** The API refused, or could not be reached (`status` 0). Source of the shape: RFC 9457, docs/errors.md. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  /** Members of the body that were wrong, by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds after which it may be tried again; 0 when nothing was said. */
  readonly waitSeconds: number;

  constructor(status: number, problem: Problem, waitSeconds = 0) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? 'upstream-failed';
    this.hint = problem.hint;
    this.waitSeconds = waitSeconds;
    this.fields = Object.fromEntries((problem.errors ?? []).map(({ field, message }) => [field, message]));
  }
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly hint?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** Told to `window` when an answer was 401: the session is over. */
export const SIGNED_OUT = 'claw-signed-out';

/** Asks one route. Throws `ApiError`; an aborted `signal` is thrown as it is. */
export async function ask<Name extends Endpoint>(
  name: Name,
  parts: Parts<Name>,
  signal?: AbortSignal,
): Promise<Result<Name>> {
  // Taken as unknown first: the union of all routes is too large for the compiler.
  const given: unknown = parts;
  const { params = {}, query = {}, body } = given as AnyParts;
  const [method = 'GET', pattern = ''] = name.split(' ');
  const response = await send(address(pattern, params, query), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    ...(signal === undefined ? {} : { signal }),
  });
  return readAnswer<Result<Name>>(response);
}

/** Sends a file as it is, to a route whose body is bytes. Throws `ApiError`. */
export async function sendFile<Answer = unknown>(
  path: string,
  query: Readonly<Record<string, string>>,
  file: Blob,
): Promise<Answer> {
  const url = address(path, {}, query);
  const headers = { 'content-type': 'application/octet-stream' };
  return readAnswer<Answer>(await send(url, { method: 'POST', body: file, headers }));
}

/** The bytes at an address of this server. Throws `ApiError`. */
export async function readBytes(path: string): Promise<Blob> {
  const response = await send(path, { method: 'GET' });
  if (!response.ok) await readAnswer(response);
  return response.blob();
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'same-origin', cache: 'no-store', redirect: 'error' });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(0, { code: 'offline' });
  }
}

async function readAnswer<Answer>(response: Response): Promise<Answer> {
  const wait = Number(response.headers.get('retry-after') ?? 0);
  // What a route answers is what its row promises.
  return answerOf(response.status, await response.text(), wait) as Answer;
}

/** The answer in a body; `undefined` when that is empty. Throws `ApiError`. `wait`: seconds to wait, when the server says so. */
export function answerOf(status: number, text: string, wait = 0): unknown {
  if (status >= 200 && status < 300) return text === '' ? undefined : (JSON.parse(text) as unknown);
  if (status === 401) window.dispatchEvent(new Event(SIGNED_OUT));
  throw new ApiError(status, problemOf(text), Number.isFinite(wait) && wait > 0 ? Math.ceil(wait) : 0);
}

function problemOf(text: string): Problem {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? read : {};
  } catch {
    return {};
  }
}

function address(
  pattern: string,
  params: NonNullable<AnyParts['params']>,
  query: NonNullable<AnyParts['query']>,
): string {
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')));
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)] as [string, string]],
  );
  return `/api/v1${path}${given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`}`;
}
