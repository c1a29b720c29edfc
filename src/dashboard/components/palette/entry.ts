/** Owns what an entry of the palette is. */
import type { IconName } from '../icon.tsx';

export const GROUPS = ['pages', 'actions', 'conversations', 'tools', 'tasks', 'settings', 'users'] as const;
export type Group = (typeof GROUPS)[number];

export interface Entry {
  /** The same each time: it is what is kept of those chosen lately. */
  readonly id: string;
  readonly group: Group;
  readonly label: string;
  readonly detail?: string;
  /** Also found by these words. */
  readonly words?: string;
  readonly icon?: IconName;
  readonly keys?: readonly string[];
  /** It was found by the API already, by what stands within. */
  readonly isFound?: boolean;
  /** Goes to a page or does it; a text it gives is told, and the palette stays open. */
  readonly act: () => void | Promise<string>;
}
