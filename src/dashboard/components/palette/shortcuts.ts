/** Owns which keys do what anywhere on the page, and when a key is not meant for the page. Pure, but for what it is told of the key. */
import type { Texts } from '../../language/texts.ts';

export type PagePath = keyof Texts['nav'];

/** Letters after `g`, as they stand on the keyboard. */
export const LETTERS: Readonly<Partial<Record<PagePath, string>>> = {
  overview: 'o',
  chat: 'c',
  conversations: 'h',
  approvals: 'a',
  tools: 't',
  tasks: 'j',
  memory: 'm',
  knowledge: 'k',
  users: 'u',
  channels: 'g',
  accounts: 'n',
  webhooks: 'w',
  costs: 'p',
  metrics: 'r',
  doctor: 'd',
  logs: 'l',
  audit: 'v',
  backups: 'b',
  settings: 's',
};

export type Shortcut = 'palette' | 'help' | 'search' | { readonly page: PagePath };

export interface Key {
  readonly key: string;
  /** The place on the keyboard: what counts while the keyboard writes Korean. */
  readonly code: string;
  readonly isCommand: boolean;
  readonly isShift: boolean;
  readonly isAlt: boolean;
  /** A character is being composed. */
  readonly isComposing: boolean;
  /** The focus is where somebody writes or chooses. */
  readonly isWriting: boolean;
  /** Milliseconds from any fixed point. */
  readonly at: number;
}

/** How long `g` waits for its letter, in milliseconds. */
const PATIENCE_MS = 1_500;

/** Reads one key after the other; undefined for those that are none of the page's. */
export function createShortcuts(pages: readonly PagePath[]): (key: Key) => Shortcut | undefined {
  let goAt = -Infinity;
  return (key) => {
    const since = key.at - goAt;
    goAt = -Infinity;
    if (key.isComposing || key.isAlt) return undefined;
    const letter = letterOf(key);
    if (key.isCommand) return letter === 'k' && !key.isShift ? 'palette' : undefined;
    if (key.isWriting) return undefined;
    if (key.key === '?' || (key.code === 'Slash' && key.isShift)) return 'help';
    if (key.key === '/') return 'search';
    if (key.isShift) return undefined;
    if (since < PATIENCE_MS) {
      const page = pages.find((each) => LETTERS[each] === letter);
      return page === undefined ? undefined : { page };
    }
    if (letter === 'g') goAt = key.at;
    return undefined;
  };
}

function letterOf({ key, code }: Key): string {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase();
}
