/** Owns what `claw dashboard` leads to: the dashboard of the running server, by a link that is good once where it asks people to sign in. */
import { pathToFileURL } from 'node:url';
import { type Actor, doerOf } from '../core/access/actor.ts';
import { requirePermission } from '../core/access/permissions.ts';
import type { LinkOffer } from '../core/access/sign-in-links.ts';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import { replaceFile } from '../core/kernel/replace-file.ts';
import { openAddress, openOwnPage } from '../core/sandbox/open-address.ts';
import { doneBy } from '../core/store/audit-table.ts';
import { dashboardOrigin, linkAddress } from './dashboard-address.ts';
import { runningServer } from './singleton.ts';

export interface DashboardLink {
  readonly url: string;
  /** `open`: nobody has to sign in. */
  readonly kind: 'open' | 'sign-in' | 'set-up';
  /** When it ceases to be good, in milliseconds UTC; null for one without a secret. */
  readonly expiresAt: number | null;
}

/** How long the server gets to answer, in milliseconds. */
const ANSWER_MS = 5000;

/** A way into the dashboard as `by`. Throws `permission-denied`, `not-found` when no server runs or it answers no HTTP, and `upstream-failed` when it does not answer. */
export async function dashboardLink(app: App, by: Actor): Promise<DashboardLink> {
  requirePermission(by, 'self.read');
  const origin = await runningOrigin(app);
  const { status } = await ask(origin, '/api/v1/auth/me');
  if (status === 200) return { url: `${origin}/`, kind: 'open', expiresAt: null };
  const links = await (await app.access()).links();
  const offer = (await setUpOffer(app, by, origin)) ?? (await links.offerSignIn(by));
  return { url: linkAddress(origin, offer.kind, offer.secret), kind: offer.kind, expiresAt: offer.expiresAt };
}

/** Shows it in the user's own browser; false where there is none. A link with a secret goes by a page that only this user can read: what a program is called with, everybody on the machine can. */
export async function showDashboard(app: App, { url, kind }: DashboardLink): Promise<boolean> {
  const { browser, desktop } = app.config;
  if (browser === undefined) return false;
  if (kind === 'open') return openAddress(url, { program: browser, env: desktop });
  await replaceFile(app.paths.dashboardPage, leadingPage(url), 0o600);
  return openOwnPage(pathToFileURL(app.paths.dashboardPage), { program: browser, env: desktop });
}

async function runningOrigin(app: App): Promise<string> {
  const server = await runningServer({ lock: await app.serverLock(), stateFile: app.paths.serverState });
  if (server?.row === undefined) {
    throw new ClawError('not-found', phrase('noServerRuns'), { hint: phrase('startServer') });
  }
  const origin = dashboardOrigin(server.row);
  if (origin !== undefined) return origin;
  throw new ClawError('not-found', phrase('noDashboard'), { hint: phrase('seePort') });
}

/** The link of the first sign-in, for an admin while nobody can sign in. The server itself is asked: it may have been started with other settings. */
async function setUpOffer(app: App, by: Actor, origin: string): Promise<LinkOffer | undefined> {
  if (by.user.role !== 'admin') return undefined;
  const links = await (await app.access()).links();
  const offer = await links.offerSetUp(doneBy(doerOf(by)));
  if (offer === undefined) return undefined;
  const answer = await ask(origin, '/api/v1/auth/set-up/state', { secret: offer.secret });
  const { state } = (await answer.json()) as { readonly state?: string };
  if (state !== 'good') return undefined;
  await replaceFile(app.paths.setUpLink, `${linkAddress(origin, offer.kind, offer.secret)}\n`, 0o600);
  return offer;
}

async function ask(origin: string, path: string, body?: unknown): Promise<Response> {
  const sent = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  try {
    const more = body === undefined ? {} : sent;
    return await fetch(`${origin}${path}`, { ...more, redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (cause) {
    throw new ClawError('upstream-failed', phrase('dashboardSilent', origin), { hint: phrase('seeStatus'), cause });
  }
}

function leadingPage(url: string): string {
  const safe = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return [
    '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>claw</title>',
    `<meta http-equiv="refresh" content="0;url=${safe}">`,
    `<a href="${safe}">claw</a>\n`,
  ].join('\n');
}
