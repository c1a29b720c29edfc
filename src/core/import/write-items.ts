/** Owns the way of items into the home: what was taken over before is left alone, the rest goes in by batches, each in one transaction with the note that it was taken over. Cut off at any instant, the next run goes on. */
import { createHash } from 'node:crypto';
import { ClawError } from '../kernel/errors.ts';
import type { ImportedItemRow } from '../store/imported-items-table.ts';
import type { Store } from '../store/store.ts';
import type { ImportedItem, ImportKind, TakenItem } from './imported.ts';
import type { Tally } from './tally.ts';
import type { Decision, ImportRun, Taker, Takers } from './taker.ts';

export interface WriteDeps {
  readonly store: Store;
  readonly takers: Takers;
  readonly run: ImportRun;
  readonly tally: Tally;
}

export interface WriteOptions {
  /** Nothing is written; the counts are those of a run. */
  readonly isDry: boolean;
  /** Kinds to take over; all when absent. */
  readonly only: ReadonlySet<ImportKind> | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

const BATCH_ITEMS = 400;
/** Characters of a batch, about. */
const BATCH_CHARS = 4_000_000;
const MAX_SOURCE_ID = 200;
/** What they hold is not even kept as a hash. */
const UNHASHED: ReadonlySet<ImportKind> = new Set(['secret', 'key', 'webhook']);

interface Pending {
  readonly item: TakenItem;
  readonly decision: Extract<Decision, { state: 'new' | 'already' }>;
}

/** Takes over everything that `items` gives. Throws what the signal says, and what the store throws. */
export async function writeItems(
  deps: WriteDeps,
  items: AsyncIterable<ImportedItem>,
  options: WriteOptions,
): Promise<void> {
  const seen = new Set<string>();
  let batch: TakenItem[] = [];
  let chars = 0;
  const flush = async (): Promise<void> => {
    await writeBatch(deps, batch, options);
    options.signal.throwIfAborted();
    options.onProgress?.(deps.tally.total());
    batch = [];
    chars = 0;
  };
  for await (const each of items) {
    if (each.kind === 'remark') deps.tally.remark(null, each.text);
    else if (each.kind !== 'skipped') {
      const item = withShortId(each);
      if (isWanted(item.kind, options) && isTwice(deps, seen, item)) continue;
      batch.push(item);
      chars += sizeOf(item);
    } else if (isWanted(each.of, options)) deps.tally.skip(each.of, each.reason, each.sourceId);
    if (batch.length >= BATCH_ITEMS || chars >= BATCH_CHARS) await flush();
  }
  await flush();
}

const isWanted = (kind: ImportKind, { only }: WriteOptions): boolean => only === undefined || only.has(kind);

/** Messages are too many to remember; their names are unique in their source. */
function isTwice({ tally }: WriteDeps, seen: Set<string>, item: TakenItem): boolean {
  const { kind, sourceId } = item;
  if (kind === 'message') return false;
  const name = `${kind} ${sourceId}`;
  if (seen.has(name)) tally.skip(kind, 'it is there twice', nameOf(item));
  const isSeen = seen.has(name);
  seen.add(name);
  return isSeen;
}

function sizeOf(item: TakenItem): number {
  if (item.kind === 'message') return JSON.stringify(item.parts).length;
  return item.kind === 'document' ? item.content.length : 200;
}

/** A long name is kept by its beginning and a hash. */
function withShortId<Item extends TakenItem>(item: Item): Item {
  if (item.sourceId.length <= MAX_SOURCE_ID) return item;
  return { ...item, sourceId: `${item.sourceId.slice(0, 100).toWellFormed()}#${sha256(item.sourceId)}` };
}

async function writeBatch(deps: WriteDeps, batch: readonly TakenItem[], options: WriteOptions): Promise<void> {
  const known = await knownOf(deps, batch);
  let pending: Pending[] = [];
  const flush = async (): Promise<void> => {
    await commit(deps, pending, options.isDry);
    pending = [];
  };
  for (const item of batch) {
    const taker = deps.takers[item.kind] as Taker<TakenItem>;
    const row = known.get(`${item.kind} ${item.sourceId}`);
    if (row !== undefined) {
      await taker.known?.(item, row);
      if (isWanted(item.kind, options)) tellKnown(deps, item, row);
      continue;
    }
    if (!isWanted(item.kind, options)) continue;
    const decision = await decide(taker, item);
    if (decision.state === 'skipped') deps.tally.skip(item.kind, decision.reason, nameOf(item));
    else if ('perform' in decision) {
      await flush();
      await perform(deps, item, decision, options);
    } else pending.push({ item, decision });
  }
  await flush();
}

async function knownOf(
  { store, run }: WriteDeps,
  batch: readonly TakenItem[],
): Promise<ReadonlyMap<string, ImportedItemRow>> {
  const known = new Map<string, ImportedItemRow>();
  for (const [kind, items] of Map.groupBy(batch, (item) => item.kind)) {
    const ids = items.map(({ sourceId }) => sourceId);
    for (const row of await store.imported.known(run.source, kind, ids)) known.set(`${kind} ${row.source_id}`, row);
  }
  return known;
}

function tellKnown({ tally }: WriteDeps, item: TakenItem, { hash }: ImportedItemRow): void {
  tally.count(item.kind, 'already');
  if (hash !== '' && hash !== hashOf(item))
    tally.remark(item.kind, 'It has changed there since it was taken over; what is here stays.', nameOf(item));
}

async function decide(taker: Taker<TakenItem>, item: TakenItem): Promise<Decision> {
  try {
    return await taker.decide(item);
  } catch (error) {
    if (error instanceof ClawError) return { state: 'skipped', reason: error.message };
    throw error;
  }
}

async function perform(
  { store, run, tally }: WriteDeps,
  item: TakenItem,
  decision: Extract<Decision, { perform: unknown }>,
  { isDry, signal }: WriteOptions,
): Promise<void> {
  try {
    signal.throwIfAborted();
    const targetId = isDry ? '' : await decision.perform(signal);
    if (!isDry) await store.imported.insert(noteOf(run, item, targetId));
    settle(tally, item, decision);
  } catch (error) {
    if (!(error instanceof ClawError) || signal.aborted) throw error;
    tally.skip(item.kind, error.message, nameOf(item));
  }
}

/** All in one transaction; when one of them cannot be written, each in its own. */
async function commit({ store, run, tally }: WriteDeps, pending: readonly Pending[], isDry: boolean): Promise<void> {
  if (pending.length === 0) return;
  const write = (some: readonly Pending[]): Promise<void> =>
    store.transaction(async (tables) => {
      for (const { item, decision } of some) {
        if ('write' in decision) await decision.write(tables);
        const { targetId } = decision as { readonly targetId?: string };
        if (targetId !== undefined) await tables.imported.insert(noteOf(run, item, targetId));
      }
    });
  try {
    if (!isDry) await write(pending);
    for (const { item, decision } of pending) settle(tally, item, decision);
  } catch (error) {
    if (!(error instanceof ClawError)) throw error;
    const [first, ...rest] = pending;
    if (first === undefined) return;
    if (rest.length === 0) tally.skip(first.item.kind, error.message, nameOf(first.item));
    else for (const each of pending) await commit({ store, run, tally } as WriteDeps, [each], isDry);
  }
}

function settle(tally: Tally, item: TakenItem, decision: Pending['decision']): void {
  const { kind, remark } = item;
  tally.count(kind, decision.state);
  if (decision.remark !== undefined) tally.remark(kind, decision.remark, nameOf(item));
  if (remark !== undefined && decision.state === 'new') tally.remark(kind, remark, nameOf(item));
}

/** What a person knows it by. */
function nameOf(item: TakenItem): string {
  if (item.kind === 'memory') return `${item.category}/${item.key}`;
  if ('name' in item && item.kind !== 'document') return item.name;
  if ('title' in item && item.title !== '') return item.title;
  return item.sourceId;
}

function noteOf(run: ImportRun, item: TakenItem, targetId: string): ImportedItemRow {
  const { kind, sourceId: source_id } = item;
  return { source: run.source, kind, source_id, target_id: targetId, hash: hashOf(item), at: run.now };
}

function hashOf(item: TakenItem): string {
  if (UNHASHED.has(item.kind)) return '';
  const { remark: _remark, ...content } = item;
  return sha256(JSON.stringify(content));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
