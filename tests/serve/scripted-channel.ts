/** Owns a channel whose starts go as a test says. */
import type { Channel, ChannelStatus } from '../../src/serve/channels/channel.ts';

export interface ScriptedChannel extends Channel {
  readonly calls: string[];
  set(status: ChannelStatus): void;
}

/** `start` settles as the given function does. */
export function scriptedChannel(name: string, start: () => Promise<void> = async () => {}): ScriptedChannel {
  let status: ChannelStatus = { state: 'stopped' };
  const calls: string[] = [];
  return {
    name,
    calls,
    set: (next) => {
      status = next;
    },
    start: async () => {
      calls.push('start');
      status = { state: 'connecting' };
      await start();
      status = { state: 'connected', account: `${name}-bot` };
    },
    stopIntake: async () => void calls.push('stopIntake'),
    close: async () => {
      calls.push('close');
      status = { state: 'stopped' };
    },
    status: () => status,
    test: async () => ({ account: `${name}-bot` }),
    send: async () => ({ externalId: '1' }),
    fetchAttachment: async () => new Uint8Array(),
  };
}
