/** Owns how claw names what it knows of chat platforms: who a person is there, and the setting that lists who may talk. Pure. */
import { isChatId, normaliseChatId } from '../conversations/chat-id.ts';

export interface Platform {
  /** As claw and OpenClaw name it. */
  readonly name: string;
  /** Setting that lists the people who may talk. */
  readonly allowed: string;
  /** Id of a person. */
  readonly person: RegExp;
}

export const TELEGRAM: Platform = {
  name: 'telegram',
  allowed: 'TELEGRAM_ALLOWED_USERS',
  person: /^[1-9][0-9]{0,18}$/,
};
export const DISCORD: Platform = {
  name: 'discord',
  allowed: 'DISCORD_ALLOWED_USERS',
  person: /^[1-9][0-9]{0,19}$/,
};
export const SLACK: Platform = {
  name: 'slack',
  allowed: 'SLACK_ALLOWED_USERS',
  person: /^[UW][A-Z0-9]{1,20}$/,
};

/** People that a remark names at most. */
const MAX_NAMED = 50;

/** How to let in people who talked there: nobody is let in by an import alone. `people`: their names by their ids. */
export function letInRemark(channel: string, people: ReadonlyMap<string, string>): string | undefined {
  const platform = [TELEGRAM, DISCORD, SLACK].find(({ name }) => name === channel);
  const known = [...people].filter(([id]) => platform?.person.test(id)).slice(0, MAX_NAMED);
  if (platform === undefined || known.length === 0) return undefined;
  const names = known.map(([id, name]) => `${name} (${id})`).join(', ');
  const ids = known.map(([id]) => id).join(',');
  return `On ${channel}, these people talked with the assistant and are not let in by an import: ${names}. To let them in: claw config set ${platform.allowed} ${ids}`;
}

/** A chat of a platform in claw's form; `peer` may carry the words that others put before an id, and the server of a channel of Discord. */
export function chatIdOf(channel: string, peer: string): string | undefined {
  const id = peer
    .trim()
    .replace(/^((telegram|tg|discord|slack|channel|group|user|dm|chat):)+/i, '')
    .replace(/:(topic|thread):.*$/, '')
    .replace(/^(@me|[0-9]+):(?=[0-9]+$)/, '');
  const written = `${channel}:${id}`;
  return isChatId(written) ? normaliseChatId(written).jid : undefined;
}
