/** Owns what a person decides about tools: approve, reject, switch off and on, go back to an earlier version. Each decision is on exact bytes. */
import type { Clock } from '../../kernel/clock.ts';
import { ClawError } from '../../kernel/errors.ts';
import { phrase } from '../../kernel/language/phrase.ts';
import type { Store } from '../../store/store.ts';
import { type Doer, doneBy } from '../../store/audit-table.ts';
import type { ToolVersionRow } from '../../store/tools-table.ts';
import type { ToolEntry } from './registry-view.ts';
import { placeToolFile } from './place-tool-file.ts';
import { type Decision, type ToolRegistry, toolTarget } from './tool-registry.ts';

export interface ToolAdminDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly registry: ToolRegistry;
  readonly folder: string;
}

/** Names of people; null where nobody did it or they are gone. */
export interface VersionPeople {
  readonly created_by: string | null;
  readonly decided_by: string | null;
}

export interface ToolAdmin {
  /** The entry of that name, the pending or active one first. Throws `not-found`. */
  find(name: string): Promise<ToolEntry>;
  /** Its versions, newest first; none of a shipped tool. */
  versions(name: string): Promise<ToolVersionRow[]>;
  people(row: Pick<ToolVersionRow, 'created_by' | 'decided_by'>): Promise<VersionPeople>;
  /** Agrees to the newest pending version, or to `version`. With `seen`, the hash of the bytes that were looked at, throws `conflict` when those do not wait any more. */
  approve(name: string, by: Doer, version?: number, seen?: string): Promise<ToolVersionRow>;
  reject(name: string, by: Doer, version?: number, seen?: string): Promise<ToolVersionRow>;
  disable(name: string, by: Doer): Promise<ToolVersionRow>;
  /** Switches on what is switched off or in quarantine; a version nobody agreed to waits for approval again. */
  enable(name: string, by: Doer): Promise<ToolVersionRow>;
  /** Goes back to `version`, or to the last good one before the present. */
  rollback(name: string, by: Doer, version?: number): Promise<ToolVersionRow>;
}

export function createToolAdmin(deps: ToolAdminDeps): ToolAdmin {
  return {
    find: async (name) => {
      const entries = (await deps.registry.entries()).filter((entry) => entry.name === name);
      const best = entries.find(({ state }) => state === 'active') ?? entries[0];
      return best ?? refuseUnknown(deps, name);
    },
    versions: (name) => versionsNow(deps, name),
    people: async ({ created_by, decided_by }) => ({
      created_by: await usernameOf(deps, created_by),
      decided_by: await usernameOf(deps, decided_by),
    }),
    async approve(name, by, version, seen) {
      await requireSeen(deps, name, seen);
      const row = await choose(deps, { name, version, isFit: isIn('pending'), otherwise: 'has nothing to approve' });
      await deps.registry.activate(row.id, { by, action: 'tool.approve', reason: 'approved' });
      return again(deps, row.id);
    },
    async reject(name, by, version, seen) {
      await requireSeen(deps, name, seen);
      const isFit = isIn('pending', 'draft');
      const row = await choose(deps, { name, version, isFit, otherwise: 'has nothing to reject' });
      return change(deps, row, 'rejected', { by, action: 'tool.reject', reason: 'rejected' });
    },
    async disable(name, by) {
      const row = await choose(deps, { name, isFit: isIn('active'), otherwise: 'is not active' });
      return change(deps, row, 'disabled', { by, action: 'tool.disable', reason: 'switched off' });
    },
    async enable(name, by) {
      const isFit = isIn('disabled', 'quarantined', 'rejected');
      const row = await choose(deps, { name, isFit, otherwise: 'is not switched off' });
      if (row.is_approved === 0) {
        const state = row.description === '{}' ? 'draft' : 'pending';
        return change(deps, row, state, { by, action: 'tool.enable', reason: 'wants your approval' });
      }
      await deps.registry.activate(row.id, { by, action: 'tool.enable', reason: 'switched on' });
      return again(deps, row.id);
    },
    async rollback(name, by, version) {
      const present = (await versionsNow(deps, name)).find(isIn('active', 'disabled', 'quarantined'));
      const isBefore = (row: ToolVersionRow): boolean => row.version < (present?.version ?? Infinity);
      const isFit = (row: ToolVersionRow): boolean =>
        row.id !== present?.id && wasGood(row) && (version !== undefined || isBefore(row));
      const row = await choose(deps, { name, version, isFit, otherwise: 'has no earlier good version' });
      await goBack(deps, row, {
        by,
        action: 'tool.rollback',
        reason: `rolled back from version ${present?.version ?? '?'}`,
      });
      return again(deps, row.id);
    },
  };
}

async function versionsNow({ registry, store }: ToolAdminDeps, name: string): Promise<ToolVersionRow[]> {
  await registry.entries();
  return store.tools.versionsOf(name);
}

async function usernameOf({ store }: ToolAdminDeps, id: string | null): Promise<string | null> {
  return id === null ? null : ((await store.users.byId(id))?.username ?? null);
}

/** A yes is for the bytes that were looked at: a file may have changed since, and a draft been decided on elsewhere. */
async function requireSeen({ registry }: ToolAdminDeps, name: string, seen: string | undefined): Promise<void> {
  if (seen === undefined) return;
  const waiting = (await registry.entries()).filter((entry) => entry.name === name && WAITS.has(entry.state));
  if (waiting.some(({ head }) => head?.hash === seen)) return;
  throw new ClawError('conflict', `${name} is not what you looked at any more: it changed, or was decided on.`, {
    hint: 'Look at it anew before you decide.',
  });
}

const WAITS: ReadonlySet<string> = new Set(['pending', 'draft']);

interface Choice {
  readonly name: string;
  readonly isFit: (row: ToolVersionRow) => boolean;
  /** What is said when no version fits. */
  readonly otherwise: string;
  readonly version?: number | undefined;
}

/** The newest version that fits. Throws `conflict` with what there is instead. */
async function choose(deps: ToolAdminDeps, { name, isFit, otherwise, version }: Choice): Promise<ToolVersionRow> {
  const rows = await versionsNow(deps, name);
  if (rows.length === 0) await refuseUnknown(deps, name);
  const isAsked = (row: ToolVersionRow): boolean => version === undefined || row.version === version;
  const found = rows.find((row) => isFit(row) && isAsked(row));
  if (found !== undefined) return found;
  const instead = rows.find(isAsked);
  const why = instead?.reason == null ? '' : `: ${instead.reason}`;
  throw new ClawError(
    'conflict',
    `${name} ${otherwise}; it is ${instead?.state ?? 'not known in this version'}${why}.`,
    {
      hint: `claw tool versions ${name}`,
    },
  );
}

async function change(
  deps: ToolAdminDeps,
  row: ToolVersionRow,
  state: ToolVersionRow['state'],
  { by, action, reason }: { by: Doer; action: string; reason: string },
): Promise<ToolVersionRow> {
  const at = deps.clock.now();
  await deps.store.transaction(async ({ tools, audit }) => {
    await tools.updateVersion(row.id, { state, reason, decided_by: by.id, decided_at: at });
    await audit.append({ at, by: doneBy(by), action, ...toolTarget(row) });
  });
  return again(deps, row.id);
}

function isIn(...states: ToolVersionRow['state'][]): (row: ToolVersionRow) => boolean {
  return ({ state }) => states.includes(state);
}

/** The version to fall back to when `failing` is taken out of use. */
export async function lastGoodVersion(store: Store, failing: ToolVersionRow): Promise<ToolVersionRow | undefined> {
  const rows = await store.tools.versionsOf(failing.name);
  return rows.find((row) => row.version < failing.version && wasGood(row));
}

/** Replaces the file by an earlier version's bytes and makes that version the active one. */
export async function goBack(
  deps: Omit<ToolAdminDeps, 'clock'>,
  row: ToolVersionRow,
  decision: Decision,
): Promise<void> {
  placeToolFile(deps.folder, row);
  await deps.registry.activate(row.id, decision);
}

function wasGood({ state, is_approved }: ToolVersionRow): boolean {
  return state === 'superseded' && is_approved === 1;
}

async function again({ store }: Pick<ToolAdminDeps, 'store'>, id: string): Promise<ToolVersionRow> {
  const row = await store.tools.find(id);
  if (row === undefined) throw new ClawError('not-found', phrase('toolVersionGone'));
  return row;
}

async function refuseUnknown({ registry }: ToolAdminDeps, name: string): Promise<never> {
  const entry = (await registry.entries()).find((each) => each.name === name);
  if (entry?.origin === 'builtin') {
    throw new ClawError('conflict', `${name} ships with claw: it has no versions of its own and needs no approval.`, {
      hint: `To switch it off: claw config set DISABLED_TOOLS ${name}`,
    });
  }
  const reason = entry?.reason == null ? '' : ` (${entry.reason})`;
  throw new ClawError('not-found', `There is no tool named ${JSON.stringify(name)}${reason}.`, {
    hint: 'claw tool list',
  });
}
