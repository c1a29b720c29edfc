/** Owns what a person decides about tools: approve, reject, switch off and on, go back to an earlier version. Each decision is on exact bytes. */
import type { Clock } from '../../kernel/clock.ts';
import { ClawError } from '../../kernel/errors.ts';
import type { Store } from '../../store/store.ts';
import type { ToolVersionRow } from '../../store/tools-table.ts';
import type { ToolEntry } from './registry-view.ts';
import { placeToolFile } from './place-tool-file.ts';
import type { ToolRegistry } from './tool-registry.ts';

export interface ToolAdminDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly registry: ToolRegistry;
  readonly folder: string;
}

export interface ToolAdmin {
  /** The entry of that name, the pending or active one first. Throws `not-found`. */
  find(name: string): Promise<ToolEntry>;
  /** Its versions, newest first; none of a shipped tool. */
  versions(name: string): Promise<ToolVersionRow[]>;
  /** Agrees to the newest pending version, or to `version`. `by` is a user's id. */
  approve(name: string, by: string, version?: number): Promise<ToolVersionRow>;
  reject(name: string, by: string, version?: number): Promise<ToolVersionRow>;
  disable(name: string, by: string): Promise<ToolVersionRow>;
  /** Switches on what is switched off or in quarantine; a version nobody agreed to waits for approval again. */
  enable(name: string, by: string): Promise<ToolVersionRow>;
  /** Goes back to `version`, or to the last good one before the present. */
  rollback(name: string, by: string, version?: number): Promise<ToolVersionRow>;
}

export function createToolAdmin(deps: ToolAdminDeps): ToolAdmin {
  const versions = async (name: string): Promise<ToolVersionRow[]> => {
    await deps.registry.entries();
    return deps.store.tools.versionsOf(name);
  };
  const choose = async (
    name: string,
    isFit: (row: ToolVersionRow) => boolean,
    otherwise: string,
    version?: number,
  ): Promise<ToolVersionRow> => {
    const rows = await versions(name);
    if (rows.length === 0) await refuseUnknown(deps, name);
    const found = rows.find((row) => isFit(row) && (version === undefined || row.version === version));
    if (found !== undefined) return found;
    const state = rows.find((row) => version === undefined || row.version === version);
    const why = state?.reason == null ? '' : `: ${state.reason}`;
    throw new ClawError('conflict', `${name} ${otherwise}; it is ${state?.state ?? 'not known in this version'}${why}.`, {
      hint: `claw tool versions ${name}`,
    });
  };
  const change = async (row: ToolVersionRow, state: ToolVersionRow['state'], by: string, reason: string): Promise<ToolVersionRow> => {
    await deps.store.tools.updateVersion(row.id, { state, reason, decided_by: by, decided_at: deps.clock.now() });
    return again(deps, row.id);
  };
  return {
    find: async (name) => {
      const entries = (await deps.registry.entries()).filter((entry) => entry.name === name);
      const best = entries.find(({ state }) => state === 'active') ?? entries[0];
      return best ?? refuseUnknown(deps, name);
    },
    versions,
    async approve(name, by, version) {
      const row = await choose(name, ({ state }) => state === 'pending', 'has nothing to approve', version);
      await deps.registry.activate(row.id, { by, reason: 'approved' });
      return again(deps, row.id);
    },
    async reject(name, by, version) {
      const row = await choose(name, ({ state }) => state === 'pending' || state === 'draft', 'has nothing to reject', version);
      return change(row, 'rejected', by, 'rejected');
    },
    async disable(name, by) {
      return change(await choose(name, ({ state }) => state === 'active', 'is not active'), 'disabled', by, 'switched off');
    },
    async enable(name, by) {
      const row = await choose(name, ({ state }) => ['disabled', 'quarantined', 'rejected'].includes(state), 'is not switched off');
      if (row.is_approved === 0) return change(row, row.description === '{}' ? 'draft' : 'pending', by, 'wants your approval');
      await deps.registry.activate(row.id, { by, reason: 'switched on' });
      return again(deps, row.id);
    },
    async rollback(name, by, version) {
      const present = (await versions(name)).find(({ state }) => state === 'active' || state === 'disabled' || state === 'quarantined');
      const isEarlier = (row: ToolVersionRow): boolean =>
        row.id !== present?.id && wasGood(row) && (version !== undefined || row.version < (present?.version ?? Infinity));
      const row = await choose(name, isEarlier, 'has no earlier good version', version);
      await goBack(deps, row, { by, reason: `rolled back from version ${present?.version ?? '?'}` });
      return again(deps, row.id);
    },
  };
}

/** The version to fall back to when `failing` is taken out of use. */
export async function lastGoodVersion(store: Store, failing: ToolVersionRow): Promise<ToolVersionRow | undefined> {
  const rows = await store.tools.versionsOf(failing.name);
  return rows.find((row) => row.version < failing.version && wasGood(row));
}

/** Replaces the file by an earlier version's bytes and makes that version the active one. */
export async function goBack(deps: Omit<ToolAdminDeps, 'clock'>, row: ToolVersionRow, decision: { by: string | null; reason: string }): Promise<void> {
  placeToolFile(deps.folder, row);
  await deps.registry.activate(row.id, decision);
}

function wasGood({ state, is_approved }: ToolVersionRow): boolean {
  return state === 'superseded' && is_approved === 1;
}

async function again({ store }: Pick<ToolAdminDeps, 'store'>, id: string): Promise<ToolVersionRow> {
  const row = await store.tools.find(id);
  if (row === undefined) throw new ClawError('not-found', 'This version of the tool is gone.');
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
  throw new ClawError('not-found', `There is no tool named ${JSON.stringify(name)}${reason}.`, { hint: 'claw tool list' });
}
