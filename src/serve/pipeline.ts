/** Owns the seam between the chat platforms and the one way in: what takes messages in, and what runs their turns and sends the answers. */
import type { ChannelInbox, ChannelName } from '../core/conversations/channel-messages.ts';
import type { Channel } from './channels/channel.ts';

/** A channel that has been connected, by its name; undefined while it is not. */
export type FindChannel = (name: ChannelName) => Channel | undefined;

export interface Pipeline {
  readonly inbox: ChannelInbox;
  /** Goes on with everything that is pending, and runs until `stop`. */
  start(channels: FindChannel): Promise<void>;
  /** Lets what runs end or reach its next stored step and sends what is ready, for at most `deadlineMs` milliseconds. */
  stop(deadlineMs: number): Promise<void>;
}

/** A pipeline that takes nothing in: nothing is acknowledged to a platform, so nothing is lost. */
export function createPipeline(): Pipeline {
  const refuse = async (): Promise<never> => {
    throw new Error('This server takes no messages in.');
  };
  return {
    inbox: { message: refuse, edited: refuse, deleted: refuse, pressed: refuse },
    start: async () => {},
    stop: async () => {},
  };
}
