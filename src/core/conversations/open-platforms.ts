/** Owns the way in and the lanes of chat platforms together: what an adapter hands in becomes turns, and their answers rows of the outbox. */
import type { Log } from '../kernel/log.ts';
import { within } from '../kernel/within.ts';
import type { ButtonPress, ChannelInbox } from './channel-messages.ts';
import { decideMessage, type GateDeps } from './gate.ts';
import { Intake } from './intake.ts';
import { Lanes } from './lanes.ts';
import { platformParts } from './platform-parts.ts';
import type { ChatDeps } from './prepare-turn.ts';
import type { FetchAttachment } from './read-attachments.ts';
import type { LaneObserver } from './run-lane.ts';

/** What the server lends to the core: how files are fetched, and who wants to know what happens. */
export interface PlatformSurface {
  readonly fetchAttachment: FetchAttachment;
  readonly observer: LaneObserver;
}

export interface PlatformPolicy {
  readonly maxAttachmentBytes: number;
  /** Most turns at once. */
  readonly cap: number;
  readonly memoryOf: (chatId: string) => Promise<string | undefined>;
  /** Answers a press on a button; interrupts a turn. */
  readonly press: (press: ButtonPress) => Promise<string>;
}

export interface Platforms {
  readonly inbox: ChannelInbox;
  /** Goes on with everything that is pending. */
  start(): Promise<void>;
  /** Looks for messages that other processes stored. */
  look(): Promise<void>;
  /** Interrupts the turn of a conversation; false when none runs. */
  interrupt(conversationId: string): boolean;
  /** Waits `graceMs` for what runs; returns how many turns are unfinished. */
  stop(graceMs: number): Promise<number>;
}

export interface PlatformDeps {
  readonly chat: ChatDeps;
  readonly log: Log;
  readonly gate: GateDeps;
  readonly policy: PlatformPolicy;
  readonly surface: PlatformSurface;
}

export function openPlatforms({ chat, log, gate, policy, surface }: PlatformDeps): Platforms {
  const { store, clock } = chat;
  const { mask, maskJson } = chat.policy.text;
  const lanes = new Lanes({ chat, log, cap: policy.cap, memoryOf: policy.memoryOf, observer: surface.observer });
  const place = () => ({ zone: chat.policy.zone, context: chat.policy.context });
  const attachments = { fetch: surface.fetchAttachment, maxBytes: policy.maxAttachmentBytes, mask };
  const intake = new Intake({
    store,
    clock,
    log,
    door: {
      decide: (message) => decideMessage(gate, message),
      parts: (message, decision) => platformParts({ store, clock, ...place(), attachments }, message, decision),
      press: policy.press,
      maskJson,
    },
    onReady: ({ conversationId, hasOutbox }) => {
      if (conversationId !== undefined) lanes.wake(conversationId);
      if (hasOutbox === true) surface.observer.onOutbox();
    },
  });
  return {
    inbox: intake,
    async start() {
      await intake.look();
      await lanes.start();
    },
    async look() {
      await intake.look();
      await lanes.look();
    },
    interrupt: (conversationId) => lanes.interrupt(conversationId),
    async stop(graceMs) {
      const until = clock.elapsed() + graceMs;
      await within(clock, graceMs, intake.settled());
      return lanes.stop(Math.max(0, until - clock.elapsed()));
    },
  };
}
