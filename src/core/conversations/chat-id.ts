/** Owns how a place on a chat platform is written: `tg:-100123`, `dc:123456`, `slack:C0123`. Everything else that people and other assistants write becomes one of these. Pure. */
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
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

/** Whether `normaliseChatId` takes it. */
export function isChatId(text: string): boolean {
  return read(text) !== undefined;
}

/** Reads `tg:…`, `telegram:…`, `dc:…`, `discord:…`, `slack:…` and `…@telegram`, `…@discord`, `…@slack`. Throws `usage-invalid` for the rest. */
export function normaliseChatId(text: string): ChatAddress {
  const address = read(text);
  if (address !== undefined) return address;
  throw new ClawError('usage-invalid', phrase('noChatId', JSON.stringify(text)), {
    hint: phrase('writeChatId'),
  });
}

function read(text: string): ChatAddress | undefined {
  const written = text.trim();
  const [, name = '', id = ''] = /^([a-z]+):(.+)$/i.exec(written) ?? swapped(/^(.+)@([a-z]+)$/i.exec(written));
  const found = Object.entries(FORMS).find(([, { names }]) => names.includes(name.toLowerCase()));
  if (found === undefined) return undefined;
  const [channel, form] = found;
  const chat = channel === 'slack' ? id.toUpperCase() : id;
  return form.id.test(chat) ? { channel, jid: `${form.prefix}:${chat}` } : undefined;
}

/** `id@name` as `name:id` is read. */
function swapped(match: RegExpExecArray | null): readonly string[] {
  const [whole = '', id = '', name = ''] = match ?? [];
  return [whole, name, id];
}
