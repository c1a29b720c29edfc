/** Owns one import from its beginning to its report: the right folder, one at a time, every item on its way, the search made ready, and a row in the audit trail. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor } from '../access/actor.ts';
import type { User } from '../access/local-user.ts';
import { requirePermission } from '../access/permissions.ts';
import { indexMessages } from '../conversations/message-index.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store } from '../store/store.ts';
import type { ImportKind, ImportSource } from './imported.ts';
import { openSource } from './open-source.ts';
import type { Reader, Source } from './reader.ts';
import { createTally, type ImportResult, type Tally } from './tally.ts';
import type { ImportRun, Takers } from './taker.ts';
import { writeItems } from './write-items.ts';

export interface ImportDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** A reader of each source. */
  readonly readers: () => Promise<readonly Reader[]>;
  readonly takers: (run: ImportRun) => Promise<Takers>;
  readonly place: {
    /** For copies of databases; only this uses it. */
    readonly scratch: string;
    /** Taken by the one process that imports; undefined when another has it. */
    readonly hold: () => { release(): void } | undefined;
  };
}

export interface ImportRequest {
  readonly source: ImportSource;
  /** Absolute. */
  readonly folder: string;
  readonly isDry: boolean;
  readonly only: ReadonlySet<ImportKind> | undefined;
  readonly activates: boolean;
  /** Owner of what has none there. */
  readonly owner: User;
  readonly signal: AbortSignal;
  /** Told of each step, and how many things are done. */
  readonly onProgress?: (step: 'read' | 'index', done: number) => void;
}

export interface ImportReport extends ImportResult {
  readonly source: ImportSource;
  readonly label: string;
  readonly folder: string;
  readonly isDry: boolean;
  readonly owner: string;
}

/** Most bytes of one file that is read as a whole. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Throws `permission-denied`, `not-found` for a folder that is of another kind, `data-invalid` for one that is too new, `locked` while another import runs. */
export async function runImport(deps: ImportDeps, by: Actor, request: ImportRequest): Promise<ImportReport> {
  requirePermission(by, 'user.manage');
  const lock = deps.place.hold();
  if (lock === undefined) throw new ClawError('locked', phrase('otherImportRuns'), { hint: 'Wait until it is done.' });
  try {
    await emptyFolder(deps.place.scratch);
    return await runAlone(deps, by, request);
  } catch (error) {
    const reason = toError(error).message;
    if (error instanceof ClawError && !request.isDry) await audit(deps, by, request, { outcome: 'failed', reason });
    throw error;
  } finally {
    await rm(deps.place.scratch, { recursive: true, force: true });
    lock.release();
  }
}

async function runAlone(deps: ImportDeps, by: Actor, request: ImportRequest): Promise<ImportReport> {
  const { store, clock } = deps;
  const { source, folder, isDry, owner, activates, signal, onProgress } = request;
  const tally = createTally();
  const tell = (path: string, why: string): void => tally.remark(null, `${path}: ${why}`);
  await using opened = await openSource(folder, { scratch: join(deps.place.scratch, 'copies'), tell });
  const reader = await choose(await deps.readers(), source, opened);
  const { label } = reader;
  const run: ImportRun = {
    source,
    label,
    by,
    owner,
    now: clock.now(),
    activates,
    users: new Map(),
    rooms: new Set(),
    conversation: undefined,
  };
  const items = reader.read(opened, { maxFileBytes: MAX_FILE_BYTES }, signal);
  const takers = await deps.takers(run);
  const told = (done: number): void => onProgress?.('read', done);
  await writeItems({ store, takers, run, tally }, items, { isDry, only: request.only, signal, onProgress: told });
  if (!isDry) {
    await makeSearchable(store, request);
    await audit(deps, by, request, { counts: countsOf(tally) });
  }
  return { source, label, folder, isDry, owner: owner.username, ...tally.result() };
}

/** The reader of the source. Throws when the folder is none of its kind, with the kind it looks like. */
async function choose(readers: readonly Reader[], wanted: ImportSource, source: Source): Promise<Reader> {
  const looks = await Promise.all(readers.map(async (reader) => ({ reader, ...(await reader.look(source)) })));
  const found = looks.find(({ reader }) => reader.source === wanted);
  if (found !== undefined && found.score > 0) {
    if (found.refusal === undefined) return found.reader;
    throw new ClawError('data-invalid', found.refusal, { hint: 'Nothing was taken over.' });
  }
  const [best] = looks.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score);
  const name = found?.reader.label ?? wanted;
  throw new ClawError('not-found', `${source.path} is no home of ${name}.`, {
    hint:
      best === undefined
        ? `Name the folder in which ${name} ran.`
        : `It looks like one of ${best.reader.label}: claw import ${best.reader.source} ${source.path}`,
  });
}

/** Indexes what was added, so that the first search does not pay for it. */
async function makeSearchable(store: Store, { signal, onProgress }: ImportRequest): Promise<void> {
  let done = 0;
  for (let taken = await indexMessages(store); taken > 0; taken = await indexMessages(store)) {
    signal.throwIfAborted();
    done += taken;
    onProgress?.('index', done);
  }
}

function countsOf(tally: Tally): Record<string, JsonValue> {
  const { kinds } = tally.result();
  return Object.fromEntries(kinds.map(({ kind, ...counts }) => [kind, counts]));
}

async function audit(
  { store, clock }: ImportDeps,
  by: Actor,
  { source, folder }: ImportRequest,
  { outcome = 'ok', ...rest }: { outcome?: 'ok' | 'failed'; counts?: Record<string, JsonValue>; reason?: string },
): Promise<void> {
  const detail = { source, ...rest };
  await store.audit.append({ at: clock.now(), by, action: 'import.run', target: folder, outcome, detail });
}

/** What an import that was killed left behind goes. */
async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
}
