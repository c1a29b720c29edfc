/** Owns signing in to a Claude subscription by OAuth with PKCE (RFC 7636): the address to open, and the exchange of what comes back. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ClawError } from '../../kernel/errors.ts';
import { readAnswer } from '../account-http.ts';
import type { AccountLogin } from '../account-provider.ts';
import { CLAUDE, type ClaudeDeps, claudeTokens, TOKEN_ANSWER } from './claude-account.ts';

/** How long a log-in may take, in ms. */
const OPEN_MS = 10 * 60_000;

export function createClaudeLogin({ http, clock, settings }: ClaudeDeps): AccountLogin {
  const { clientId, tokenUrl, authorizeUrl, redirectUrl, scopes } = settings;
  return {
    async start() {
      const verifier = randomBytes(32).toString('base64url');
      const state = randomBytes(32).toString('base64url');
      const url = new URL(authorizeUrl);
      const query = {
        code: 'true',
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUrl,
        scope: scopes.join(' '),
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        state,
      };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return { url: url.href, expiresAt: clock.now() + OPEN_MS, pending: { verifier, state } };
    },
    async finish(pending, answer, signal) {
      const { verifier = '', state = '' } = pending;
      const given = readCode(answer ?? '');
      if (!isSame(given.state, state)) {
        throw new ClawError('auth-rejected', 'The code belongs to another log-in: its state does not match.', {
          hint: 'Paste the code of the page that the newest address led to, or begin again: claw auth pkce --print-url',
        });
      }
      const json = {
        grant_type: 'authorization_code',
        code: given.code,
        state,
        client_id: clientId,
        redirect_uri: redirectUrl,
        code_verifier: verifier,
      };
      const response = await http({ url: tokenUrl, json, signal });
      const tokens = claudeTokens(readAnswer(CLAUDE, response, TOKEN_ANSWER, clock.now()), clock.now());
      return { kind: 'done', tokens: { scopes, ...tokens } };
    },
  };
}

/** `CODE#STATE`, or the address that the browser was sent to. Throws `usage-invalid`. */
function readCode(answer: string): { code: string; state: string } {
  const text = answer.trim();
  const found = /^https?:/i.test(text) && URL.canParse(text) ? codeOfUrl(new URL(text)) : text.split('#');
  const [code = '', state = '', ...more] = found;
  if (/^[\x21-\x7e]{1,4096}$/.test(code) && /^[\x21-\x7e]{1,1024}$/.test(state) && more.length === 0)
    return { code, state };
  throw new ClawError('usage-invalid', 'That is neither CODE#STATE nor the address of the page with the code.', {
    hint: 'Copy the whole code that the page shows; it has a # in it.',
  });
}

/** The state stands in the query or, as on the page, behind the #. */
function codeOfUrl({ searchParams, hash }: URL): string[] {
  const [code = '', inside] = (searchParams.get('code') ?? '').split('#');
  return [code, searchParams.get('state') ?? inside ?? hash.slice(1)];
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && expected !== '' && timingSafeEqual(a, b);
}
