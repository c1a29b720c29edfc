/** Owns an inbox that stores nothing, so that nothing may be acknowledged. */
import type { ChannelInbox } from '../../src/core/conversations/channel-messages.ts';

const refuse = async (): Promise<never> => {
  throw new Error('This inbox takes nothing in.');
};

export const closedInbox: ChannelInbox = {
  message: refuse,
  edited: refuse,
  deleted: refuse,
  moved: refuse,
  pressed: refuse,
};
