/** The chat platforms of the crash tests, as stand-ins that outlive every crash: people write to them, and what a person sees is counted there. */
import { startDiscordStandIn } from '../fakes/discord/discord-stand-in.ts';
import { TOKEN as DISCORD_TOKEN } from '../fakes/discord/discord-world.ts';
import { BOT_TOKEN, APP_TOKEN, startSlackStandIn } from '../fakes/slack/slack-stand-in.ts';
import { TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';

export interface CrashPlatform {
  readonly name: 'telegram' | 'discord' | 'slack';
  /** Settings that point claw at it. */
  readonly env: Readonly<Record<string, string>>;
  /** True once claw has been connected; a platform that keeps what it said before that is always ready. */
  isHeard(): boolean;
  /** A person in chat number `chat` (from 1) writes. */
  say(chat: number, words: string): void;
  /** What the assistant shows in the chat, oldest first. */
  shown(chat: number): readonly string[];
  /** True where messages of one chat always come in the order they were written. */
  readonly keepsOrder: boolean;
  /** The next answers are taken and then fail to say so. */
  swallow(times: number): void;
  close(): Promise<void>;
}

export async function telegramPlatform(chats: number): Promise<CrashPlatform> {
  const server = await new TelegramServer().listen();
  const idOf = (chat: number): number => 1000 + chat;
  return {
    name: 'telegram',
    env: {
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: server.url,
      TELEGRAM_ALLOWED_USERS: numbers(chats).map(idOf).join(','),
    },
    keepsOrder: true,
    isHeard: () => true,
    say: (chat, words) =>
      void server.say(words, {
        chat: { id: idOf(chat), type: 'private', first_name: `P${chat}` },
        from: { id: idOf(chat), is_bot: false, first_name: `P${chat}` },
      }),
    shown: (chat) => server.textsIn(idOf(chat)),
    swallow: (times) =>
      server.fail('sendMessage', ...Array.from({ length: times }, () => ({ kind: 'reset' }) as const)),
    close: () => server.close(),
  };
}

/** Its chats are direct ones; Discord tells a new session nothing of those it does not know, so each must be heard of before the first crash. */
export async function discordPlatform(chats: number): Promise<CrashPlatform> {
  const server = await startDiscordStandIn();
  const idOf = (chat: number): string => `${7000 + chat}`;
  for (const chat of numbers(chats)) server.world.direct.add(idOf(chat));
  return {
    name: 'discord',
    env: {
      DISCORD_BOT_TOKEN: DISCORD_TOKEN,
      DISCORD_API_ROOT: server.origin,
      DISCORD_ALLOWED_USERS: numbers(chats).map(idOf).join(','),
    },
    keepsOrder: true,
    isHeard: () => server.gateway.identified > 0,
    say: (chat, words) =>
      void server.say(idOf(chat), { id: idOf(chat), username: `p${chat}`, global_name: `P${chat}` }, words),
    shown: (chat) => server.world.visible.filter(({ channel }) => channel === idOf(chat)).map(({ content }) => content),
    swallow: (times) => server.fail(/^POST .*\/messages$/, { kind: 'accept-then-reset' }, times),
    close: () => server.close(),
  };
}

export async function slackPlatform(chats: number): Promise<CrashPlatform> {
  const server = await startSlackStandIn({ ackMs: 700 });
  const idOf = (chat: number): string => `D${1000 + chat}`;
  for (const chat of numbers(chats)) {
    server.space.channels.set(idOf(chat), []);
    server.space.users.set(`U${1000 + chat}`, `P${chat}`);
  }
  return {
    name: 'slack',
    env: {
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_API_ROOT: server.origin,
      SLACK_ALLOWED_USERS: numbers(chats)
        .map((chat) => `U${1000 + chat}`)
        .join(','),
    },
    keepsOrder: false,
    isHeard: () => true,
    say: (chat, words) => void server.say(idOf(chat), `U${1000 + chat}`, words),
    shown: (chat) =>
      server
        .posts(idOf(chat))
        .filter((post) => !post.user?.startsWith('U1'))
        .map((post) => post.text),
    swallow: (times) => server.fail('chat.postMessage', { kind: 'reset', isDone: true } as never, times),
    close: () => server.close(),
  };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
