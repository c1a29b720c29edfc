/** Owns what the tests of chat platforms share: the way in, the lanes and the outbox on a real store, a scripted model, a clock that the test moves. */
import { onTestFinished } from 'vitest';
import { localOwner, type User } from '../../../src/core/access/local-user.ts';
import type { IncomingMessage } from '../../../src/core/conversations/channel-messages.ts';
import type { GateRules } from '../../../src/core/conversations/gate.ts';
import { openPlatforms, type Platforms } from '../../../src/core/conversations/open-platforms.ts';
import { createPlaces } from '../../../src/core/conversations/places.ts';
import type { Destination } from '../../../src/core/conversations/outgoing.ts';
import { createRateWindow } from '../../../src/core/kernel/rate-window.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';
import { quietLog } from '../../fakes/quiet-log.ts';
import { chatKit, type Kit, type Reply } from './chat-kit.ts';
import { ENGLISH } from '../../../src/core/kernel/language/catalogue.ts';

export interface PlatformKit extends Kit {
  readonly clock: ManualClock;
  readonly platforms: Platforms;
  /** Chats in which a turn runs, and how many did at most at once. */
  readonly active: Set<string>;
  readonly most: () => number;
  /** A message comes in, and everything that follows at once has happened. */
  say(text: string, more?: Partial<IncomingMessage>): Promise<void>;
  /** Hands a message in and waits for nothing. */
  hand(text: string, more?: Partial<IncomingMessage>): Promise<void>;
  /** What is to be sent, oldest first. */
  outbox(): Promise<{ chat: string; kind: string; text: string; reply_to: string | null }[]>;
  /** State of every message that came in, oldest first. */
  states(): Promise<string[]>;
  user(name: string): Promise<User>;
}

interface PlatformKitOptions {
  readonly clock?: ManualClock;
  readonly home?: string;
  readonly cap?: number;
  readonly rate?: number;
  readonly maxHistory?: number;
  readonly onDraft?: (outboxId: string, text: string) => void;
  readonly tools?: NonNullable<Parameters<typeof chatKit>[1]>['tools'];
}

const RULES: GateRules = { platforms: {}, bots: ['test:bot2'], maxMessageChars: 10_000 };

export async function platformKit(script: readonly Reply[], options: PlatformKitOptions = {}): Promise<PlatformKit> {
  const clock = options.clock ?? manualClock();
  const { home, tools } = options;
  const it = await chatKit(script, {
    clock,
    ...(home === undefined ? {} : { home }),
    ...(tools === undefined ? {} : { tools }),
  });
  const { store } = it;
  const rate = createRateWindow(clock, () => ({ limit: options.rate ?? 1000, windowMs: 60_000 }));
  const active = new Set<string>();
  let most = 0;
  let next = 0;
  const platforms = openPlatforms({
    chat: it.deps,
    log: quietLog,
    gate: {
      rules: RULES,
      texts: () => ENGLISH.chat,
      people: {
        // Everybody is known by their id; strangers begin with s.
        personOf: async ({ sender }) => (sender.id.startsWith('s') ? undefined : userNamed(sender.id)),
        greetStranger: async () => 'Your code is ABCD.',
        command: async ({ command }) => (command?.name === 'help' ? 'This helps.' : undefined),
      },
      places: createPlaces({ store, clock }),
      isCalled: ({ text, isMention }) => ({ engages: isMention || text.startsWith('@J'), reason: 'not called' }),
      takeRate: (key) => rate.take(key).isAllowed,
    },
    policy: {
      maxAttachmentBytes: 1000,
      cap: options.cap ?? 100,
      memoryOf: async () => undefined,
      press: async () => '',
    },
    surface: {
      fetchAttachment: async (_channel, { ref }) => Buffer.from(ref),
      observer: {
        onActivity: ({ chatId }: Destination, isActive) => {
          if (isActive) active.add(chatId);
          else active.delete(chatId);
          most = Math.max(most, active.size);
        },
        onOutbox: () => {},
        ...(options.onDraft === undefined ? {} : { onDraft: options.onDraft }),
      },
    },
  });
  await platforms.start();
  onTestFinished(async () => {
    await platforms.stop(0);
  });
  const userNamed = async (username: string): Promise<User> => {
    if (username === 'owner') return localOwner(store, clock);
    const row = { id: `user-${username}`, username, role: 'user' as const, state: 'active' as const, created_at: 0 };
    await store.users.insertIfAbsent(row);
    return (await store.users.byName(username)) ?? row;
  };
  const hand: PlatformKit['hand'] = (text, more = {}) => {
    next += 1;
    return platforms.inbox.message({
      channel: 'test',
      chat: 'test:1',
      isDirect: true,
      externalId: `m${next}`,
      sender: { id: 'owner', name: 'Owner', isBot: false, isSelf: false },
      text,
      isMention: false,
      attachments: [],
      sentAt: clock.now(),
      ...more,
    });
  };
  return {
    ...it,
    clock,
    platforms,
    active,
    most: () => most,
    hand,
    async say(text, more) {
      await hand(text, more);
      await clock.advance(0);
    },
    async outbox() {
      const rows = [];
      for (const id of (await store.outbox.heads()).map(({ chat_id }) => chat_id)) {
        for (;;) {
          const row = await store.outbox.head(id);
          if (row === undefined) break;
          await store.outbox.change(row.id, { state: 'delivered' });
          rows.push(row);
        }
      }
      return rows
        .toSorted((a, b) => a.seq - b.seq)
        .map(({ chat_id, kind, text, reply_to }) => ({ chat: chat_id, kind, text, reply_to }));
    },
    async states() {
      const conversations = await store.conversations.list(it.userId, { limit: 100, offset: 0 });
      const rows = (await Promise.all(conversations.map(({ id }) => store.inbound.ofConversation(id)))).flat();
      return rows.toSorted((a, b) => a.seq - b.seq).map(({ state }) => state);
    },
    user: userNamed,
  };
}

/** Registers a room whose conversation belongs to the owner. */
export async function registerRoom(it: PlatformKit, jid: string, folder: string): Promise<void> {
  const owner = await it.user('owner');
  const now = it.clock.now();
  await it.store.rooms.insertFolderIfAbsent({ folder, conversation_id: null, owner_id: owner.id, created_at: now });
  await it.store.rooms.insert({
    jid,
    channel: 'test',
    name: folder,
    folder,
    trigger_pattern: null,
    requires_trigger: 1,
    is_main: 0,
    created_at: now,
    updated_at: now,
  });
}
