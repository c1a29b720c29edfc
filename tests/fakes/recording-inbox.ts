/** Owns an inbox for adapters of chat platforms that keeps what it is handed. */
import type { ButtonPress, ChannelInbox, IncomingMessage } from '../../src/core/conversations/channel-messages.ts';

export interface RecordingInbox extends ChannelInbox {
  readonly messages: IncomingMessage[];
  readonly edits: { readonly chat: string; readonly externalId: string; readonly text: string }[];
  readonly deletions: { readonly chat: string; readonly externalId: string }[];
  readonly presses: ButtonPress[];
  /** Awaited before anything is kept; throw to fail. */
  before: () => Promise<void>;
}

export function recordingInbox(): RecordingInbox {
  const inbox: RecordingInbox = {
    messages: [],
    edits: [],
    deletions: [],
    presses: [],
    before: async () => {},
    async message(message) {
      await inbox.before();
      inbox.messages.push(message);
    },
    async edited(change) {
      await inbox.before();
      inbox.edits.push(change);
    },
    async deleted(change) {
      await inbox.before();
      inbox.deletions.push(change);
    },
    async pressed(press) {
      await inbox.before();
      inbox.presses.push(press);
      return 'Noted <b>.';
    },
  };
  return inbox;
}
