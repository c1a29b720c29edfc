/** Owns how settings become the rules of chat platforms: who may talk where, what wakes the assistant, how much runs at once. */
import type { User } from '../access/local-user.ts';
import type { PairingService } from '../access/pairing.ts';
import type { Config } from '../config/open-config.ts';
import type { Settings } from '../config/load-settings.ts';
import type { ApprovalService } from '../conversations/approvals.ts';
import type { ButtonPress, IncomingMessage } from '../conversations/channel-messages.ts';
import type { GateRules } from '../conversations/gate.ts';
import type { GroupService } from '../conversations/groups.ts';
import type { Platforms, PlatformSurface } from '../conversations/open-platforms.ts';
import { createPlatformPeople } from '../conversations/platform-people.ts';
import { isChatId } from '../conversations/chat-id.ts';
import { ClawError } from '../kernel/errors.ts';
import type { ChatDeps } from '../conversations/prepare-turn.ts';
import { createPlaces } from '../conversations/places.ts';
import { requireTriggerSetting } from '../conversations/trigger.ts';
import type { Catalogue } from '../kernel/language/catalogue.ts';
import type { Log } from '../kernel/log.ts';
import type { RoomRow } from '../store/rooms-table.ts';

export interface PlatformParts {
  readonly config: Config;
  readonly chatDeps: () => Promise<ChatDeps>;
  readonly approvals: () => Promise<ApprovalService>;
  readonly log: () => Promise<Log>;
  readonly groups: () => Promise<GroupService>;
  readonly pairing: () => Promise<PairingService>;
  readonly owner: () => Promise<User>;
  /** False when the sender has sent too many messages of late. */
  readonly takeRate: (sender: string) => boolean;
}

export async function buildPlatforms(parts: PlatformParts, surface: PlatformSurface): Promise<Platforms> {
  const { openPlatforms } = await import('../conversations/open-platforms.ts');
  const settings = (): Settings => parts.config.valid();
  const chat = await liveChatDeps(parts.chatDeps);
  const { store, clock } = chat;
  const places = createPlaces({ store, clock });
  const { approvals, pairing } = parts;
  const assistantName = (): string => settings().get('ASSISTANT_NAME');
  const usage = async (user: User): Promise<string> => {
    const { tellUsage } = await import('./spending.ts');
    return tellUsage({ config: parts.config, clock, store: async () => store }, user, catalogue());
  };
  const catalogue = (): Catalogue => chat.policy.catalogue;
  const isLearning = (): boolean => settings().get('LEARNING_ENABLED');
  const replies = { assistantName, catalogue, usage, isLearning };
  const people = createPlatformPeople({ store, clock, approvals, pairing, replies });
  await prepareRooms(parts, settings());
  const platforms: Platforms = openPlatforms({
    chat,
    log: await parts.log(),
    surface,
    gate: {
      get rules() {
        return gateRules(settings());
      },
      people: { ...people, command: (message, user) => people.command(message, user, platforms.interrupt) },
      places,
      isCalled: await trigger(parts),
      takeRate: parts.takeRate,
      texts: () => catalogue().chat,
    },
    policy: {
      maxAttachmentBytes: settings().get('MAX_ATTACHMENT_BYTES'),
      cap: settings().get('MAX_CONCURRENT_TURNS'),
      memoryOf: (chatId) => memoryOf(parts, chatId),
      press: (press: ButtonPress) => people.press(press, gateRules(settings())),
    },
  });
  return platforms;
}

/** Refuses a trigger that could never be used, and registers the main room at the first start. */
async function prepareRooms({ groups, owner }: PlatformParts, settings: Settings): Promise<void> {
  requireTriggerSetting(settings.get('TRIGGER_PATTERN'));
  const main = settings.get('AUTO_REGISTER_MAIN_JID');
  if (main === undefined) return;
  if (!isChatId(main)) {
    throw new ClawError('config-invalid', 'AUTO_REGISTER_MAIN_JID is no id of a chat.', {
      hint: 'Write it as tg:-100123, dc:123456 or slack:C0123.',
    });
  }
  await (await groups()).ensureMain(main, await owner());
}

/** What a turn is made of, after a change of the settings too. */
async function liveChatDeps(current: () => Promise<ChatDeps>): Promise<ChatDeps> {
  let latest = await current();
  const { store, clock } = latest;
  return {
    store,
    clock,
    get policy() {
      return latest.policy;
    },
    tools: { snapshot: async (userId) => (await current()).tools.snapshot(userId) },
    resolveModel: async (ref) => {
      latest = await current();
      return latest.resolveModel(ref);
    },
  };
}

function gateRules(settings: Settings): GateRules {
  const rules = (people: readonly string[], places: readonly string[] = [], spaces: readonly string[] = []) => ({
    people,
    places,
    spaces,
  });
  return {
    platforms: {
      telegram: rules(settings.get('TELEGRAM_ALLOWED_USERS')),
      discord: rules(
        settings.get('DISCORD_ALLOWED_USERS'),
        settings.get('DISCORD_ALLOWED_CHANNELS'),
        settings.get('DISCORD_ALLOWED_GUILDS'),
      ),
      slack: rules(settings.get('SLACK_ALLOWED_USERS'), settings.get('SLACK_ALLOWED_CHANNELS')),
    },
    bots: settings.get('ALLOWED_BOTS'),
    maxMessageChars: settings.get('MAX_MESSAGE_CHARS'),
  };
}

async function trigger(parts: PlatformParts) {
  const groups = await parts.groups();
  return ({ text, isMention, replyTo }: IncomingMessage, room: RoomRow | undefined) =>
    groups.verdict(room, { text, isMention, isReplyToAssistant: replyTo?.isOwn === true });
}

async function memoryOf(parts: PlatformParts, chatId: string): Promise<string | undefined> {
  const groups = await parts.groups();
  const room = await groups.roomOf(chatId);
  return room === undefined ? undefined : groups.roomMemory(room.folder);
}
