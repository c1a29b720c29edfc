/** Owns what the doctor hears of the server: its process, channels, ports, locks and unit. */
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { App } from '../core/create-app.ts';
import { NotLookedAt } from '../core/doctor/run-checks.ts';
import type { ChannelFacts, PortFacts, ServerFacts, ServerProcess } from '../core/doctor/server-checks.ts';
import type { ServerSide } from '../core/wiring/doctor.ts';
import { lazy } from '../core/kernel/lazy.ts';
import { isProcessAlive } from '../core/kernel/process-identity.ts';
import { readIfThere } from '../core/kernel/read-if-there.ts';
import { appChannels } from './app-channels.ts';
import { recentCrashes } from './crash-guard.ts';
import { rewriteUnit, unitExposure, unitFacts } from './service/unit-facts.ts';
import { channelStatus } from './server-status.ts';
import { runningServer } from './singleton.ts';

/** What the doctor hears and may have done; `version`: of this program. */
export function serverSide(app: App, version: string): ServerSide {
  const facts = serverFacts(app, version);
  return {
    facts,
    rewriteUnit: async () => rewriteUnit(app, await facts.unit()),
    unitExposure: async () => unitExposure(await facts.unit()),
  };
}

function serverFacts(app: App, version: string): ServerFacts {
  const process = () => processFacts(app);
  return {
    version,
    process,
    channels: () => channelFacts(app),
    ports: async () => ((await process()).isRunning ? [] : portFacts(app)),
    unit: lazy(() => unitFacts(app)),
    staleFiles: async () => staleFiles(app, (await process()).isRunning),
    isWanted: () => wantedBy(app),
    flags: async () => {
      const { pid } = await process();
      const line = await readFile(`/proc/${pid ?? 'none'}/cmdline`, 'utf8').catch(() => undefined);
      return line?.split('\0');
    },
  };
}

async function processFacts(app: App): Promise<ServerProcess> {
  const { serverState, serverStarts } = app.paths;
  const server = await runningServer({ lock: await app.serverLock(), stateFile: serverState });
  if (server === undefined) {
    const crashes = await recentCrashes(serverStarts, app.clock.now());
    return { isRunning: false, pid: null, version: null, state: 'stopped', recentCrashes: crashes, ports: {} };
  }
  const { pid = null, version = null, state = 'starting', recent_crashes = 0, ports = {} } = server.row ?? {};
  return { isRunning: true, pid, version, state, recentCrashes: recent_crashes, ports };
}

async function channelFacts(app: App): Promise<ChannelFacts[]> {
  const half = new Map<string, readonly string[]>();
  const secrets = await app.secrets();
  for (const { entry, isWanted, starts } of await appChannels(app, undefined)) {
    if (starts || !isWanted) continue;
    const values = await Promise.all(entry.needs.map((name) => secrets.resolve(name)));
    half.set(
      entry.name,
      entry.needs.filter((_, index) => values[index] === undefined),
    );
  }
  const reports = await channelStatus(app);
  return reports.map(({ name, state, detail }) => ({ name, state, detail, missing: half.get(name) ?? [] }));
}

const PORTS = [
  ['HEALTH_PORT', undefined],
  ['DASHBOARD_PORT', 'DASHBOARD_HOST'],
  ['WS_PORT', 'WS_HOST'],
] as const;
/** How many ports above a taken one are tried. */
const NEXT_PORTS = 50;

function portFacts({ settings }: App): Promise<PortFacts[]> {
  const own: readonly number[] = PORTS.map(([setting]) => settings.get(setting));
  return Promise.all(
    PORTS.map(async ([setting, hostSetting]) => {
      const port = settings.get(setting);
      const host = hostSetting === undefined ? '127.0.0.1' : settings.get(hostSetting);
      const isTaken = port !== 0 && !(await isFree(host, port));
      return { setting, port, isTaken, free: isTaken ? await nextFree(host, port, own) : port };
    }),
  );
}

/** 0, which means any, when there is none near. */
async function nextFree(host: string, port: number, own: readonly number[]): Promise<number> {
  for (let next = port + 1; next <= Math.min(port + NEXT_PORTS, 65_535); next += 1)
    if (!own.includes(next) && (await isFree(host, next))) return next;
  return 0;
}

/** Whether one can listen there; a host that is not this machine's counts as free, others tell of it. */
function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Locks by their holder's identity (file-lock.ts), and the state of a server that is gone. */
async function staleFiles({ paths }: App, isRunning: boolean): Promise<string[]> {
  const names = await readdir(paths.run).catch(() => []);
  const locks = names.filter((name) => name.includes('.lock') && !isKernelLock(join(paths.run, name), paths));
  const stale = await Promise.all(
    locks.map(async (name) => {
      const path = join(paths.run, name);
      const [owner = ''] = ((await readIfThere(path)) ?? '').split(/\s/);
      return /^\d+:/.test(owner) && !isProcessAlive(owner) ? [path] : [];
    }),
  );
  const isLeft = !isRunning && (await readIfThere(paths.serverState)) !== undefined;
  return [...stale.flat(), ...(isLeft ? [paths.serverState] : [])];
}

function isKernelLock(path: string, { serverLock, embedLock }: App['paths']): boolean {
  return [serverLock, embedLock].some((lock) => path.startsWith(lock));
}

/** Why a server is missed; undefined when nothing waits for one. */
async function wantedBy(app: App): Promise<string | undefined> {
  const channels = (await appChannels(app, undefined)).filter(({ starts }) => starts).map(({ entry }) => entry.name);
  if (channels.length > 0) return `${channels.join(', ')} cannot be answered`;
  const store = await app.store().catch(() => {
    throw new NotLookedAt('the database cannot be opened.', 'claw doctor --only store');
  });
  const tasks = await store.health.countActiveTasks();
  return tasks === 0 ? undefined : `${tasks} scheduled ${tasks === 1 ? 'task waits' : 'tasks wait'}`;
}
