/** Owns the log-ins of the API: how they are goes out, codes come in, tokens never do either. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import { ACCOUNT_NAMES } from '../../core/accounts/account-provider.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const params = z.object({ name: z.enum(ACCOUNT_NAMES) });
const account = z.object({
  account: z.string(),
  state: z.string(),
  expires_at: z.string().nullable(),
  next_refresh_at: z.string().nullable(),
  refreshed_at: z.string().nullable(),
  source: z.string(),
  consent: z.string(),
  limited_until: z.string().nullable(),
  failed_refreshes: z.int(),
  error: z.string().nullable(),
  calls_with: z.string().nullable(),
  warnings: z.array(z.string()),
});
const shown = (json: { readonly warnings: readonly string[] }) => ({ ...json, warnings: [...json.warnings] });

/** What a service refuses is no word on who asks here: a client that gets 401 signs its user out. */
async function ofService<Done>(work: Promise<Done>): Promise<Done> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ClawError) || error.code !== 'auth-rejected') throw error;
    const { message, hint } = error;
    throw new ClawError('conflict', message, { cause: error, ...(hint === undefined ? {} : { hint }) });
  }
}

export function accountRoutes({ app }: RouteDeps): readonly Route[] {
  return [...lookRoutes({ app }), ...loginRoutes({ app })];
}

function lookRoutes({ app }: Pick<RouteDeps, 'app'>): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/accounts',
      action: 'account.manage',
      summary: 'The log-ins at other services: state, expiry, next refresh; never a token',
      result: z.array(account),
      handle: async () => (await (await app.accounts()).status()).map((each) => ({ ...each, ...shown(each) })),
    }),
    route({
      method: 'POST',
      path: '/accounts/:name/refresh',
      action: 'account.manage',
      summary: 'Renew a log-in now',
      params,
      result: account,
      handle: async ({ actor, params: { name } }) => {
        const { service, json } = await app.accounts();
        const status = await json(await ofService(service.refresh(name, doerOf(actor))));
        return { ...status, ...shown(status) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/accounts/:name',
      action: 'account.manage',
      summary: 'Forget a log-in here',
      params,
      result: z.object({ account: z.string(), removed: z.boolean(), remains: z.array(z.string()) }),
      handle: async ({ actor, params: { name } }) => {
        const remains = await (await app.accounts()).service.logout(name, doerOf(actor));
        return { account: name, removed: true, remains: [...remains] };
      },
    }),
  ];
}

function loginRoutes({ app }: Pick<RouteDeps, 'app'>): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/accounts/:name/login',
      action: 'account.manage',
      summary: 'Begin a log-in: the address to open, and the code to type there if there is one',
      params,
      result: z.object({
        url: z.string(),
        user_code: z.string().nullable(),
        expires_at: z.string(),
        poll_ms: z.int().nullable(),
        risk: z.string().nullable(),
      }),
      handle: async ({ params: { name } }) => {
        const { service, risk } = await app.accounts();
        const { url, userCode = null, expiresAt, pollMs = null } = await service.startLogin(name);
        const expires_at = new Date(expiresAt).toISOString();
        return { url, user_code: userCode, expires_at, poll_ms: pollMs, risk: (await risk(name)) ?? null };
      },
    }),
    route({
      method: 'POST',
      path: '/accounts/:name/login/finish',
      action: 'account.manage',
      summary: 'End a log-in with what came back, or ask whether a device is allowed yet',
      params,
      body: z.strictObject({
        code: z.string().max(8192).optional().describe('CODE#STATE, or the address the browser was sent to'),
        accept_risk: z.boolean().default(false).describe('Agree to the use of a subscription by another program'),
      }),
      result: z.object({ done: z.boolean(), poll_ms: z.int().nullable(), account: account.nullable() }),
      handle: async ({ actor, params: { name }, body }) => {
        const { service, json } = await app.accounts();
        const wish = { by: doerOf(actor), isAgreed: body.accept_risk };
        const { view, pollMs } = await ofService(service.endLogin(name, body.code, wish));
        if (view === undefined) return { done: false, poll_ms: pollMs, account: null };
        const status = await json(view);
        return { done: true, poll_ms: null, account: { ...status, ...shown(status) } };
      },
    }),
  ];
}
