/** Owns what `claw status` and `claw channel status` say, for programs and for people. */
import type { App } from '../core/create-app.ts';
import { type Catalogue, ENGLISH } from '../core/kernel/language/catalogue.ts';
import type { BreakerState } from '../core/llm/breakers.ts';
import { appChannels } from './app-channels.ts';
import type { PlannedChannel } from './channel-plan.ts';
import type { ChannelReport, ServerState } from './server-state.ts';
import { runningServer } from './singleton.ts';

export interface ServerStatus {
  readonly running: boolean;
  readonly pid: number | null;
  /** Milliseconds UTC. */
  readonly started_at: number | null;
  readonly uptime_seconds: number | null;
  readonly version: string | null;
  readonly state: ServerState['state'] | 'stopped';
  readonly safe_mode: boolean;
  readonly recent_crashes: number;
  readonly ports: Readonly<Record<string, number>>;
  readonly channels: readonly ChannelReport[];
  readonly queues: Queues;
  /** The newest messages that were not answered or not delivered. */
  readonly last_errors: readonly LastError[];
  /** State of the circuit breaker of each provider that failed lately. */
  readonly breakers: Readonly<Record<string, BreakerState>>;
  /** The log-ins at other services. */
  readonly accounts: readonly AccountBrief[];
}

interface AccountBrief {
  readonly account: string;
  readonly state: string;
  /** With what calls are made now: `account:claude`, `secret:NAME`; null: it is for no model, or nothing can be used. */
  readonly calls_with: string | null;
}

interface Queues {
  /** Messages that came in, by their state, of those that are not final. */
  readonly inbound: Readonly<Record<string, number>>;
  readonly running_turns: number;
  /** Messages that go out, by their state, of those that are not delivered. */
  readonly outbox: Readonly<Record<string, number>>;
}

interface LastError {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly reason: string | null;
  /** Milliseconds UTC. */
  readonly at: number;
}

const LAST_ERRORS = 5;

/** What runs on this home now; when nothing does, its channels say what a start would do. */
export async function serverStatus(app: App): Promise<ServerStatus> {
  const breakers = await (await app.models()).breakers();
  const accounts = (await (await app.accounts()).status()).map(({ account, state, calls_with }) => ({
    account,
    state,
    calls_with,
  }));
  const [queues, last_errors] = [await queuesOf(app), await lastErrors(app)];
  return { ...(await processStatus(app)), queues, last_errors, breakers, accounts };
}

/** Since when it runs. */
export async function serverUptime(app: App): Promise<{ running: boolean; uptime_seconds: number | null }> {
  const server = await runningServer({ lock: await app.serverLock(), stateFile: app.paths.serverState });
  const since = server?.row?.started_at;
  const seconds = since === undefined ? null : Math.max(0, Math.floor((app.clock.now() - since) / 1000));
  return { running: server !== undefined, uptime_seconds: seconds };
}

/** How the channels are, or would be. */
export async function channelStatus(app: App): Promise<readonly ChannelReport[]> {
  return (await processStatus(app)).channels;
}

type ProcessStatus = Omit<ServerStatus, 'queues' | 'last_errors' | 'breakers' | 'accounts'>;

async function processStatus(app: App): Promise<ProcessStatus> {
  const server = await runningServer({ lock: await app.serverLock(), stateFile: app.paths.serverState });
  if (server?.row === undefined) {
    const channels = (await appChannels(app, undefined)).map(plannedReport);
    return { ...NOT_RUNNING, ...(server === undefined ? {} : { running: true, state: 'starting' }), channels };
  }
  const { pid, started_at, version, state, recent_crashes, ports, channels } = server.row;
  const uptime_seconds = Math.max(0, Math.floor((app.clock.now() - started_at) / 1000));
  const safe_mode = state === 'safe-mode';
  return { running: true, pid, started_at, uptime_seconds, version, state, safe_mode, recent_crashes, ports, channels };
}

async function queuesOf(app: App): Promise<Queues> {
  const { inbound, outbox, journal } = await app.store();
  const running = await journal.runningTurns();
  return { inbound: await inbound.depths(), running_turns: running.length, outbox: await outbox.depths() };
}

async function lastErrors(app: App): Promise<readonly LastError[]> {
  const letters = await (await app.deadLetters()).list(LAST_ERRORS, await app.user());
  return letters.slice(0, LAST_ERRORS).map(({ id, direction, reason, at }) => ({ id, direction, reason, at }));
}

const NOT_RUNNING: Omit<ProcessStatus, 'channels'> = {
  running: false,
  pid: null,
  started_at: null,
  uptime_seconds: null,
  version: null,
  state: 'stopped',
  safe_mode: false,
  recent_crashes: 0,
  ports: {},
};

function plannedReport({ entry, starts, reason }: PlannedChannel): ChannelReport {
  const state = starts ? 'stopped' : 'off';
  return { name: entry.name, state, account: null, detail: reason, retry_at: null };
}

/** The status for people. */
export function statusText(status: ServerStatus, { cli }: Catalogue = ENGLISH): string {
  const texts = cli.status;
  const { state, pid, uptime_seconds, version, ports } = status;
  const shownPorts = Object.entries(ports).map(([name, port]) => texts.onPort(name, port));
  const head = status.running
    ? texts.runs(version ?? '', String(pid ?? texts.unknown), durationText(uptime_seconds ?? 0, texts), state)
    : texts.notRunning;
  return [
    head,
    ...shownPorts,
    ...(status.recent_crashes > 0 ? [texts.crashes(status.recent_crashes)] : []),
    ...(status.safe_mode ? [texts.safeMode] : []),
    ...(status.channels.length === 0 ? [] : [channelsText(status.channels)]),
    ...queuesText(status.queues, texts),
    ...Object.entries(status.breakers).flatMap(([provider, breaker]) =>
      breaker === 'closed' ? [] : [`${provider}: breaker ${breaker}`],
    ),
    ...status.accounts.map(
      ({ account, state, calls_with: used }) => `${account}: ${state}${used === null ? '' : texts.callsBy(used)}`,
    ),
    ...status.last_errors.map(
      ({ id, direction, reason, at }) =>
        `${new Date(at).toISOString()} ${direction === 'in' ? texts.notAnswered : texts.notDelivered}: ${reason ?? texts.noReason} (${id})`,
    ),
  ].join('\n');
}

type StatusTexts = Catalogue['cli']['status'];

function queuesText({ inbound, running_turns, outbox }: Queues, texts: StatusTexts): string[] {
  const counts = (depths: Readonly<Record<string, number>>): string =>
    Object.entries(depths)
      .map(([state, count]) => `${count} ${state}`)
      .join(', ') || texts.nothing;
  return [texts.queues(counts(inbound), running_turns, counts(outbox))];
}

/** One line a channel. */
export function channelsText(channels: readonly ChannelReport[]): string {
  return channels
    .map(({ name, state, account, detail, retry_at }) => {
      const retry = retry_at === null ? '' : `; tried again at ${new Date(retry_at).toISOString()}`;
      return `${name}: ${state}${account === null ? '' : ` as ${account}`}${detail === null ? '' : `, ${detail}`}${retry}`;
    })
    .join('\n');
}

function durationText(seconds: number, texts: StatusTexts): string {
  const parts = [
    [Math.floor(seconds / 86_400), texts.days],
    [Math.floor(seconds / 3600) % 24, texts.hours],
    [Math.floor(seconds / 60) % 60, texts.minutes],
    [seconds % 60, texts.seconds],
  ] as const;
  const from = parts.findIndex(([count]) => count > 0);
  return (from === -1 ? parts.slice(3) : parts.slice(from, from + 2)).map(([count, say]) => say(count)).join(' ');
}
