/** Owns the life of one channel: it is made, started, tried again with back-off when that fails, and watched. What happens to one never reaches another. */
import type { ChannelInbox } from '../core/conversations/channel-messages.ts';
import type { Clock } from '../core/kernel/clock.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import type { Channel } from './channels/channel.ts';
import type { ChannelReport } from './server-state.ts';

export interface RunChannelDeps {
  readonly name: string;
  /** A channel that has not started yet. */
  readonly create: () => Promise<Channel>;
  readonly inbox: ChannelInbox;
  /** Called each time it has connected. */
  readonly onConnected: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RunningChannel {
  /** The channel once it has been connected; it stays for sending while it reconnects. */
  channel(): Channel | undefined;
  report(): ChannelReport;
  /** Takes nothing in any more; sending still works. */
  stopIntake(): Promise<void>;
  close(): Promise<void>;
}

const FIRST_DELAY_MS = 5000;
const MAX_DELAY_MS = 5 * 60_000;
/** How often a connected channel is asked whether it gave up, in milliseconds. */
const WATCH_MS = 2000;

/** Starts the channel and keeps it until `close`. Returns at once. */
export function runChannel(deps: RunChannelDeps): RunningChannel {
  const stop = new AbortController();
  const life: Life = { channel: undefined, isUp: false, failures: 0, detail: undefined, retryAt: undefined };
  const ended = keepRunning(life, deps, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) deps.log.error({ error: toError(error).message }, 'channel ended by a bug');
  });
  return {
    channel: () => (life.isUp ? life.channel : undefined),
    report: () => report(life, deps.name),
    stopIntake: async () => {
      stop.abort(new ClawError('cancelled', 'The server stops.'));
      await life.channel?.stopIntake();
    },
    close: async () => {
      stop.abort(new ClawError('cancelled', 'The server stops.'));
      await life.channel?.close();
      await ended;
    },
  };
}

interface Life {
  channel: Channel | undefined;
  isUp: boolean;
  failures: number;
  detail: string | undefined;
  retryAt: number | undefined;
}

async function keepRunning(
  life: Life,
  { create, inbox, onConnected, clock, log }: RunChannelDeps,
  signal: AbortSignal,
) {
  while (!signal.aborted) {
    try {
      life.channel = await create();
      signal.throwIfAborted();
      await life.channel.start(inbox);
      signal.throwIfAborted();
      life.isUp = true;
      life.failures = 0;
      life.detail = undefined;
      log.info({ account: life.channel.status().account }, 'channel connected');
      await onConnected().catch((error: unknown) =>
        log.warn({ error: toError(error).message }, 'what waits for it could not be woken'),
      );
      await untilFailed(life.channel, clock, signal);
      throw new ClawError('upstream-failed', life.channel.status().detail ?? 'The connection was given up.');
    } catch (error) {
      if (signal.aborted) return;
      await dropChannel(life, log);
      await waitBeforeRetry(life, error, { clock, log, signal });
    }
  }
}

/** Resolves when the channel says that it will not connect again by itself. */
async function untilFailed(channel: Channel, clock: Clock, signal: AbortSignal): Promise<void> {
  while (channel.status().state !== 'failed') await clock.sleep(WATCH_MS, signal);
}

async function dropChannel(life: Life, log: Log): Promise<void> {
  const { channel } = life;
  life.channel = undefined;
  life.isUp = false;
  await channel?.close().catch((error: unknown) => log.debug({ error: toError(error).message }, 'closing failed'));
}

interface RetryDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** 5 s, doubled up to 5 min; a credential that was refused is only tried every 5 min. */
async function waitBeforeRetry(life: Life, error: unknown, { clock, log, signal }: RetryDeps): Promise<void> {
  const isRefused = error instanceof ClawError && error.code === 'auth-rejected';
  const delayMs = isRefused ? MAX_DELAY_MS : Math.min(FIRST_DELAY_MS * 2 ** life.failures, MAX_DELAY_MS);
  life.failures += 1;
  life.detail = toError(error).message;
  life.retryAt = clock.now() + delayMs;
  log.warn({ error: life.detail, retry_seconds: delayMs / 1000 }, 'channel did not start; it is tried again');
  await clock.sleep(delayMs, signal);
  life.retryAt = undefined;
}

function report(life: Life, name: string): ChannelReport {
  const status = life.channel?.status();
  const state = life.retryAt === undefined ? (status?.state ?? 'connecting') : 'failed';
  return {
    name,
    // A channel that is on its way has not stopped.
    state: state === 'stopped' ? 'connecting' : state,
    account: status?.account ?? null,
    detail: status?.detail ?? life.detail ?? null,
    retry_at: life.retryAt ?? null,
  };
}
