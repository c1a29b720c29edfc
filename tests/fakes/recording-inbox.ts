/** Owns an inbox for adapters of chat platforms that keeps what it is handed. */
import type { ButtonPress, ChannelInbox, IncomingMessage } from '../../src/core/conversations/channel-messages.ts';

export interface RecordingInbox extends ChannelInbox {
  readonly messages: IncomingMessage[];
  readonly edits: { readonly chat: string; readonly externalId: string; readonly text: string }[];
  readonly deletions: { readonly chat: string; readonly externalId: string }[];
  readonly moves: { readonly chat: string; readonly to: string }[];
  readonly presses: ButtonPress[];
  /** Awaited before anything is kept; throw to fail. */
  before: () => Promise<void>;
}

export function recordingInbox(): RecordingInbox {
  const inbox: RecordingInbox = {
    messages: [],
    edits: [],
    deletions: [],
    moves: [],
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
    async moved(change) {
      await inbox.before();
      inbox.moves.push(change);
    },
    async pressed(press) {
      await inbox.before();
      inbox.presses.push(press);
      return 'Noted <b>.';
    },
  };
  return inbox;
}
