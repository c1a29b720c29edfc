/** Owns the applying of what is safe to apply: a copy first, every setting in one change of config.json that one undo takes back, and modes of files. */
import type { Settings } from '../../config/load-settings.ts';
import type { SettingName } from '../../config/settings-table.ts';
import type { AuditReport } from './audit.ts';
import type { Finding, Remedy } from './finding.ts';

export interface HardenChange {
  /** Id of the finding that it mends. */
  readonly finding: string;
  readonly what: 'setting' | 'mode';
  /** Name of the setting, or path of the file. */
  readonly name: string;
  readonly before: unknown;
  /** Null: back to its default. */
  readonly after: unknown;
}

export interface HardenReport {
  readonly dry_run: boolean;
  readonly score_before: number;
  /** Null with a dry run. */
  readonly score_after: number | null;
  readonly changes: readonly HardenChange[];
  /** Where what was there before is kept. */
  readonly snapshot: string | null;
  /** The command that takes the settings back; null when none was changed. */
  readonly undo: string | null;
  /** What is left for people. */
  readonly left: readonly Finding[];
}

export interface HardenDeps {
  readonly audit: () => Promise<{
    readonly report: AuditReport;
    readonly remedies: ReadonlyMap<string, readonly Remedy[]>;
  }>;
  readonly settings: () => Pick<Settings, 'resolve'>;
  readonly snapshot: () => Promise<string>;
  /** Changes config.json at once and returns the version before; undefined when nothing changed. */
  readonly editSettings: (
    edits: readonly { readonly name: SettingName; readonly value?: unknown }[],
  ) => Promise<number | undefined>;
  /** Permissions of a file, and taking some of them away. */
  readonly modes: {
    readonly get: (path: string) => Promise<number>;
    readonly remove: (path: string, bits: number) => Promise<void>;
  };
}

/** Applies every remedy; with `isTrial` it only says which. */
export async function harden(deps: HardenDeps, isTrial: boolean): Promise<HardenReport> {
  const { report, remedies } = await deps.audit();
  const todo = [...remedies].flatMap(([finding, each]) => each.map((remedy) => ({ finding, remedy })));
  const changes = await Promise.all(todo.map(({ finding, remedy }) => describe(deps, finding, remedy)));
  const plan = { dry_run: isTrial, score_before: report.score, changes };
  const left = report.findings.filter((finding) => !finding.is_auto_fixable);
  if (isTrial || todo.length === 0)
    return { ...plan, score_after: isTrial ? null : report.score, snapshot: null, undo: null, left };
  const snapshot = await deps.snapshot();
  const edits = todo.flatMap(({ remedy }) =>
    remedy.kind === 'setting' ? [{ name: remedy.name, ...(remedy.value === null ? {} : { value: remedy.value }) }] : [],
  );
  const version = edits.length === 0 ? undefined : await deps.editSettings(edits);
  const refused = new Set<string>();
  for (const { remedy } of todo) {
    if (remedy.kind !== 'mode') continue;
    // Such as a link that somebody put there: what it leads to is not touched, and stays a finding.
    await deps.modes.remove(remedy.path, remedy.remove).catch(() => refused.add(remedy.path));
  }
  const done = changes.filter(({ what, name }) => what !== 'mode' || !refused.has(name));
  const after = (await deps.audit()).report;
  const undo = version === undefined ? null : `claw config undo ${version}`;
  return { ...plan, changes: done, score_after: after.score, snapshot, undo, left: after.findings };
}

async function describe(deps: HardenDeps, finding: string, remedy: Remedy): Promise<HardenChange> {
  if (remedy.kind === 'setting') {
    const before = deps.settings().resolve(remedy.name).value ?? null;
    return { finding, what: 'setting', name: remedy.name, before, after: remedy.value };
  }
  const mode = await deps.modes.get(remedy.path);
  const text = (bits: number): string => bits.toString(8).padStart(4, '0');
  return { finding, what: 'mode', name: remedy.path, before: text(mode), after: text(mode & ~remedy.remove) };
}
