/** Owns what `claw knowledge add` was given: which source it is, its progress on stderr, and the report at the end. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { ClawError, toError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import type { Doer } from '../core/store/audit-table.ts';
import type { Knowledge } from '../core/knowledge/knowledge-service.ts';
import { printErr, showProgress } from './print.ts';

export interface AddFlags {
  readonly jsonl: boolean;
  readonly watch: boolean;
  readonly title?: string | undefined;
  readonly name?: string | undefined;
}

/** What `add` prints with --json. */
export interface AddReport {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly duplicates: number;
  readonly removed: number;
  readonly chunks: number;
  readonly failed: readonly { readonly source: string; readonly reason: string }[];
  /** The document, when it was one. */
  readonly document: { readonly id: string; readonly title: string; readonly source: string } | null;
}

const NOTHING = {
  added: 0,
  updated: 0,
  unchanged: 0,
  duplicates: 0,
  removed: 0,
  chunks: 0,
  failed: [],
  document: null,
};

/** Adds a file, a folder, a URL, or `-` for stdin, and shows on a terminal how far it is. */
export async function addSource(...args: Parameters<typeof addAny>): Promise<AddReport> {
  const [, , source] = args;
  showProgress(`reading ${source}`);
  try {
    return await addAny(...args);
  } finally {
    showProgress('');
  }
}

async function addAny(
  knowledge: Knowledge,
  by: Doer,
  source: string,
  flags: AddFlags,
  signal: AbortSignal,
): Promise<AddReport> {
  const onProgress = progress();
  if (flags.jsonl) {
    const input = source === '-' ? process.stdin : createReadStream(await existing(source));
    const lines = createInterface({ input, crlfDelay: Infinity });
    const { failed, ...counts } = await knowledge.addLines(by, lines, { onProgress, signal });
    const told = failed.map(({ line, reason }) => ({ source: `line ${line}`, reason }));
    return { ...NOTHING, ...counts, failed: told };
  }
  const onWritten = (passages: number, of: number): void =>
    showProgress(`${passages} of ${count(of, 'passage')} so far; Ctrl-C stops`);
  const options = { signal, onWritten, ...(flags.title === undefined ? {} : { title: flags.title }) };
  if (source === '-') {
    const name = flags.name === undefined ? {} : { name: flags.name };
    return one(await knowledge.addText(by, { content: await text(process.stdin), ...options, ...name }));
  }
  if (/^https?:\/\//i.test(source)) return one(await knowledge.addUrl(by, source, options));
  const path = await existing(source);
  if (!(await stat(path)).isDirectory()) return one(await knowledge.addFile(by, path, options));
  const { duplicate, ...counts } = await knowledge.addFolder(by, path, { onProgress, signal, watch: flags.watch });
  return { ...NOTHING, ...counts, duplicates: duplicate };
}

function one(added: Awaited<ReturnType<Knowledge['addText']>>): AddReport {
  const { id, title, source, outcome, chunks } = added;
  const counted = outcome === 'duplicate' ? 'duplicates' : outcome;
  return { ...NOTHING, [counted]: 1, chunks, document: { id, title, source } };
}

async function existing(path: string): Promise<string> {
  const full = resolve(path);
  const isThere = await stat(full).then(
    () => true,
    () => false,
  );
  if (isThere) return full;
  throw new ClawError('not-found', phrase('noFileOrFolder', full), {
    hint: phrase('giveSource'),
  });
}

/** The report for people. */
export function reportText({ added, updated, unchanged, duplicates, removed, chunks, document }: AddReport): string {
  if (document !== null) {
    if (duplicates > 0) return `The same content is there already: ${document.title} (${document.id}).`;
    if (unchanged > 0) return `Unchanged: ${document.title} (${document.id}).`;
    return `${added > 0 ? 'Added' : 'Updated'}: ${document.title} (${document.id}), ${count(chunks, 'passage')}.`;
  }
  const counts = Object.entries({ added, updated, unchanged, duplicates, removed }).filter(([, number]) => number > 0);
  const told = counts.map(([word, number]) => `${number} ${word}`).join(', ');
  return `${told === '' ? 'Nothing to add' : told}; ${count(chunks, 'passage')}.`;
}

/** Tells on stderr what could not be added. Throws when that was everything. */
export function reportFailures({ failed, ...report }: AddReport): void {
  for (const { source, reason } of failed.slice(0, 20)) printErr(`${source}: ${reason}`);
  if (failed.length > 20) printErr(`and ${failed.length - 20} more`);
  const done = report.added + report.updated + report.unchanged + report.duplicates + report.removed;
  if (failed.length > 0 && done === 0)
    throw new ClawError('data-invalid', `Nothing was added: ${failed[0]?.reason ?? ''}.`);
}

const SHOW_EVERY_MS = 100;

/** Shows on a terminal how far it is, ten times a second. */
function progress(): (so: { added: number; updated: number; unchanged: number; chunks: number }) => void {
  let last = 0;
  return ({ added, updated, unchanged, chunks }) => {
    if (performance.now() - last < SHOW_EVERY_MS) return;
    last = performance.now();
    showProgress(`${count(added + updated + unchanged, 'document')}, ${count(chunks, 'passage')} so far; Ctrl-C stops`);
  };
}

/** Gives the owner's new passages their vectors. What keeps it from that is told and nothing more: words are found without them. Throws `cancelled`. */
export async function embedAdded(
  knowledge: Knowledge,
  options: { readonly ownerId?: string; readonly retryRefused?: boolean; readonly signal: AbortSignal },
): Promise<number> {
  try {
    const onProgress = ({ embedded }: { embedded: number }): void =>
      showProgress(`${count(embedded, 'vector')} so far; Ctrl-C stops`);
    const result = await knowledge.embed({ ...options, onProgress });
    showProgress('');
    for (const problem of result?.problems ?? []) printErr(`Not all passages have vectors: ${problem}`);
    if ((result?.refused ?? 0) > 0)
      printErr(`${count(result?.refused ?? 0, 'passage')} refused by the embedding model.`);
    return result?.embedded ?? 0;
  } catch (error) {
    showProgress('');
    if (options.signal.aborted) throw new ClawError('cancelled', 'Stopped; what was added stays.');
    printErr(`No vectors were made, words are found all the same: ${toError(error).message}`);
    return 0;
  }
}

export const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
