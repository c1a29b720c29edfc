/** Owns the cookie of a browser's session: no script reads it, and no other site has it sent. */
import { SESSION_COOKIE } from '../../core/access/sessions.ts';
import type { SessionRow } from '../../core/store/sign-in-table.ts';
import { Answer } from './route.ts';

/** `body` with the cookie of a session that was opened; without one, the cookie stays as it is. */
export function sessionAnswer(
  opened: { readonly row: SessionRow; readonly value: string } | undefined,
  body: unknown,
): Answer {
  if (opened === undefined) return new Answer(JSON.stringify(body), JSON_HEADERS);
  const seconds = Math.floor((opened.row.expires_at - opened.row.created_at) / 1000);
  return withCookie(`${opened.value}; Max-Age=${seconds}`, body);
}

/** `body` that takes the cookie away. */
export function signedOut(body: unknown): Answer {
  return withCookie('; Max-Age=0', body);
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** No `Secure`: claw itself speaks HTTP on loopback; a proxy that adds TLS may add it. */
function withCookie(value: string, body: unknown): Answer {
  return new Answer(JSON.stringify(body), {
    ...JSON_HEADERS,
    'set-cookie': `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict`,
  });
}
