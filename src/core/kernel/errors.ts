/** Owns the one error class and the public table of error codes. Adding a failure kind means adding a row here; docs/errors.md is generated from it. */
import type { Phrase } from './language/phrase.ts';

interface ErrorKind {
  /** Process exit code, from the table in `claw --help`. */
  readonly exitCode: number;
  /** HTTP status when the same failure leaves by REST. */
  readonly httpStatus: number;
  readonly meaning: string;
}

export const ERROR_KINDS = {
  'internal-error': { exitCode: 1, httpStatus: 500, meaning: 'A bug in claw. Please report it with the log.' },
  'usage-invalid': { exitCode: 2, httpStatus: 400, meaning: 'The command or request is not well formed.' },
  'config-invalid': { exitCode: 3, httpStatus: 400, meaning: 'A setting is missing, unknown or out of bounds.' },
  'auth-missing': { exitCode: 4, httpStatus: 401, meaning: 'No credential for what was asked.' },
  'auth-rejected': { exitCode: 4, httpStatus: 401, meaning: 'The credential was refused.' },
  'permission-denied': { exitCode: 5, httpStatus: 403, meaning: 'Not allowed for this user, room or tool.' },
  'not-found': { exitCode: 6, httpStatus: 404, meaning: 'There is no such thing.' },
  conflict: { exitCode: 7, httpStatus: 409, meaning: 'It exists already, or someone else holds it.' },
  locked: { exitCode: 7, httpStatus: 423, meaning: 'Another process holds it; try again when it is done.' },
  'upstream-failed': { exitCode: 8, httpStatus: 502, meaning: 'A provider, platform or web server failed.' },
  'upstream-rate-limited': { exitCode: 8, httpStatus: 503, meaning: 'A provider asked to wait.' },
  'sandbox-refused': { exitCode: 9, httpStatus: 403, meaning: 'A wall refused the act.' },
  'sandbox-unavailable': {
    exitCode: 9,
    httpStatus: 503,
    meaning: 'A wall this tool needs is missing on this machine.',
  },
  'data-invalid': {
    exitCode: 10,
    httpStatus: 422,
    meaning: 'A file or stored value is damaged or of the wrong shape.',
  },
  'limit-reached': { exitCode: 11, httpStatus: 429, meaning: 'A limit or budget is used up.' },
  'too-large': { exitCode: 11, httpStatus: 413, meaning: 'A document is larger than is taken.' },
  cancelled: { exitCode: 130, httpStatus: 499, meaning: 'Stopped by the user.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;

interface ClawErrorOptions {
  /** What to do next, as one sentence or command. */
  readonly hint?: string | Phrase;
  /** Seconds after which it may work. */
  readonly waitSeconds?: number;
  readonly cause?: unknown;
}

/** Every failure claw expects. Bugs stay plain errors and keep their stack. */
export class ClawError extends Error {
  override readonly name = 'ClawError';
  readonly code: ErrorCode;
  /** In English, as the message. */
  readonly hint: string | undefined;
  /** What message and hint say, for those who say it in another language; undefined where it is known in English only. */
  readonly phrase: Phrase | undefined;
  readonly hintPhrase: Phrase | undefined;
  /** Seconds after which it may work, where that is known. */
  readonly waitSeconds: number | undefined;

  constructor(code: ErrorCode, message: string | Phrase, { hint, waitSeconds, cause }: ClawErrorOptions = {}) {
    super(typeof message === 'string' ? message : message.text, cause === undefined ? {} : { cause });
    this.code = code;
    this.hint = typeof hint === 'object' ? hint.text : hint;
    this.phrase = typeof message === 'string' ? undefined : message;
    this.hintPhrase = typeof hint === 'object' ? hint : undefined;
    this.waitSeconds = waitSeconds;
  }

  get exitCode(): number {
    return ERROR_KINDS[this.code].exitCode;
  }

  get httpStatus(): number {
    return ERROR_KINDS[this.code].httpStatus;
  }
}

/** Makes an error of anything that was thrown. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Marks a branch that the types say cannot happen. Throws, so that it is never silent. */
export function unreachable(value: never): never {
  throw new Error(`unreachable value: ${JSON.stringify(value)}`);
}
