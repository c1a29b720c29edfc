/** Owns what one run of an import knows, and the contract of a taker: it decides what becomes of one item, and changes nothing while it decides. */
import type { Actor } from '../access/actor.ts';
import type { User } from '../access/local-user.ts';
import { ClawError } from '../kernel/errors.ts';
import type { ImportedItemRow } from '../store/imported-items-table.ts';
import type { Tables } from '../store/store.ts';
import type { ImportKind, ImportSource, TakenItem } from './imported.ts';

/** One run; the maps are filled by the takers as they go. */
export interface ImportRun {
  readonly source: ImportSource;
  /** For people: `flux-openclaw`. */
  readonly label: string;
  readonly by: Actor;
  /** Owner of what has none. */
  readonly owner: User;
  /** Milliseconds UTC. */
  readonly now: number;
  /** Tasks that were active there are active here. */
  readonly activates: boolean;
  /** Users by the id they had there; null: was taken over once and is gone. */
  readonly users: Map<string, User | null>;
  /** Chats of the rooms that are taken over; a dry run makes none. */
  readonly rooms: Set<string>;
  /** The conversation whose messages are being taken over. */
  conversation: OpenConversation | undefined;
}

export interface OpenConversation {
  readonly sourceId: string;
  /** Null: was taken over once and is gone. */
  readonly id: string | null;
  readonly role: User['role'];
  /** Of the last message; undefined until one is known. */
  turnId: string | undefined;
  /** Of the latest message; never goes back. */
  updatedAt: number;
}

export type Decision =
  /** It is here; `targetId` is remembered, so that the next run knows it. */
  | { readonly state: 'already'; readonly targetId?: string; readonly remark?: string }
  | { readonly state: 'skipped'; readonly reason: string }
  /** `write` runs in a transaction with others. */
  | { readonly state: 'new'; readonly targetId: string; readonly remark?: string; write(tables: Tables): Promise<void> }
  /** `perform` has its effect outside of the store, and has none when it is there already; gives the id of what it made. */
  | { readonly state: 'new'; readonly remark?: string; perform(signal: AbortSignal): Promise<string> };

export interface Taker<Item> {
  /** Throws a `ClawError` whose message is the reason when the item cannot be taken over. */
  decide(item: Item): Promise<Decision>;
  /** Told of an item that was taken over by an earlier run. */
  known?(item: Item, row: ImportedItemRow): Promise<void>;
}

export type Takers = { readonly [Kind in ImportKind]: Taker<Extract<TakenItem, { kind: Kind }>> };

/** The user that owns something. Throws when that user was not taken over. */
export function ownerOf(run: ImportRun, owner: string | undefined): User {
  if (owner === undefined) return run.owner;
  const user = run.users.get(owner);
  if (user === null) throw new ClawError('not-found', 'its user was deleted here');
  if (user === undefined) throw new ClawError('not-found', 'its user was not taken over');
  return user;
}

/** A reason to skip an item. */
export const skip = (reason: string): Decision => ({ state: 'skipped', reason });
