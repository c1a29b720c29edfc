/** Owns logging in at a terminal: the address is shown, the answer typed or waited for, the risk told before anything is used. */
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { accountNamed, type AccountName } from '../core/accounts/account-provider.ts';
import type { AccountView, LoginWish } from '../core/accounts/account-service.ts';
import { ENV_PLACE } from '../core/accounts/standing-tokens.ts';
import { requirePermission } from '../core/access/permissions.ts';
import { doerOf } from '../core/access/actor.ts';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import { printErr } from './print.ts';

export interface LoginFlags {
  readonly 'accept-risk': boolean;
  readonly 'write-claude-file': boolean;
  /** Threads and Instagram: keep the token in the `.env` of the home. */
  readonly env?: boolean;
}

/** The first step of a log-in whose second comes later: where to go. */
export async function beginLogin(app: App, name: AccountName) {
  requirePermission(await app.actor(), 'account.manage');
  const { url, userCode, expiresAt } = await (await app.accounts()).service.startLogin(name);
  const code = userCode === undefined ? {} : { user_code: userCode };
  return { url, ...code, expires_at: new Date(expiresAt).toISOString() };
}

/** The second step: ends the log-in that waits with what came back. Throws `auth-missing` when it is not allowed yet. */
export async function endLogin(app: App, name: AccountName, code: string, wish: LoginWish): Promise<AccountView> {
  const { view } = await (await app.accounts()).service.endLogin(name, code, wish);
  if (view !== undefined) return view;
  throw new ClawError('auth-missing', 'The log-in is not done yet.', { hint: 'Allow it in the browser, then again.' });
}

/** Who logs in, and to what they agree: asked on a terminal unless they have said so already. */
export async function loginWish(app: App, name: AccountName, flags: LoginFlags): Promise<LoginWish> {
  const actor = await app.actor();
  requirePermission(actor, 'account.manage');
  const { risk, places } = await app.accounts();
  const isAgreed = flags['accept-risk'] || (await agrees(await risk(name)));
  const place = flags['write-claude-file'] ? places[name] : flags.env === true ? envPlace(name) : undefined;
  if (flags['write-claude-file'] && place === undefined)
    throw new ClawError('usage-invalid', `--write-claude-file is for claude, not for ${name}.`);
  return { by: doerOf(actor), isAgreed, ...(place === undefined ? {} : { mirror: place }) };
}

function envPlace(name: AccountName): string {
  if (name === 'threads' || name === 'instagram') return ENV_PLACE;
  throw new ClawError('usage-invalid', `--env is for threads and instagram, not for ${name}.`);
}

async function agrees(risk: string | undefined): Promise<boolean> {
  if (risk === undefined) return true;
  printErr(risk);
  if (!process.stdin.isTTY) {
    printErr('It is not used before somebody agrees with --accept-risk.');
    return false;
  }
  const answer = await askLine('Use it nevertheless? [y/N] ');
  if (/^(?:y|yes|예|네|ㅇ)$/i.test(answer.trim())) return true;
  throw new ClawError('cancelled', phrase('nothingChanged'));
}

/** Shows where to go, and ends the log-in with what comes back. Throws `cancelled` for an empty answer: then nothing is changed. */
export async function signInByHand(
  app: App,
  name: AccountName,
  wish: LoginWish,
  signal: AbortSignal,
): Promise<AccountView> {
  const { service, show } = await app.accounts();
  const { url, userCode, expiresAt, pollMs } = await service.startLogin(name);
  printErr(`Open this address and allow the use:\n\n  ${url}\n`);
  if (process.stderr.isTTY && (await show(url))) printErr('It was opened in your browser.\n');
  if (userCode !== undefined) printErr(`The code to type there: ${userCode}\n`);
  if (pollMs !== undefined) return waitFor(app, name, wish, { pollMs, expiresAt, signal });
  const answer = await askLine('Paste the code, or the address you were sent to: ');
  if (answer.trim() !== '') {
    const { view } = await service.endLogin(name, answer, wish);
    if (view !== undefined) return view;
  }
  await service.cancelLogin(name);
  throw new ClawError('cancelled', phrase('nothingChanged'));
}

interface Waiting {
  readonly pollMs: number;
  readonly expiresAt: number;
  readonly signal: AbortSignal;
}

async function waitFor(app: App, name: AccountName, wish: LoginWish, waiting: Waiting): Promise<AccountView> {
  const { service } = await app.accounts();
  const { expiresAt, signal } = waiting;
  let { pollMs } = waiting;
  while (app.clock.now() < expiresAt) {
    await app.clock.sleep(pollMs, signal);
    const end = await service.endLogin(name, undefined, wish);
    if (end.view !== undefined) return end.view;
    pollMs = end.pollMs;
  }
  throw new ClawError('auth-missing', 'Nobody allowed it in time.', { hint: `claw auth login ${name}` });
}

/** A line typed or piped; empty at the end of the input. */
async function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((end) => lines.once('close', () => end('')));
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}

/** What the command line asks for: a log-in by hand, that of another program, or only consent to the one there is. */
export async function loginOrAgree(
  app: App,
  { provider, file }: { readonly provider: string; readonly file?: string | undefined },
  flags: LoginFlags & { readonly import: boolean; readonly code?: string | undefined },
  signal: AbortSignal,
): Promise<AccountView> {
  const name = accountNamed(provider);
  const { service, places } = await app.accounts();
  if (file !== undefined && !flags.import)
    throw new ClawError('usage-invalid', 'A file is only for --import.', {
      hint: `claw auth login ${name} --import FILE`,
    });
  const wish = await loginWish(app, name, flags);
  if (flags.import) {
    const place = file === undefined ? places[name] : resolve(file);
    if (place !== undefined) return service.importFrom(name, place, wish);
    throw new ClawError('usage-invalid', `${name} has no log-in that could be taken over.`);
  }
  if (flags.code !== undefined) return endLogin(app, name, flags.code, wish);
  const before = (await service.list()).find(({ row }) => row.name === name);
  const isOnlyConsent = flags['accept-risk'] && before?.isConsentMissing === true && before.row.state === 'signed-in';
  return isOnlyConsent ? service.agree(name, wish.by) : signInByHand(app, name, wish, signal);
}
