/** Owns what the registry shows: which tools there are, in which state, and which of them may run. Pure: files, versions and shipped tools in, a view out. */
import type { ToolState } from '../../store/schema.ts';
import type { ToolVersionHead } from '../../store/tools-table.ts';
import { NO_PERMISSIONS, type ToolPermissions } from '../permissions.ts';
import type { ToolDescription } from '../tool-port.ts';
import type { SelfDescription } from '../tool-sandbox.ts';
import type { ToolFile, UnreadableFile } from './tool-folder.ts';

export interface ShippedTool {
  readonly description: SelfDescription;
  readonly hash: string;
  /** Without types. */
  code(): Promise<string>;
  source(): Promise<string>;
}

export interface ToolEntry {
  readonly name: string;
  readonly version: string;
  readonly origin: ToolDescription['origin'];
  readonly state: ToolState | 'shadowed';
  /** Why it is in this state; null when there is nothing to say. */
  readonly reason: string | null;
  readonly permissions: ToolPermissions;
  /** Absent when it never came so far as to describe itself. */
  readonly description?: SelfDescription;
  /** The stored version; absent for a shipped tool and for a file that could not be looked at. */
  readonly head?: ToolVersionHead;
  readonly shipped?: ShippedTool;
}

export interface ViewParts {
  readonly shipped: readonly ShippedTool[];
  readonly shippedVersion: string;
  readonly files: readonly ToolFile[];
  readonly unreadable: readonly UnreadableFile[];
  readonly heads: readonly ToolVersionHead[];
  readonly describe: (head: ToolVersionHead) => SelfDescription | undefined;
  readonly disabled: readonly string[];
}

/** All tools, shipped ones first, by name. At most one entry of a name is `active`. */
export function registryView(parts: ViewParts): ToolEntry[] {
  const shipped = parts.shipped.map((tool) => shippedEntry(parts, tool));
  const owners = new Map(shipped.map(({ name }) => [name, 'a tool that ships with claw']));
  const byHash = new Map(parts.heads.map((head) => [head.hash, head]));
  const found = parts.files.flatMap(({ file, hash }) => {
    const head = byHash.get(hash);
    return head === undefined ? [] : [{ file, head }];
  });
  // Whoever has the name keeps it; a newcomer with the same name is refused.
  const inOrder = found.toSorted((a, b) => rank(a.head) - rank(b.head) || compare(a.file, b.file));
  const own = inOrder.map(({ file, head }) => {
    const owner = owners.get(head.name);
    if (owner === undefined) owners.set(head.name, file);
    const entry = entryOf(parts, head);
    return owner === undefined
      ? entry
      : { ...entry, state: 'shadowed' as const, reason: `${owner} has the name ${head.name}; rename one of them` };
  });
  const onDisk = new Set(found.map(({ head }) => head.id));
  const drafts = parts.heads.filter(({ id, state }) => state === 'pending' && !onDisk.has(id)).filter(isDraft);
  const broken = parts.unreadable.map(({ file, reason }) => brokenEntry(file, reason));
  const rest = [...own, ...drafts.map((head) => entryOf(parts, head)), ...broken];
  return [...shipped.toSorted(byName), ...rest.toSorted(byName)];
}

/** A version that the pipeline passed may take its place when the name is free; it is `draft` or `superseded` until then. */
export function mayTakeOver(head: ToolVersionHead): boolean {
  return head.is_approved === 1 && (head.state === 'draft' || head.state === 'superseded');
}

function shippedEntry({ shippedVersion, disabled }: ViewParts, shipped: ShippedTool): ToolEntry {
  const { name, permissions } = shipped.description;
  const isDisabled = disabled.includes(name);
  return {
    name,
    version: shippedVersion,
    origin: 'builtin',
    state: isDisabled ? 'disabled' : 'active',
    reason: isDisabled ? 'switched off by the setting DISABLED_TOOLS' : null,
    permissions,
    description: shipped.description,
    shipped,
  };
}

function entryOf(parts: ViewParts, head: ToolVersionHead): ToolEntry {
  const description = parts.describe(head);
  return {
    name: head.name,
    version: String(head.version),
    origin: head.origin,
    state: head.state,
    reason: head.reason,
    permissions: description?.permissions ?? NO_PERMISSIONS,
    ...(description === undefined ? {} : { description }),
    head,
  };
}

function brokenEntry(file: string, reason: string): ToolEntry {
  const name = file.replace(/\.[^.]+$/, '');
  return { name, version: '0', origin: 'user', state: 'draft', reason, permissions: NO_PERMISSIONS };
}

/** What somebody handed in has no file yet; a file of the folder that changed is no draft any more. */
function isDraft({ origin, created_by }: ToolVersionHead): boolean {
  return origin !== 'user' || created_by !== null;
}

function rank({ state }: ToolVersionHead): number {
  return state === 'active' ? 0 : state === 'disabled' || state === 'quarantined' ? 1 : 2;
}

function byName(a: ToolEntry, b: ToolEntry): number {
  return compare(a.name, b.name) || Number(b.version) - Number(a.version);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
