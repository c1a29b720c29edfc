/** Owns signing in to Threads and Instagram: the page on which the user allows it, and the exchange of the code for a token of an hour and of that for one of 60 days. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ClawError } from '../../kernel/errors.ts';
import type { AccountAnswer } from '../account-failure.ts';
import { readAnswer } from '../account-http.ts';
import type { AccountLogin } from '../account-provider.ts';
import { askGraph, longLived, META, type MetaDeps, type MetaSettings } from './meta-account.ts';

/** How long a log-in may take, in ms: the code lives an hour. */
const OPEN_MS = 30 * 60_000;

const SHORT_LIVED = z.object({ access_token: z.string().min(1), user_id: z.union([z.string(), z.number()]).nullish() });
/** How Instagram wraps it. */
const WRAPPED = z.object({ data: z.tuple([z.unknown()]) });

/** `start` throws `config-invalid` or `auth-missing` while the app's id or secret is not set. */
export function createMetaLogin(deps: MetaDeps): AccountLogin {
  const { clock, settings } = deps;
  const { who, prefix } = META[settings.platform];
  return {
    async start() {
      const { appId } = await clientOf(settings);
      const state = randomBytes(32).toString('base64url');
      const url = new URL(settings.authorizeUrl);
      const query = {
        client_id: appId,
        redirect_uri: settings.redirectUrl,
        scope: settings.scopes.join(','),
        response_type: 'code',
        state,
      };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return { url: url.href, expiresAt: clock.now() + OPEN_MS, pending: { state } };
    },
    async finish({ state = '' }, answer, signal) {
      const given = readCode(answer ?? '');
      if (given.state !== undefined && !isSame(given.state, state)) {
        throw new ClawError('auth-rejected', 'The code belongs to another log-in: its state does not match.', {
          hint: `Open the newest address, or begin again: claw auth login ${settings.platform}`,
        });
      }
      const { appId, appSecret } = await clientOf(settings);
      const form = {
        client_id: appId,
        client_secret: appSecret,
        grant_type: 'authorization_code',
        redirect_uri: settings.redirectUrl,
        code: given.code,
      };
      const url = `${settings.codeRoot.replace(/\/+$/, '')}/oauth/access_token`;
      const short = readShort(who, await askGraph(deps, { url, form, signal }), clock.now());
      const query = {
        grant_type: `${prefix}_exchange_token`,
        client_secret: appSecret,
        access_token: short.access_token,
      };
      const tokens = await longLived(deps, '/access_token', query, signal);
      const extra = short.user_id == null ? {} : { extra: { user_id: String(short.user_id) } };
      return { kind: 'done', tokens: { ...tokens, scopes: settings.scopes, ...extra } };
    },
  };
}

function readShort(who: string, answer: AccountAnswer, now: number): z.output<typeof SHORT_LIVED> {
  const plain = z.preprocess((body) => WRAPPED.safeParse(body).data?.data[0] ?? body, SHORT_LIVED);
  return readAnswer(who, answer, plain, now);
}

/** The code alone, `CODE#STATE`, or the address that the browser was sent to. The platforms put `#_` behind it. Throws `usage-invalid`. */
function readCode(answer: string): { readonly code: string; readonly state: string | undefined } {
  const text = answer.trim().replace(/#_$/, '');
  const url = /^https?:/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const [plain = '', plainState] = text.split('#');
  const code = url === undefined ? plain : (url.searchParams.get('code') ?? '');
  // An address without a state came from somewhere else.
  const state = url === undefined ? plainState : (url.searchParams.get('state') ?? '');
  if (/^[\x21-\x7e]{1,4096}$/.test(code)) return { code, state };
  throw new ClawError('usage-invalid', 'That is neither a code nor the address of the page with the code.', {
    hint: 'Copy the whole address that the browser shows after you allowed it.',
  });
}

async function clientOf({ platform, appId, appSecret }: MetaSettings) {
  const { who, setting } = META[platform];
  if (appId === undefined) {
    throw new ClawError('config-invalid', `Signing in to ${who} needs ${setting}_APP_ID, the id of a Meta app.`, {
      hint: `claw config set ${setting}_APP_ID ID`,
    });
  }
  const secret = await appSecret();
  if (secret !== undefined) return { appId, appSecret: secret };
  throw new ClawError('auth-missing', `Signing in to ${who} needs ${setting}_APP_SECRET, which is not set.`, {
    hint: `claw secret set ${setting}_APP_SECRET`,
  });
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && expected !== '' && timingSafeEqual(a, b);
}
