/** Owns the browser of the tools: the system's Chromium with a profile of claw's own, everything it loads by way of the guard. One page per conversation; unused ones are closed. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, BrowserType, Page } from 'playwright-core';
import { z } from 'zod';
import { ClawError, toError } from '../../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../../kernel/messages.ts';
import { safeLine } from '../../kernel/terminal-text.ts';
import type { GuardProxy } from '../../net/guard-proxy.ts';
import { resolveProgram, TRUSTED_FOLDERS } from '../../sandbox/exec/resolve-program.ts';
import type { Service, ServiceScope } from '../call-tool.ts';
import { act, ACTION } from './browser-actions.ts';

export interface BrowserDeps {
  /** Folder for profiles; each is gone with its browser. */
  readonly folder: string;
  readonly openProxy: () => Promise<GuardProxy>;
  /** Why a URL may not be opened, before anything is asked of the network; undefined when it may. */
  readonly refuseUrl: (url: string) => Promise<string | undefined>;
  /** Writes a picture into the workspace. */
  readonly savePicture: (path: string, png: Buffer) => Promise<void>;
}

export interface BrowserService {
  readonly service: Service;
  close(): Promise<void>;
}

interface Session {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly proxy: GuardProxy;
  readonly profile: string;
  idle?: NodeJS.Timeout;
}

const IDLE_MS = 120_000;
const START_TIMEOUT_MS = 20_000;
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** No way past the proxy: not for loopback, not by UDP, not by a name looked up beside it. */
const WALL_FLAGS = [
  '--proxy-bypass-list=<-loopback>',
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--dns-prefetch-disable',
  '--no-pings',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--no-first-run',
];

export function createBrowserService(deps: BrowserDeps): BrowserService {
  const sessions = new Map<string, Promise<Session>>();
  const drop = async (key: string): Promise<void> => {
    const session = sessions.get(key);
    sessions.delete(key);
    if (session !== undefined) await closeSession(await session);
  };
  const sessionFor = async (key: string): Promise<Session> => {
    const starting = sessions.get(key) ?? startSession(deps, key);
    sessions.set(key, starting);
    starting.catch(() => sessions.delete(key));
    const session = await starting;
    if (!session.page.isClosed()) return session;
    await drop(key);
    return sessionFor(key);
  };
  return {
    service: async (method, args, scope) => {
      if (method !== 'act')
        throw new ClawError('sandbox-refused', `the service browser cannot ${JSON.stringify(method)}`);
      const key = keyOf(scope);
      const session = await sessionFor(key);
      clearTimeout(session.idle);
      session.idle = setTimeout(() => void drop(key), IDLE_MS).unref();
      return perform(deps, session, args, scope);
    },
    close: async () => {
      for (const key of sessions.keys()) await drop(key).catch(toError);
    },
  };
}

async function perform(
  deps: BrowserDeps,
  { page }: Session,
  args: JsonObject,
  { call }: ServiceScope,
): Promise<JsonValue> {
  const read = ACTION.safeParse(args);
  if (!read.success) throw new ClawError('data-invalid', z.prettifyError(read.error));
  const stop = (): void => void page.close().catch(toError);
  call.signal.addEventListener('abort', stop, { once: true });
  try {
    return await act(page, read.data, deps);
  } catch (error) {
    if (error instanceof ClawError) throw error;
    const [message = ''] = toError(error).message.split('\n');
    throw new ClawError('upstream-failed', safeLine(message));
  } finally {
    call.signal.removeEventListener('abort', stop);
  }
}

async function startSession(deps: BrowserDeps, key: string): Promise<Session> {
  const executablePath = await findChromium();
  const chromium = await loadChromium();
  const profile = join(deps.folder, `browser-${key}-${process.pid}`);
  await mkdir(profile, { recursive: true, mode: 0o700 });
  const proxy = await deps.openProxy();
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      timeout: START_TIMEOUT_MS,
      acceptDownloads: false,
      serviceWorkers: 'block',
      chromiumSandbox: process.getuid?.() !== 0,
      proxy: { server: proxy.url, bypass: '<-loopback>' },
      args: WALL_FLAGS,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: profile, LANG: 'C.UTF-8' },
    });
    const page = context.pages()[0] ?? (await context.newPage());
    // A page that a page opens is not watched by anyone.
    context.on('page', (other) => void (other === page ? undefined : other.close().catch(toError)));
    page.on('dialog', (dialog) => void dialog.dismiss().catch(toError));
    return { context, page, proxy, profile };
  } catch (error) {
    await proxy.close();
    await rm(profile, { recursive: true, force: true });
    const [message = ''] = toError(error).message.split('\n');
    throw new ClawError('sandbox-unavailable', `The browser does not start: ${message}`, {
      hint: 'Run "claw doctor".',
      cause: error,
    });
  }
}

async function closeSession({ context, proxy, profile, idle }: Session): Promise<void> {
  clearTimeout(idle);
  await context.close().catch(toError);
  await proxy.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
}

/** The path of the browser. Throws `sandbox-unavailable`. */
export async function findChromium(): Promise<string> {
  for (const name of CHROMIUMS) {
    const found = await resolveProgram(name, TRUSTED_FOLDERS);
    if (found.kind === 'found') return found.path;
  }
  if (process.platform === 'darwin') return MAC_CHROME;
  throw new ClawError('sandbox-unavailable', 'No Chromium is installed.', {
    hint: 'Install it with the packages of the system: chromium.',
  });
}

async function loadChromium(): Promise<BrowserType> {
  try {
    return (await import('playwright-core')).chromium;
  } catch (error) {
    throw new ClawError('sandbox-unavailable', 'The browser tool needs the package playwright-core.', {
      hint: 'Install it beside claw: npm i playwright-core',
      cause: error,
    });
  }
}

function keyOf({ call }: ServiceScope): string {
  return (call.conversationId ?? `user-${call.userId}`).replaceAll(/[^\w-]/g, '');
}
