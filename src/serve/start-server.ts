/** Owns the life of the server, in order: become the one server of the home, health, wait after a crash, pipeline, channels; then until it is told to stop, and back. What fails alone is told and left out. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../core/create-app.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import { currentProcess } from '../core/kernel/process-identity.ts';
import { appChannels, channelContext } from './app-channels.ts';
import { learnFromConversations } from './learn-from-conversations.ts';
import { backupTasks, maintenanceTasks, retentionTasks } from './app-maintenance.ts';
import { type ChannelSet, createChannelSet } from './channel-set.ts';
import type { ChannelContext } from './channels/channel.ts';
import { type Clients, openClients } from './clients.ts';
import { recordCleanStop, recordRefusal, recordStart, type StartVerdict } from './crash-guard.ts';
import { followSettings } from './follow-settings.ts';
import { logCrashes } from './log-crashes.ts';
import { runMaintenance } from './maintenance.ts';
import { createNotifier, type Notifier } from './notify-systemd.ts';
import { createSetUpOffers, type SetUpOffers } from './offer-set-up.ts';
import { type Health, openHealth } from './open-health.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { createStateFile, type StateFile } from './server-state.ts';
import { becomeServer } from './singleton.ts';
import { renewAccounts } from './renew-accounts.ts';
import { runWebhooks } from './webhook-delivery.ts';
import { embedKnowledge } from './embed-knowledge.ts';
import { watchKnowledge } from './watch-knowledge.ts';

export interface ServeOptions {
  readonly app: App;
  readonly version: string;
  /** Channels to start; all that are configured when undefined. */
  readonly only: readonly string[] | undefined;
  /** Start everything, however often the last runs crashed. */
  readonly ignoreCrashes: boolean;
  /** Stops the server in order. */
  readonly signal: AbortSignal;
  /** Shows the link of the first sign-in to the person at the terminal; absent where there is none. */
  readonly showLink?: ((url: string) => void) | undefined;
  /** Registers what to do when somebody asks to read the settings again. */
  readonly onReload: (reload: () => void) => void;
}

/** How long turns and deliveries get when the server stops, in milliseconds. */
const DRAIN_MS = 8000;
/** How much of it taking in the last messages gets, in milliseconds. */
const INTAKE_MS = 3000;
/** How long closing gets after that, in milliseconds. */
const CLOSE_MS = 1000;
/** How often the states of channels are written down, in milliseconds. */
const REPORT_MS = 1000;

/** Runs the server until `signal` aborts; resolves when everything is stored and closed. Throws `locked` when another one runs on this home. */
export async function startServer(options: ServeOptions): Promise<void> {
  const { app } = options;
  const lock = await becomeServer({ lock: await app.serverLock(), stateFile: app.paths.serverState });
  try {
    const log = await app.log();
    logCrashes(log);
    const verdict = await judgeStart(options);
    const state = await openState(options, verdict, log);
    try {
      const notifier = createNotifier({ supervisor: app.config.supervisor, clock: app.clock, log });
      await run(options, { log, state, verdict, notifier });
      await recordCleanStop(app.paths.serverStarts);
      log.info({}, 'server stopped');
    } catch (error) {
      log.error({ error: toError(error).message }, 'the server cannot go on');
      if (error instanceof ClawError) await recordRefusal(app.paths.serverStarts);
      throw error;
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
  readonly notifier: Notifier;
}

async function run(options: ServeOptions, running: Running): Promise<void> {
  const { app, signal } = options;
  const { log, state, verdict, notifier } = running;
  log.info({ version: options.version, home: app.paths.home }, 'server starts');
  const health = await openHealth({ app, state, log });
  try {
    await waitAfterCrash(options, running);
    if (signal.aborted) return;
    await app.store();
    const clients = await openClients({ app, state, version: options.version, log });
    const setUp = createSetUpOffers({ app, state, log, show: options.showLink });
    try {
      await setUp.follow();
      if (verdict.isSafeMode) await safeMode(options, running);
      else await serve(options, running, { health, clients, setUp });
    } finally {
      await setUp.close();
      await clients.stop(CLOSE_MS / 2);
    }
  } finally {
    await health.close();
    await notifier.sent();
  }
}

/** What probes and clients of this machine talk to. */
interface Doors {
  readonly health: Health;
  readonly clients: Clients;
  readonly setUp: SetUpOffers;
}

async function serve(options: ServeOptions, running: Running, { health, clients, setUp }: Doors): Promise<void> {
  const { app, only, signal } = options;
  const { clock } = app;
  const { log, state } = running;
  const pipeline = await createPipeline(app, log);
  const context = (): ChannelContext => channelContext(app, log);
  const channels = createChannelSet({ context, inbox: pipeline.inbox, onConnected: pipeline.connected, clock, log });
  await pipeline.start(channels.find);
  await channels.apply(await appChannels(app, only));
  state.update({ channels: channels.reports() });
  await announce(running, 'ready');
  log.info({ ms: Math.round(process.uptime() * 1000) }, 'server is ready');
  const reporting = setInterval(() => reportChannels(channels, state), REPORT_MS);
  const background = [
    followSettings(options, log, async () => {
      await channels.apply(await appChannels(app, only));
      await health.follow();
      await clients.follow();
      await setUp.follow();
    }),
    watchKnowledge(app, log, signal),
    learnFromConversations(app, log, signal),
    embedKnowledge(app, log, signal),
    runMaintenance({ tasks: maintenanceTasks(app), clock, log, random: Math.random }, signal),
    runMaintenance({ tasks: backupTasks(app), clock, log, random: Math.random }, signal),
    runMaintenance({ tasks: retentionTasks(app), clock, log, random: Math.random }, signal),
    watchdog(options, running),
    runWebhooks(app, log, signal),
    renewAccounts(app, log, signal),
  ];
  await aborted(signal);
  await announce(running, 'stopping');
  await stopInOrder({ channels, pipeline, clients }, log);
  clearInterval(reporting);
  await Promise.all(background);
}

interface Working {
  readonly channels: ChannelSet;
  readonly pipeline: Pipeline;
  readonly clients: Clients;
}

/** Takes nothing in, lets turns and deliveries end, closes. A step that does not come to its end is left: what matters is stored. */
async function stopInOrder({ channels, pipeline, clients }: Working, log: Log): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  const left = (): number => Math.max(0, deadline - performance.now());
  log.info({}, 'server stops');
  await within(Math.min(left(), INTAKE_MS), 'intake', channels.stopIntake(), log);
  await Promise.all([
    within(left() + CLOSE_MS / 2, 'pipeline', pipeline.stop(left()), log),
    within(left() + CLOSE_MS / 2, 'clients', clients.stop(left()), log),
  ]);
  await within(left() + CLOSE_MS, 'channels', channels.close(), log);
}

async function within(ms: number, step: string, work: Promise<void>, log: Log): Promise<void> {
  const timer = new AbortController();
  const late = sleep(ms, 'late' as const, { signal: timer.signal }).catch(() => 'done' as const);
  const done = work.then(
    () => 'done' as const,
    (error: unknown) => {
      log.error({ step, error: toError(error).message }, 'a step of the stop failed');
      return 'done' as const;
    },
  );
  if ((await Promise.race([done, late])) === 'late')
    log.warn({ step }, 'a step of the stop took too long and was left');
  timer.abort();
}

/** Writes the states down when they changed. */
function reportChannels(channels: ChannelSet, state: StateFile): void {
  const reports = channels.reports();
  if (JSON.stringify(reports) !== JSON.stringify(state.current().channels)) state.update({ channels: reports });
}

async function judgeStart({ app, ignoreCrashes }: ServeOptions): Promise<StartVerdict> {
  // Read first: wrong settings end the start here, which is no crash.
  const isGuarded = app.settings.get('CRASH_BACKOFF') && !ignoreCrashes;
  const verdict = await recordStart(app.paths.serverStarts, app.clock.now());
  return isGuarded ? verdict : { ...verdict, delayMs: 0, isSafeMode: false };
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

async function waitAfterCrash({ app, signal }: ServeOptions, running: Running): Promise<void> {
  const { log, state, verdict } = running;
  if (verdict.delayMs === 0) return;
  await announce(running, 'waiting');
  log.warn({ crashes: verdict.recentCrashes, seconds: verdict.delayMs / 1000 }, 'the last runs crashed; waiting');
  await app.clock.sleep(verdict.delayMs, signal).catch(() => {});
  state.update({ state: 'starting' });
}

async function safeMode(options: ServeOptions, running: Running): Promise<void> {
  await announce(running, 'safe-mode');
  running.log.error(
    { crashes: running.verdict.recentCrashes },
    'safe mode: channels stay off after too many crashes; leave it with "claw serve --no-safe-mode", or by a stop and a start',
  );
  const watching = watchdog(options, running);
  await aborted(options.signal);
  await announce(running, 'stopping');
  await watching;
}

/** What systemd hears in which state. */
const NOTES = {
  waiting: ['STATUS=waiting after crashes'],
  ready: ['READY=1', 'STATUS=ready'],
  'safe-mode': ['READY=1', 'STATUS=safe mode: channels stay off after too many crashes'],
  stopping: ['STOPPING=1', 'STATUS=stopping'],
} as const;

/** Writes the state down and tells the supervisor, who is not waited for. */
async function announce({ state, notifier }: Running, to: keyof typeof NOTES): Promise<void> {
  state.update({ state: to });
  await state.saved();
  void notifier.send(...NOTES[to]);
}

async function watchdog({ app, signal }: ServeOptions, { notifier }: Running): Promise<void> {
  await notifier.watch(async () => (await app.store()).ping(), signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
