/** Owns the tools of a home: looks at the folder anew at each call, takes new files through the pipeline, keeps versions, and says what may run. Runs nothing itself. */
import type { Clock } from '../../kernel/clock.ts';
import { ClawError, toError } from '../../kernel/errors.ts';
import { phrase } from '../../kernel/language/phrase.ts';
import { type Doer, doneBy } from '../../store/audit-table.ts';
import type { InstalledPackage } from '../../store/marketplace-table.ts';
import type { Store } from '../../store/store.ts';
import type { ToolVersionHead, ToolVersionRow } from '../../store/tools-table.ts';
import { TOOL_PERMISSIONS, wantsNothing } from '../permissions.ts';
import type { SourceText } from '../source/read-source.ts';
import type { SelfDescription } from '../tool-sandbox.ts';
import type { Examined, ExamineOptions } from './examine-tool.ts';
import { mayTakeOver, registryView, type ShippedTool, type ToolEntry } from './registry-view.ts';
import { type NewVersion, newVersionRow } from './new-version.ts';
import { placeToolFile } from './place-tool-file.ts';
import { settlePackages } from './settle-packages.ts';
import { readToolFolder, type ToolFile, type UnreadableFile } from './tool-folder.ts';

export interface RegistryDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The user's tools: `<home>/tools`. */
  readonly folder: string;
  /** The lock of packages and their files. */
  readonly packageLock: string;
  readonly shipped: ShippedTools;
  readonly examine: (text: SourceText, options?: ExamineOptions) => Promise<Examined>;
}

export interface ShippedTools {
  /** In any order; the same list at every call. */
  list(): Promise<readonly ShippedTool[]>;
  /** Of the package. */
  version(): Promise<string>;
  /** Names that are switched off. */
  readonly disabled: readonly string[];
}

export interface Decision {
  /** The user who decided; null for claw itself. */
  readonly by: Doer | null;
  /** For the audit trail; `tool.activate` when absent. */
  readonly action?: string;
  readonly reason: string | null;
}

export interface ToolRegistry {
  /** All tools as they are now. */
  entries(): Promise<ToolEntry[]>;
  /** Stores an examined version, not yet active; the known one when the bytes are known. */
  store(version: NewVersion): Promise<ToolVersionRow>;
  /** Makes a version the one of its name: puts its bytes into the folder and takes the others back. */
  activate(id: string, decision?: Decision): Promise<void>;
}

/** Files that are examined at the same time; each takes a process or two. */
const ADMITTED_AT_ONCE = 4;

export function createToolRegistry(deps: RegistryDeps): ToolRegistry {
  /** Descriptions never change: one row, one text. */
  const descriptions = new Map<string, SelfDescription | undefined>();
  /** Sources that are being examined, by hash, so that two turns do not do it twice. */
  const admissions = new Map<string, Promise<void>>();
  const describe = (head: ToolVersionHead): SelfDescription | undefined => {
    if (!descriptions.has(head.id)) descriptions.set(head.id, parseDescription(head));
    return descriptions.get(head.id);
  };
  const admitOnce = (file: ToolFile, before: Promise<unknown>): Promise<void> => {
    const running = admissions.get(file.hash) ?? admit(deps, file, before).finally(() => admissions.delete(file.hash));
    admissions.set(file.hash, running);
    return running;
  };
  return {
    async entries() {
      await settlePackages({ ...deps, lock: deps.packageLock });
      let { files, unreadable } = readToolFolder(deps.folder);
      let heads = await deps.store.tools.heads();
      const known = new Set(heads.map(({ hash }) => hash));
      const failures: UnreadableFile[] = [];
      const unknown = files.filter(({ hash }) => !known.has(hash));
      for (let at = 0; at < unknown.length; at += ADMITTED_AT_ONCE) {
        let before: Promise<unknown> = Promise.resolve();
        for (const file of unknown.slice(at, at + ADMITTED_AT_ONCE)) {
          before = admitOnce(file, before).catch((error: unknown) =>
            failures.push({ file: file.file, reason: toError(error).message }),
          );
        }
        await before;
      }
      if (unknown.length > 0) heads = await deps.store.tools.heads();
      if (await applyApprovals(deps, heads)) {
        heads = await deps.store.tools.heads();
        ({ files, unreadable } = readToolFolder(deps.folder));
      }
      const view = async (): Promise<ToolEntry[]> =>
        registryView({
          shipped: await deps.shipped.list(),
          shippedVersion: await deps.shipped.version(),
          disabled: deps.shipped.disabled,
          files,
          unreadable: [...unreadable, ...failures],
          heads,
          describe,
        });
      const seen = await view();
      if (!(await takePlaces(deps, seen, heads))) return seen;
      heads = await deps.store.tools.heads();
      return view();
    },
    store: (version) => storeVersion(deps, version),
    activate: (id, decision) => activate(deps, id, decision),
  };
}

/** Takes a file through the pipeline and writes down what came of it, after `before` has ended: who is first has the name. */
async function admit(deps: RegistryDeps, file: ToolFile, before: Promise<unknown>): Promise<void> {
  const examined = await deps.examine(file);
  await before;
  await storeVersion(deps, { text: file, hash: file.hash, file: file.file, origin: 'user', by: null, examined });
}

async function storeVersion(deps: RegistryDeps, version: NewVersion): Promise<ToolVersionRow> {
  const row = newVersionRow(version, deps.clock.now());
  const stored = await deps.store.tools.insertVersion(row);
  if (stored.id === row.id || stored.state !== 'draft') return stored;
  // The same bytes again, after a failure: what was found now counts.
  const { name: _name, hash: _hash, id: _id, ...again } = row;
  await deps.store.tools.updateVersion(stored.id, again, 'draft');
  return { ...stored, ...again };
}

async function activate(deps: RegistryDeps, id: string, decision?: Decision): Promise<void> {
  const row = await deps.store.tools.find(id);
  if (row === undefined) throw new ClawError('not-found', phrase('toolVersionGone'), { hint: 'claw tool list' });
  // The file first: whoever looks in between finds bytes that are known.
  placeToolFile(deps.folder, row);
  const now = deps.clock.now();
  const decided =
    decision === undefined
      ? { reason: null }
      : { reason: decision.reason, decided_by: decision.by?.id ?? null, decided_at: now };
  const { by, action = 'tool.activate' } = decision ?? { by: null };
  await deps.store.transaction(async ({ tools, audit, marketplace }) => {
    await tools.updateVersion(id, { state: 'active', is_approved: 1, failures: 0, ...decided });
    await tools.supersede(row.name, id);
    await marketplace.follow(row.name, id);
    await audit.append({ at: now, by: by === null ? {} : doneBy(by), action, ...toolTarget(row) });
  });
}

/** How the audit trail names a version. */
export function toolTarget({
  name,
  version,
  hash,
  reason,
}: Pick<ToolVersionRow, 'name' | 'version' | 'hash' | 'reason'>) {
  return { target: name, detail: { version, hash, ...(reason === null ? {} : { reason }) } };
}

/** A decision that was taken in another place or process takes effect here. */
async function applyApprovals(deps: RegistryDeps, heads: readonly ToolVersionHead[]): Promise<boolean> {
  let hasChanged = false;
  for (const head of heads) {
    if (head.state !== 'pending' || head.approval_id === null) continue;
    const approval = await deps.store.approvals.find(head.approval_id);
    if (approval?.state !== 'approved' && approval?.state !== 'denied') continue;
    hasChanged = true;
    if (approval.state === 'denied') {
      const at = deps.clock.now();
      await deps.store.transaction(async ({ tools, audit }) => {
        if (!(await tools.updateVersion(head.id, { state: 'rejected', reason: 'denied' }, 'pending'))) return;
        const by = approval.decided_by === null ? {} : doneBy({ id: approval.decided_by });
        await audit.append({ at, by, action: 'tool.reject', ...toolTarget(head) });
      });
      continue;
    }
    const by = approval.decided_by === null ? null : { id: approval.decided_by };
    await activate(deps, head.id, { by, action: 'tool.approve', reason: 'approved' });
    await deps.store.approvals.use(approval.id, deps.clock.now());
  }
  return hasChanged;
}

/** Versions on disk that passed take the name when nobody else has it. A version that wants something and was replaced asks again. */
async function takePlaces(
  deps: RegistryDeps,
  entries: readonly ToolEntry[],
  heads: readonly ToolVersionHead[],
): Promise<boolean> {
  let hasChanged = false;
  const disabled = new Set(heads.filter(({ state }) => state === 'disabled').map(({ name }) => name));
  for (const { head, permissions, state } of entries) {
    if (head === undefined || state === 'shadowed' || !mayTakeOver(head)) continue;
    const owner = await deps.store.marketplace.find(head.name);
    if (owner !== undefined && owner.version_id !== head.id) {
      hasChanged = (await askForOtherBytes(deps, head, owner)) || hasChanged;
      continue;
    }
    hasChanged = true;
    if (disabled.has(head.name)) {
      // A name that was switched off stays off, whatever its new bytes are.
      await deps.store.tools.updateVersion(head.id, { state: 'disabled', reason: 'its name is switched off' });
    } else if (head.state === 'superseded' && !wantsNothing(permissions)) {
      const reason = 'an earlier version came back; it wants your approval again';
      await deps.store.tools.updateVersion(head.id, { state: 'pending', is_approved: 0, approval_id: null, reason });
    } else {
      await activate(deps, head.id);
    }
  }
  return hasChanged;
}

/** Bytes under the name of a package that are not its installed version run only after a yes. */
async function askForOtherBytes(
  deps: RegistryDeps,
  head: ToolVersionHead,
  { state, version }: InstalledPackage,
): Promise<boolean> {
  // Seen now and not a moment ago: an update may have come in between.
  if (state !== 'installed' || !readToolFolder(deps.folder).files.some(({ hash }) => hash === head.hash)) return false;
  const reason = `it is not the package ${head.name} ${version} that was installed; it wants your approval`;
  return deps.store.tools.updateVersion(head.id, { state: 'pending', is_approved: 0, reason }, head.state);
}

function parseDescription(head: ToolVersionHead): SelfDescription | undefined {
  const value = JSON.parse(head.description) as Partial<SelfDescription>;
  if (value.name === undefined) return undefined;
  // What was approved is the column, not what the tool says of itself.
  return { ...(value as SelfDescription), permissions: TOOL_PERMISSIONS.parse(JSON.parse(head.permissions)) };
}
