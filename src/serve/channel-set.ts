/** Owns the channels of a running server: those that the plan starts run, the others are reported with their reason. */
import type { Clock } from '../core/kernel/clock.ts';
import type { Log } from '../core/kernel/log.ts';
import type { ChannelInbox } from '../core/conversations/channel-messages.ts';
import type { PlannedChannel } from './channel-plan.ts';
import type { ChannelContext } from './channels/channel.ts';
import type { FindChannel } from './pipeline.ts';
import { type RunningChannel, runChannel } from './run-channel.ts';
import type { ChannelReport } from './server-state.ts';

export interface ChannelSetDeps {
  /** What adapters are made from, as the settings stand now. */
  readonly context: () => ChannelContext;
  readonly inbox: ChannelInbox;
  readonly onConnected: (name: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ChannelSet {
  readonly find: FindChannel;
  /** Starts what the plan starts and does not run, stops what it no longer starts, and begins anew what would be made from other settings. */
  apply(plan: readonly PlannedChannel[]): Promise<void>;
  reports(): ChannelReport[];
  stopIntake(): Promise<void>;
  close(): Promise<void>;
}

export function createChannelSet({ context, inbox, onConnected, clock, log }: ChannelSetDeps): ChannelSet {
  const running = new Map<string, RunningChannel>();
  let latest: readonly PlannedChannel[] = [];
  const stopOne = async (name: string): Promise<void> => {
    const channel = running.get(name);
    running.delete(name);
    await channel?.stopIntake();
    await channel?.close();
  };
  const startOne = ({ entry }: PlannedChannel): void => {
    const own = log.with({ channel: entry.name });
    const create = () => entry.create({ ...context(), log: own });
    const { name } = entry;
    running.set(name, runChannel({ name, create, inbox, onConnected: () => onConnected(name), clock, log: own }));
  };
  return {
    find: (name) => running.get(name)?.channel(),
    apply: async (plan) => {
      const before = new Map(latest.map((planned) => [planned.entry.name, planned]));
      latest = plan;
      for (const planned of plan) {
        const { name } = planned.entry;
        const old = before.get(name);
        if (running.has(name) && (!planned.starts || planned.fingerprint !== old?.fingerprint)) await stopOne(name);
        if (planned.starts && !running.has(name)) startOne(planned);
        if (planned.reason !== null && planned.reason !== old?.reason) {
          log.info({ channel: name, reason: planned.reason }, 'channel is off');
        }
      }
    },
    reports: () => latest.map(({ entry, reason }) => running.get(entry.name)?.report() ?? off(entry.name, reason)),
    stopIntake: async () => {
      await Promise.allSettled([...running.values()].map((channel) => channel.stopIntake()));
    },
    close: async () => {
      await Promise.allSettled([...running.values()].map((channel) => channel.close()));
      running.clear();
    },
  };
}

function off(name: string, detail: string | null): ChannelReport {
  return { name, state: 'off', account: null, detail, retry_at: null };
}
