/** Owns the OAuth device flow (RFC 8628): a code for the user to enter, and the asking whether they did. */
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { ClawError } from '../../kernel/errors.ts';
import { type AccountAnswer, AccountFailure } from '../account-failure.ts';
import { type AccountHttp, readAnswer } from '../account-http.ts';

export interface DeviceFlowDeps {
  readonly http: AccountHttp;
  readonly clock: Clock;
}

export interface DeviceEndpoints {
  /** Whose they are, for people. */
  readonly who: string;
  readonly codeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly scope: string;
}

export interface DeviceCode {
  readonly deviceCode: string;
  /** What the user types at `verificationUri`. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** Milliseconds since 1970 UTC. */
  readonly expiresAt: number;
  readonly intervalMs: number;
}

/** What one question brought: the token, or how long to wait before the next one. */
export type DeviceAnswer = { readonly token: string } | { readonly waitMs: number };

const CODE_ANSWER = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1).max(100),
  verification_uri: z.url().max(1000),
  expires_in: z.number().positive().max(86_400),
  interval: z.number().positive().max(600).optional(),
});
const TOKEN_ANSWER = z.object({ access_token: z.string().min(1) });
const ERROR_ANSWER = z.object({ error: z.string().max(60) });

/** RFC 8628 3.2: what holds when the server names no interval. */
const DEFAULT_INTERVAL_MS = 5000;
const MIN_INTERVAL_MS = 1000;
/** RFC 8628 3.5. */
const SLOW_DOWN_MS = 5000;
const MAX_INTERVAL_MS = 60_000;

/** Asks for a code. Throws `config-invalid` when the client id is refused, and `AccountFailure`. */
export async function startDeviceFlow(
  { http, clock }: DeviceFlowDeps,
  { who, codeUrl, clientId, scope }: DeviceEndpoints,
  signal: AbortSignal,
): Promise<DeviceCode> {
  const answer = await http({ url: codeUrl, form: { client_id: clientId, scope }, signal });
  const code = errorCode(answer);
  if (answer.status === 404 || (code !== undefined && answer.status < 429)) {
    const said = `HTTP ${answer.status}${code === undefined ? '' : `, ${code}`}`;
    throw new ClawError('config-invalid', `${who} starts no log-in for this client id (${said}).`, {
      hint: 'Check the client id, and that the device flow is enabled for its app.',
    });
  }
  const now = clock.now();
  const given = readAnswer(who, answer, CODE_ANSWER, now);
  return {
    deviceCode: given.device_code,
    userCode: given.user_code,
    verificationUri: given.verification_uri,
    expiresAt: now + given.expires_in * 1000,
    intervalMs: Math.max(MIN_INTERVAL_MS, (given.interval ?? DEFAULT_INTERVAL_MS / 1000) * 1000),
  };
}

/** Asks once whether the user has entered the code; the caller waits `intervalMs` before, and what the answer says after. Throws `auth-rejected` when they said no or the code ran out, and `AccountFailure` for what waiting does not mend. */
export async function askDeviceToken(
  { http, clock }: DeviceFlowDeps,
  { who, tokenUrl, clientId }: DeviceEndpoints,
  device: Pick<DeviceCode, 'deviceCode' | 'expiresAt' | 'intervalMs'>,
  signal: AbortSignal,
): Promise<DeviceAnswer> {
  const { deviceCode, expiresAt, intervalMs } = device;
  if (clock.now() >= expiresAt) throw expired();
  const form = {
    client_id: clientId,
    device_code: deviceCode,
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  };
  try {
    const answer = await http({ url: tokenUrl, form, signal });
    // GitHub answers these with status 200, the RFC with 400.
    const code = errorCode(answer);
    if (code === 'authorization_pending') return { waitMs: intervalMs };
    if (code === 'slow_down') return { waitMs: intervalMs + SLOW_DOWN_MS };
    if (code === 'expired_token' || code === 'token_expired') throw expired();
    if (code === 'access_denied') {
      throw new ClawError('auth-rejected', 'The log-in was refused in the browser. Nothing has changed.');
    }
    return { token: readAnswer(who, answer, TOKEN_ANSWER, clock.now()).access_token };
  } catch (error) {
    if (!(error instanceof AccountFailure) || error.kind !== 'retry') throw error;
    // RFC 8628 3.5: a server that cannot answer is asked less and less often.
    return { waitMs: Math.min(Math.max(intervalMs * 2, error.retryAfterMs ?? 0), MAX_INTERVAL_MS) };
  }
}

/** `error` of RFC 6749 5.2, when it looks like a code. */
function errorCode({ text }: AccountAnswer): string | undefined {
  const read = z
    .string()
    .transform((body) => parseJson(body))
    .pipe(ERROR_ANSWER)
    .safeParse(text);
  return read.success && /^[a-z_]+$/.test(read.data.error) ? read.data.error : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function expired(): ClawError {
  return new ClawError('auth-rejected', 'The code was not entered in time. Nothing has changed.', {
    hint: 'Begin again with the same command.',
  });
}
