/** Owns the making of vectors for passages that have none: in batches of one owner, each kept in the transaction that pays for it, so that whoever is killed goes on where it was. It never touches the index of words. */
import { ClawError } from '../kernel/errors.ts';
import type { BareChunk, NewVector } from '../store/knowledge-vectors-table.ts';
import type { Store, Tables } from '../store/store.ts';
import { encodeVector } from './vector-code.ts';

/** The embedding model of this home, its calls written down and paid for. */
export interface Embedder {
  /** Names the vectors that can be compared with each other. */
  readonly space: string;
  /** Texts of a call at most. */
  readonly maxTexts: number;
  /** Makes the vectors of texts, in order; `write` runs in the transaction that settles the call. */
  embed(call: {
    readonly ownerId: string;
    readonly texts: readonly string[];
    readonly reason: 'embed-documents' | 'embed-question';
    readonly signal: AbortSignal;
    readonly write?: (tables: Tables, vectors: readonly Float32Array[]) => Promise<void>;
  }): Promise<readonly Float32Array[]>;
  /** Counts the calls of processes that died. */
  loseOld(): Promise<void>;
  /** Whether the model refused what it was sent, rather than failed. */
  isRefusal(error: unknown): boolean;
}

export interface EmbedResult {
  /** Passages that got a vector. */
  embedded: number;
  /** Passages that the model would not take. */
  refused: number;
  /** Why it stopped before the end, for each owner whose budget is used up. */
  readonly problems: string[];
}

export interface EmbedOptions {
  /** Only of this owner; of all when absent. */
  readonly ownerId?: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (result: EmbedResult) => void;
}

const CALL_TIMEOUT_MS = 60_000;
/** Characters of a passage with its title that are sent; a passage has a few hundred. */
const MAX_TEXT = 4_000;

/** Gives each passage a vector. Throws what the provider fails with: what was made until then stays. */
export async function embedChunks(
  { store, embedder }: { readonly store: Store; readonly embedder: Embedder },
  { ownerId, signal, onProgress }: EmbedOptions,
): Promise<EmbedResult> {
  const result: EmbedResult = { embedded: 0, refused: 0, problems: [] };
  const { space, maxTexts } = embedder;
  const broke = new Set<string>();
  await embedder.loseOld();
  for (let after = 0; ;) {
    signal.throwIfAborted();
    const found = await store.knowledge.vectors.bareChunks({ space, ownerId }, after, maxTexts);
    if (found.length === 0) return result;
    after = found.at(-1)?.seq ?? after;
    for (const [owner, chunks] of Map.groupBy(found, (chunk) => chunk.owner_id)) {
      if (broke.has(owner)) continue;
      try {
        await embedBatch({ store, embedder }, owner, chunks, { signal, result });
      } catch (error) {
        if (!(error instanceof ClawError) || error.code !== 'limit-reached') throw error;
        broke.add(owner);
        result.problems.push(error.message);
      }
    }
    onProgress?.(result);
  }
}

/** A batch that is refused is sent again one by one: one passage must not keep the others from theirs. */
async function embedBatch(
  deps: { readonly store: Store; readonly embedder: Embedder },
  ownerId: string,
  chunks: readonly BareChunk[],
  run: { readonly signal: AbortSignal; readonly result: EmbedResult },
): Promise<void> {
  const { store, embedder } = deps;
  const write = (tables: Tables, vectors: readonly Float32Array[]): Promise<void> =>
    tables.knowledge.vectors.putVectors(chunks.map((chunk, at) => vectorRow(chunk, embedder.space, vectors[at])));
  const signal = AbortSignal.any([run.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
  try {
    await embedder.embed({ ownerId, texts: chunks.map(textOf), reason: 'embed-documents', signal, write });
    run.result.embedded += chunks.length;
  } catch (error) {
    if (!embedder.isRefusal(error)) throw error;
    const refused = chunks.length === 1 ? chunks : await embedEach(deps, ownerId, chunks, run);
    // Nothing was ever taken: it is not these passages that are wrong.
    if (run.result.embedded === 0) throw error;
    await store.transaction(({ knowledge }) => knowledge.vectors.putVectors(refused.map(refusedRow(embedder.space))));
    run.result.refused += refused.length;
  }
}

/** Sends passages one by one and returns those that were refused. */
async function embedEach(
  { embedder }: { readonly embedder: Embedder },
  ownerId: string,
  chunks: readonly BareChunk[],
  { signal, result }: { readonly signal: AbortSignal; readonly result: EmbedResult },
): Promise<BareChunk[]> {
  const refused: BareChunk[] = [];
  for (const chunk of chunks) {
    const write = ({ knowledge }: Tables, [vector]: readonly Float32Array[]): Promise<void> =>
      knowledge.vectors.putVectors([vectorRow(chunk, embedder.space, vector)]);
    const timed = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    try {
      await embedder.embed({ ownerId, texts: [textOf(chunk)], reason: 'embed-documents', signal: timed, write });
      result.embedded += 1;
    } catch (error) {
      if (!embedder.isRefusal(error)) throw error;
      refused.push(chunk);
    }
  }
  return refused;
}

const textOf = ({ title, heading, text }: BareChunk): string =>
  [title, heading, text]
    .filter((part) => part.trim() !== '')
    .join('\n')
    .slice(0, MAX_TEXT);

const NOTHING = new Uint8Array(0);

/** A vector without a direction is kept as refused: it is near to nothing. */
function vectorRow(chunk: BareChunk, space: string, values: Float32Array | undefined): NewVector {
  const row = refusedRow(space)(chunk);
  return values?.some((value) => value !== 0) === true ? { ...row, ...encodeVector(values) } : row;
}

const refusedRow =
  (space: string) =>
  ({ seq, owner_id }: BareChunk): NewVector => ({ chunk_seq: seq, owner_id, space, code: NOTHING, vector: NOTHING });
