/** Owns taking a package away: its record, its file, whatever became of that, and the right of its versions to run. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { InstalledPackage } from '../store/marketplace-table.ts';
import type { Store } from '../store/store.ts';
import { settleUnderLock } from '../tools/registry/settle-packages.ts';
import type { ToolEntry } from '../tools/registry/registry-view.ts';
import type { ToolRegistry } from '../tools/registry/tool-registry.ts';

/** Why a version of a package that was taken away does not run. */
export const UNINSTALLED = 'uninstalled';

export interface UninstallDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly registry: ToolRegistry;
  readonly folder: string;
  readonly lock: string;
}

/** Returns what was installed. Throws `conflict` for a tool that is no package, `not-found` when there is none. */
export async function uninstallPackage(deps: UninstallDeps, name: string, by: Doer): Promise<InstalledPackage> {
  // What was changed by hand is known after this look, and goes too.
  const entries = await deps.registry.entries();
  await refuseOthers(deps, name, entries);
  return withFileLock(deps.lock, async () => {
    await settleUnderLock(deps);
    const at = deps.clock.now();
    const removed = await deps.store.transaction(async ({ marketplace, tools, audit }) => {
      const found = await marketplace.find(name);
      if (found === undefined)
        throw new ClawError('not-found', `No package named ${name} is installed.`, { hint: 'claw tool list' });
      await marketplace.setState(name, 'removing');
      for (const { id, state } of await tools.versionsOf(name)) {
        if (state === 'rejected') continue;
        const decided = { decided_by: by.id, decided_at: at };
        await tools.updateVersion(id, { state: 'rejected', is_approved: 0, reason: UNINSTALLED, ...decided });
      }
      const detail = { version: found.version, key_id: found.key_id, registry: found.registry };
      await audit.append({ at, by: doneBy(by), action: 'package.uninstall', target: name, detail });
      return found;
    });
    await settleUnderLock(deps);
    return removed;
  });
}

async function refuseOthers({ store }: UninstallDeps, name: string, entries: readonly ToolEntry[]): Promise<void> {
  if ((await store.marketplace.find(name)) !== undefined) return;
  const entry = entries.find((each) => each.name === name);
  if (entry === undefined)
    throw new ClawError('not-found', `No package named ${JSON.stringify(name)} is installed.`, {
      hint: 'claw tool list',
    });
  if (entry.origin === 'builtin') {
    throw new ClawError('conflict', `${name} ships with claw and cannot be uninstalled.`, {
      hint: `To switch it off: claw config set DISABLED_TOOLS ${name}`,
    });
  }
  throw new ClawError('conflict', `${name} did not come from a marketplace.`, {
    hint: 'Take its file out of the tools folder.',
  });
}
