/** Owns the life of the server, in order: become the one server of the home, health, wait after a crash, pipeline, channels; then until it is told to stop, and back. What fails alone is told and left out. */
import type { App } from '../core/create-app.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import { currentProcess } from '../core/kernel/process-identity.ts';
import { planChannels, type PlannedChannel } from './channel-plan.ts';
import { type ChannelSet, createChannelSet } from './channel-set.ts';
import { CHANNELS } from './channels/registry.ts';
import { recordCleanStop, recordStart, type StartVerdict } from './crash-guard.ts';
import { type HealthServer, startHealthServer } from './health-server.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { createStateFile, type StateFile } from './server-state.ts';
import { becomeServer } from './singleton.ts';

export interface ServeOptions {
  readonly app: App;
  readonly version: string;
  /** Channels to start; all that are configured when undefined. */
  readonly only: readonly string[] | undefined;
  /** Start everything, however often the last runs crashed. */
  readonly ignoreCrashes: boolean;
  /** Stops the server in order. */
  readonly signal: AbortSignal;
}

/** How long turns and deliveries get when the server stops, in milliseconds. */
const DRAIN_MS = 8000;
/** How often the states of channels are written down, in milliseconds. */
const REPORT_MS = 1000;

/** Runs the server until `signal` aborts; resolves when everything is stored and closed. Throws `locked` when another one runs on this home. */
export async function startServer(options: ServeOptions): Promise<void> {
  const { app } = options;
  const lock = await becomeServer({ lock: await app.serverLock(), stateFile: app.paths.serverState });
  try {
    const log = await app.log();
    const verdict = await judgeStart(options);
    const state = await openState(options, verdict, log);
    try {
      await run(options, { log, state, verdict });
      await recordCleanStop(app.paths.serverStarts);
      log.info({}, 'server stopped');
    } finally {
      await state.remove();
    }
  } finally {
    lock.release();
  }
}

interface Running {
  readonly log: Log;
  readonly state: StateFile;
  readonly verdict: StartVerdict;
}

async function run(options: ServeOptions, { log, state, verdict }: Running): Promise<void> {
  const { app, signal } = options;
  log.info({ version: options.version, home: app.paths.home }, 'server starts');
  const health = await openHealth(options, state, log);
  try {
    await waitAfterCrash(options, { log, state, verdict });
    if (signal.aborted) return;
    await app.store();
    if (verdict.isSafeMode) await safeMode(options, { log, state, verdict });
    else await serve(options, { log, state });
  } finally {
    await health?.close();
  }
}

async function serve(options: ServeOptions, { log, state }: Omit<Running, 'verdict'>): Promise<void> {
  const { app, signal } = options;
  const pipeline = createPipeline();
  const channels = createChannelSet({ ...channelNeeds(app, log), inbox: pipeline.inbox });
  await pipeline.start(channels.find);
  await channels.apply(await plan(app, options.only));
  state.update({ state: 'ready', channels: channels.reports() });
  await state.saved();
  log.info({ ms: Math.round(process.uptime() * 1000) }, 'server is ready');
  const reporting = setInterval(() => reportChannels(channels, state), REPORT_MS);
  await aborted(signal);
  clearInterval(reporting);
  state.update({ state: 'stopping' });
  await stopInOrder(channels, pipeline, log);
}

async function stopInOrder(channels: ChannelSet, pipeline: Pipeline, log: Log): Promise<void> {
  const started = performance.now();
  log.info({}, 'server stops');
  await channels.stopIntake();
  await pipeline.stop(Math.max(0, DRAIN_MS - (performance.now() - started)));
  await channels.close();
}

/** Writes the states down when they changed. */
function reportChannels(channels: ChannelSet, state: StateFile): void {
  const reports = channels.reports();
  if (JSON.stringify(reports) !== JSON.stringify(state.current().channels)) state.update({ channels: reports });
}

/** Which channels would start on this home, and why the others would not. Throws `usage-invalid` for a name in `only` that does not exist. */
export function plan(app: App, only: readonly string[] | undefined): Promise<readonly PlannedChannel[]> {
  return planChannels({ entries: CHANNELS, secret: (name) => secretOf(app, name) }, only);
}

async function secretOf(app: App, name: string): Promise<string | undefined> {
  return (await (await app.secrets()).resolve(name))?.value;
}

function channelNeeds(app: App, log: Log) {
  const secret = (name: string): Promise<string | undefined> => secretOf(app, name);
  return { clock: app.clock, log, context: () => ({ settings: app.settings, secret, clock: app.clock, log }) };
}

async function judgeStart({ app, ignoreCrashes }: ServeOptions): Promise<StartVerdict> {
  const verdict = await recordStart(app.paths.serverStarts, app.clock.now());
  return ignoreCrashes || !app.settings.get('CRASH_BACKOFF') ? { ...verdict, delayMs: 0, isSafeMode: false } : verdict;
}

function openState({ app, version }: ServeOptions, { recentCrashes }: StartVerdict, log: Log): Promise<StateFile> {
  const first = {
    owner: currentProcess(),
    pid: process.pid,
    started_at: app.clock.now(),
    version,
    state: 'starting',
    recent_crashes: recentCrashes,
    ports: {},
    channels: [],
  } as const;
  return createStateFile(app.paths.serverState, { ...first, channels: [] }, (error) =>
    log.warn({ error: toError(error).message }, 'the state of the server could not be written'),
  );
}

/** A port that is taken is only told, unless somebody chose it. */
async function openHealth({ app }: ServeOptions, state: StateFile, log: Log): Promise<HealthServer | undefined> {
  const port = app.settings.get('HEALTH_PORT');
  try {
    const health = await startHealthServer(port, () => readiness(state));
    state.update({ ports: { ...state.current().ports, health: health.port } });
    log.info({ port: health.port }, 'health is answered');
    return health;
  } catch (error) {
    const { message } = toError(error);
    if (app.settings.resolve('HEALTH_PORT').source !== 'default') {
      throw new ClawError('conflict', `Port ${port} for /health cannot be used: ${message}.`, {
        hint: 'Choose another with HEALTH_PORT, or 0 for any.',
        cause: error,
      });
    }
    log.warn({ port, error: message }, 'health is not answered: set HEALTH_PORT to a free port');
    return undefined;
  }
}

function readiness(state: StateFile) {
  const { state: current, channels } = state.current();
  const isReady = current === 'ready';
  const report = {
    status: current,
    channels: Object.fromEntries(channels.map(({ name, state }) => [name, state])),
  };
  return { isReady, report };
}

async function waitAfterCrash({ app, signal }: ServeOptions, { log, state, verdict }: Running): Promise<void> {
  if (verdict.delayMs === 0) return;
  state.update({ state: 'waiting' });
  log.warn({ crashes: verdict.recentCrashes, seconds: verdict.delayMs / 1000 }, 'the last runs crashed; waiting');
  await app.clock.sleep(verdict.delayMs, signal).catch(() => {});
  state.update({ state: 'starting' });
}

async function safeMode({ signal }: ServeOptions, { log, state, verdict }: Running): Promise<void> {
  state.update({ state: 'safe-mode' });
  log.error(
    { crashes: verdict.recentCrashes },
    'safe mode: channels stay off after too many crashes; leave it with "claw serve --no-safe-mode", or by a stop and a start',
  );
  await aborted(signal);
  state.update({ state: 'stopping' });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
