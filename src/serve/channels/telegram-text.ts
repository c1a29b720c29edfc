/** Owns the words of a Telegram message: commands and mentions of the bot by its entities, whose offsets count UTF-16 units. Source: https://core.telegram.org/bots/api#messageentity */
import type { MessageEntity } from 'grammy/types';

export interface TelegramSelf {
  readonly id: number;
  /** Without the @. */
  readonly username: string;
}

export interface TelegramWords {
  /** The text, a mention of the bot replaced by `@` and the assistant's name. */
  readonly text: string;
  readonly isMention: boolean;
  readonly command?: { readonly name: string; readonly text: string };
}

/** Commands that claw answers; anything else that begins with a slash is text. */
const COMMANDS = new Set(['start', 'help', 'reset', 'usage', 'stop', 'pair']);

export function readWords(
  raw: string,
  entities: readonly MessageEntity[],
  self: TelegramSelf,
  assistantName: string,
): TelegramWords {
  let text = '';
  let end = 0;
  let isMention = false;
  for (const entity of entities) {
    if (!isOfBot(raw, entity, self)) continue;
    isMention = true;
    text += `${raw.slice(end, entity.offset)}@${assistantName}`;
    end = entity.offset + entity.length;
  }
  text += raw.slice(end);
  const command = readCommand(raw, entities, self);
  return { text, isMention, ...(command === undefined ? {} : { command }) };
}

function isOfBot(raw: string, entity: MessageEntity, self: TelegramSelf): boolean {
  if (entity.type === 'text_mention') return entity.user.id === self.id;
  if (entity.type !== 'mention') return false;
  const name = raw.slice(entity.offset + 1, entity.offset + entity.length);
  return name.toLowerCase() === self.username.toLowerCase();
}

/** `/help` or `/help@bot` at the start of the text; one for another bot is none. */
function readCommand(
  raw: string,
  entities: readonly MessageEntity[],
  self: TelegramSelf,
): TelegramWords['command'] | undefined {
  const entity = entities.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  if (entity === undefined) return undefined;
  const [name = '', bot] = raw.slice(1, entity.length).toLowerCase().split('@');
  if (bot !== undefined && bot !== self.username.toLowerCase()) return undefined;
  return COMMANDS.has(name) ? { name, text: raw.slice(entity.length).trim() } : undefined;
}
