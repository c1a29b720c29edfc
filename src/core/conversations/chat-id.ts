/** Owns how a place on a chat platform is written: `tg:-100123`, `dc:123456`, `slack:C0123`. Everything else that people and other assistants write becomes one of these. Pure. */
import { ClawError } from '../kernel/errors.ts';
import type { ChannelName, ChatId } from './channel-messages.ts';

export interface ChatAddress {
  readonly channel: ChannelName;
  /** The id in its one written form. */
  readonly jid: ChatId;
}

interface Form {
  readonly prefix: string;
  readonly names: readonly string[];
  readonly id: RegExp;
}

const FORMS: Readonly<Record<string, Form>> = {
  telegram: { prefix: 'tg', names: ['tg', 'telegram'], id: /^-?[1-9][0-9]{0,18}$/ },
  discord: { prefix: 'dc', names: ['dc', 'discord'], id: /^[1-9][0-9]{0,19}$/ },
  slack: { prefix: 'slack', names: ['slack', 'sl'], id: /^[CDG][A-Z0-9]{1,20}$/ },
};

/** Reads `tg:…`, `telegram:…`, `dc:…`, `discord:…`, `slack:…` and `…@telegram`, `…@discord`, `…@slack`. Throws `usage-invalid` for the rest. */
export function normaliseChatId(text: string): ChatAddress {
  const written = text.trim();
  const parts = /^([a-z]+):(.+)$/i.exec(written) ?? /^(.+)@([a-z]+)$/i.exec(written);
  const isSuffixed = !/^[a-z]+:/i.test(written);
  const name = (isSuffixed ? parts?.[2] : parts?.[1])?.toLowerCase() ?? '';
  const found = Object.entries(FORMS).find(([, { names }]) => names.includes(name));
  if (found === undefined) throw wrong(text);
  const [channel, { prefix, id }] = found;
  const raw = ((isSuffixed ? parts?.[1] : parts?.[2]) ?? '').trim();
  const chat = channel === 'slack' ? raw.toUpperCase() : raw;
  if (!id.test(chat)) throw wrong(text);
  return { channel, jid: `${prefix}:${chat}` };
}

function wrong(text: string): ClawError {
  return new ClawError('usage-invalid', `${JSON.stringify(text)} is no id of a chat.`, {
    hint: 'Write tg:-100123, dc:123456 or slack:C0123; claw logs the id of every chat that writes to it.',
  });
}
