/** Owns tools that a person hands in as text, and takes away again. Promises: what is handed in goes the road of every tool and waits for a yes; nothing of it is in the folder before. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { ClawError } from '../../kernel/errors.ts';
import { type Doer, doneBy } from '../../store/audit-table.ts';
import type { Store } from '../../store/store.ts';
import type { ToolVersionRow } from '../../store/tools-table.ts';
import type { SourceText } from '../source/read-source.ts';
import type { Examined } from './examine-tool.ts';
import { newVersionRow } from './new-version.ts';
import { fileForTool } from './place-tool-file.ts';
import { readToolFolder, sha256 } from './tool-folder.ts';
import { type ToolRegistry, toolTarget } from './tool-registry.ts';

export interface DraftDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly registry: ToolRegistry;
  readonly folder: string;
}

/** Why a tool that was taken away does not run. */
const DELETED = 'deleted';
const WAITING = 'waits for your approval';

/** Stores an examined source as a version that waits. Throws `data-invalid` when it is not fit, `conflict` for a name or bytes that are taken. */
export async function saveDraft(
  deps: DraftDeps,
  text: SourceText,
  examined: Examined,
  by: Doer,
): Promise<ToolVersionRow> {
  const name = examined.description?.name;
  if (examined.verdict === 'failed' || name === undefined)
    throw new ClawError('data-invalid', `The tool is not fit: ${examined.reason ?? 'it has no name'}.`, {
      hint: 'Mend it and try it again.',
    });
  const owner = (await deps.registry.entries()).find((entry) => entry.name === name && entry.origin === 'builtin');
  if (owner !== undefined)
    throw new ClawError('conflict', `${name} ships with claw.`, { hint: 'Choose another name.' });
  const hash = sha256(text.source);
  const now = deps.clock.now();
  return deps.store.transaction(async ({ tools, marketplace, audit }) => {
    if ((await marketplace.find(name)) !== undefined)
      throw new ClawError('conflict', `${name} is installed from a marketplace.`, {
        hint: 'Choose another name, or uninstall the package.',
      });
    const former = (await tools.versionsOf(name)).find(({ state }) => state === 'active');
    const file = fileForTool(deps.folder, { ...text, name }, former?.file);
    const row = newVersionRow({ text, hash, file, origin: 'user', by: by.id, examined }, now);
    const waiting = { state: 'pending', is_approved: 0, reason: examined.reason ?? WAITING } as const;
    const stored = await tools.insertVersion({ ...row, ...waiting });
    if (stored.id !== row.id && stored.state !== 'pending') {
      if (stored.state !== 'rejected' || stored.reason !== DELETED) throw alreadyKnown(stored);
      await tools.updateVersion(stored.id, { ...waiting, created_by: by.id });
    }
    const made = { ...stored, ...waiting };
    await audit.append({ at: now, by: doneBy(by), action: 'tool.draft', ...toolTarget(made) });
    return made;
  });
}

function alreadyKnown({ name, version, state, reason }: ToolVersionRow): ClawError {
  const why = reason === null ? '' : ` (${reason})`;
  return new ClawError('conflict', `These very bytes are ${name} ${version} already, which is ${state}${why}.`, {
    hint: 'Change the source, or decide on that version.',
  });
}

/** Takes a tool away that was written here: none of its versions runs any more, and its files go. Throws `conflict` for what ships with claw or was installed, `not-found`. */
export async function deleteTool(deps: DraftDeps, name: string, by: Doer): Promise<ToolVersionRow> {
  const entries = (await deps.registry.entries()).filter((entry) => entry.name === name);
  if (entries.some(({ origin }) => origin === 'builtin'))
    throw new ClawError('conflict', `${name} ships with claw and cannot be deleted.`, {
      hint: `To switch it off: claw config set DISABLED_TOOLS ${name}`,
    });
  const at = deps.clock.now();
  const rows = await deps.store.transaction(async ({ tools, marketplace, audit }) => {
    if ((await marketplace.find(name)) !== undefined)
      throw new ClawError('conflict', `${name} was installed from a marketplace.`, { hint: 'Uninstall it.' });
    const versions = await tools.versionsOf(name);
    const [newest] = versions;
    if (newest === undefined)
      throw new ClawError('not-found', `There is no tool named ${JSON.stringify(name)}.`, { hint: 'claw tool list' });
    const gone = { state: 'rejected', is_approved: 0, reason: DELETED, decided_by: by.id, decided_at: at } as const;
    for (const { id } of versions) await tools.updateVersion(id, gone);
    await audit.append({ at, by: doneBy(by), action: 'tool.delete', ...toolTarget({ ...newest, reason: null }) });
    return versions.map((row) => ({ ...row, ...gone }));
  });
  // The rows first: a file that is left behind by a crash does not run.
  const hashes = new Set(rows.map(({ hash }) => hash));
  for (const { file, hash } of readToolFolder(deps.folder).files)
    if (hashes.has(hash)) rmSync(join(deps.folder, file), { force: true });
  const [newest] = rows;
  if (newest === undefined) throw new ClawError('not-found', `There is no tool named ${JSON.stringify(name)}.`);
  return newest;
}
