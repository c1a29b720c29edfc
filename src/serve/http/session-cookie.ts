/** Owns the cookies of a browser: its session, and what it is known again by. No script reads them, and no other site has them sent. */
import { DEVICE_COOKIE, deviceCookieOf } from '../../core/access/device-cookie.ts';
import type { Browser } from '../../core/access/devices.ts';
import { SESSION_COOKIE } from '../../core/access/sessions.ts';
import type { SessionRow } from '../../core/store/sign-in-table.ts';
import { Answer, type RouteRequest } from './route.ts';

interface Opened {
  readonly row: SessionRow;
  readonly value: string;
  /** What the browser is known by, when it was let in. */
  readonly deviceCookie?: string | undefined;
}

/** Browsers keep a cookie for 400 days at most; it is set anew whenever somebody signs in. */
const DEVICE_SECONDS = 400 * 86_400;
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** `body` with the cookies of a session that was opened. */
export function sessionAnswer({ row, value, deviceCookie }: Opened, body: unknown): Answer {
  const seconds = Math.floor((row.expires_at - row.created_at) / 1000);
  return withCookies(body, [
    cookie(SESSION_COOKIE, value, seconds),
    ...(deviceCookie === undefined ? [] : [cookie(DEVICE_COOKIE, deviceCookie, DEVICE_SECONDS)]),
  ]);
}

/** `body`, while the cookies stay as they are. */
export function waitingAnswer(body: unknown, status = 200): Answer {
  return new Answer(JSON.stringify(body), JSON_HEADERS, status);
}

/** `body` that takes the cookie of the session away. */
export function signedOut(body: unknown): Answer {
  return withCookies(body, [cookie(SESSION_COOKIE, '', 0)]);
}

/** The browser that a request comes from. */
export function browserOf({
  headers,
  address,
}: Pick<RouteRequest<unknown, unknown, unknown>, 'headers' | 'address'>): Browser {
  const { 'user-agent': agent, cookie: header } = headers;
  return {
    from: address,
    agent: typeof agent === 'string' ? agent : '',
    cookie: deviceCookieOf(typeof header === 'string' ? header : undefined),
  };
}

/** No `Secure`: claw itself speaks HTTP on loopback; a proxy that adds TLS may add it. */
function cookie(name: string, value: string, seconds: number): string {
  return `${name}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Strict`;
}

function withCookies(body: unknown, cookies: string[]): Answer {
  return new Answer(JSON.stringify(body), { ...JSON_HEADERS, 'set-cookie': cookies });
}
