/** Owns how a home gets rid of what is older than it is kept: what would go, one round of it, and when the last was and the next will be. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { HomePaths } from '../kernel/paths.ts';
import { rotateLog } from '../kernel/rotate-log.ts';
import type { AuditBy } from '../store/audit-table.ts';
import type { Gone } from '../store/retention-rules.ts';
import type { Store } from '../store/store.ts';
import { cleanConversations } from './clean-conversations.ts';
import { type Cleaning, cleanRows, OTHER_KINDS, SENT_KINDS } from './clean-rows.ts';
import { type Counts, createCounts } from './counts.ts';
import { auditLimit, cutAudit } from './cut-audit.ts';
import { inSteps, type Pace } from './in-steps.ts';
import { type KeepSettings, limitsAt, type Rule, rulesOf } from './limits.ts';
import { nightsAround } from './next-night.ts';
import { isSnapshot, sweepFiles, withOlder } from './sweep-files.ts';

export interface RetentionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly paths: HomePaths;
  /** As they are now. */
  readonly settings: () => RetentionSettings;
  /** Lets others work, after a step that took so many milliseconds. */
  readonly rest: Pace['rest'];
}

export interface RetentionSettings extends KeepSettings {
  /** IANA zone in which nights are. */
  readonly zone: string;
  readonly logBytes: number;
  /** Where conversations come from of which each request of a client makes one. */
  readonly requestOrigin: string;
}

/** What went, or would go. */
export interface RetentionReport {
  readonly isTrial: boolean;
  /** Milliseconds UTC. */
  readonly at: number;
  readonly ms: number;
  readonly gone: readonly (Gone & { readonly kind: string })[];
}

export type RetentionService = ReturnType<typeof createRetention>;

const ACTION = 'retention.run';

export function createRetention(deps: RetentionDeps) {
  const { store, clock, paths, settings } = deps;
  const nights = () => nightsAround(clock.now(), settings().zone, paths.home);
  let running = false;
  const last = (): Promise<RetentionReport | undefined> => lastRun(store);
  return {
    rules: (): readonly Rule[] => rulesOf(settings()),
    /** The last round that came to its end. */
    last,
    /** When a server begins the next round (milliseconds UTC). */
    next: (): number => nights().next,
    /** Whether there was no round since the last night. */
    async isDue(): Promise<boolean> {
      return ((await last())?.at ?? 0) < nights().last;
    },
    /** One round; `isTrial`: only counts. Throws `locked` while another one of this process runs, and the signal's reason. */
    async run(by: AuditBy, signal: AbortSignal, isTrial = false): Promise<RetentionReport> {
      if (running) throw new ClawError('locked', 'A cleanup runs already.', { hint: 'Try again when it is done.' });
      running = true;
      try {
        return await run(deps, { by, signal, isTrial });
      } finally {
        running = false;
      }
    },
  };
}

interface Round {
  readonly by: AuditBy;
  readonly signal: AbortSignal;
  readonly isTrial: boolean;
}

async function run(deps: RetentionDeps, { by, signal, isTrial }: Round): Promise<RetentionReport> {
  const { store, clock, rest } = deps;
  const settings = deps.settings();
  const at = clock.now();
  const began = clock.elapsed();
  const pace = { clock, rest };
  const counts = createCounts();
  const cleaning: Cleaning = { store, pace, limits: limitsAt(settings, at), counts, isTrial, signal };
  if (!isTrial) await store.transaction(({ retention }) => retention.mergeWhenDeleted(false));
  await cleanRows(cleaning, SENT_KINDS);
  await cleanConversations(cleaning, settings.requestOrigin);
  await cleanRows(cleaning, OTHER_KINDS);
  await cleanAudit(cleaning, settings.auditDays);
  await cleanFiles(deps.paths, settings, cleaning);
  if (!isTrial) await wipe(cleaning);
  const report = { isTrial, at, ms: Math.round(clock.elapsed() - began), gone: counts.all() };
  if (!isTrial) await store.audit.append({ at, by, action: ACTION, detail: { ms: report.ms, gone: detailOf(counts) } });
  return report;
}

async function cleanAudit({ store, pace, counts, isTrial, signal }: Cleaning, keepDays: number): Promise<void> {
  const rows = isTrial
    ? await countAudit(store, auditLimit(keepDays, pace.clock.now()))
    : await cutAudit(store, pace, keepDays, signal);
  counts.add('audit_events', { rows, bytes: 0 });
}

/** Rows are numbered without gaps. */
async function countAudit(store: Store, limit: number): Promise<number> {
  const head = await store.audit.head();
  const [youngest] = limit === 0 ? [] : await store.audit.list({ until: limit }, 1);
  return youngest === undefined ? 0 : Math.max(0, youngest.seq - (head?.cut_seq ?? 0));
}

async function cleanFiles(paths: HomePaths, settings: RetentionSettings, cleaning: Cleaning): Promise<void> {
  const { store, limits, counts, isTrial } = cleaning;
  const needed = await store.retention.attachments();
  const spool = { folder: paths.spool, isMeant: () => true, limit: limits.deliveries, needed, isTrial };
  counts.add('spool_files', await sweepFiles(spool));
  const history = { ...withOlder(paths.replHistory), limit: limits.conversations, isTrial };
  counts.add('input_history', await sweepFiles(history));
  const snapshots = { folder: paths.backups, isMeant: isSnapshot, limit: limits.records, keep: 1, isTrial };
  counts.add('snapshots', await sweepFiles(snapshots));
  if (isTrial) return;
  const log = { maxBytes: settings.logBytes, keepDays: settings.logDays };
  counts.add('logs', { rows: rotateLog(paths.log, log, limits.now).removed, bytes: 0 });
}

/** Pages of the index that are merged in one step. */
const MERGED_PAGES = 4;
/** A log of less is written over soon. */
const WIPED_FROM_BYTES = 1;

/** Nothing of what went stays in the index, or in the log beside the database. */
async function wipe({ store, pace, signal }: Cleaning): Promise<void> {
  await store.transaction(({ retention }) => retention.mergeWhenDeleted(true));
  // A first step of the other sign has everything merged into one; the next ones go on with it.
  let pages = -MERGED_PAGES;
  await inSteps(pace, signal, async () => {
    const isDone = await store.transaction(({ retention }) => retention.mergeIndex(pages));
    pages = MERGED_PAGES;
    return isDone ? 'done' : 'more';
  });
  await store.checkpoint(WIPED_FROM_BYTES);
}

function detailOf(counts: Counts): Record<string, { rows: number; bytes: number }> {
  return Object.fromEntries(counts.all().map(({ kind, rows, bytes }) => [kind, { rows, bytes }]));
}

async function lastRun(store: Store): Promise<RetentionReport | undefined> {
  const [row] = await store.audit.list({ action: ACTION }, 1);
  if (row === undefined) return undefined;
  const { ms, gone } = JSON.parse(row.detail) as { ms: number; gone: Record<string, Gone> };
  return { isTrial: false, at: row.at, ms, gone: Object.entries(gone).map(([kind, each]) => ({ kind, ...each })) };
}
