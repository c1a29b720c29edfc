/** Owns the measurement of speed: made-up documents of a given size are written, then searched as a person does and as a turn does. Times are taken on the clock and of the processor, which other programs disturb less. */
import { Readable } from 'node:stream';
import { systemClock } from '../src/core/kernel/clock.ts';
import { addLines } from '../src/core/knowledge/add-lines.ts';
import type { Block, ReadDocument } from '../src/core/knowledge/document.ts';
import { indexDocuments, sha256 } from '../src/core/knowledge/index-document.ts';
import { recallKnowledge } from '../src/core/knowledge/recall-knowledge.ts';
import { searchKnowledge } from '../src/core/knowledge/search-knowledge.ts';
import type { Store } from '../src/core/store/store.ts';
import type { Figure } from './figure.ts';
import { makeCorpus } from './knowledge-corpus.ts';
import { median, percentile } from './statistics.ts';

const CHUNKS_A_DOCUMENT = 500;
const QUERIES = 200;
const WARM_UP = 20;
const SMALL_DOCUMENTS = 5_000;
/** The size that the targets are for. */
const LARGE = 100_000;

interface Times {
  readonly wall: number[];
  readonly cpu: number[];
}

export async function scaleFigures(store: Store, owner: string, chunks: number): Promise<Figure[]> {
  const corpus = makeCorpus(7);
  const ingest: Times = { wall: [], cpu: [] };
  const asked: { question: string; passage: string }[] = [];
  const every = Math.ceil(chunks / (QUERIES + WARM_UP));
  for (let written = 0; written < chunks; written += CHUNKS_A_DOCUMENT) {
    const passages = Array.from({ length: CHUNKS_A_DOCUMENT }, () => corpus.passage());
    for (const [at, passage] of passages.entries())
      if ((written + at) % every === 0) asked.push({ question: corpus.question(passage), passage });
    await timed(ingest, () => writeDocument(store, owner, `d${written}`, passages));
  }
  for (const { question } of asked.splice(0, WARM_UP)) await searchKnowledge(store.knowledge, owner, question, 5);
  const search: Times = { wall: [], cpu: [] };
  const turn: Times = { wall: [], cpu: [] };
  let found = 0;
  for (const { question, passage } of asked) {
    const hits = await timed(search, () => searchKnowledge(store.knowledge, owner, question, 5));
    if (hits.some(({ text }) => text === passage)) found += 1;
    await timed(turn, () => recallKnowledge({ store, maxTokens: 1_000 }, owner, question));
  }
  const size = chunks.toLocaleString('en');
  const share = (100 * found) / asked.length;
  return [
    ...timeFigures(`documents, search, ${size} passages`, search, chunks === LARGE ? 20 : undefined),
    ...timeFigures(`documents, told to a turn, ${size} passages`, turn, chunks === LARGE ? 25 : undefined),
    { name: `documents, passage among five, ${size}`, value: share, unit: '%', note: `${asked.length} questions` },
    {
      name: `documents, ingest, ${size} passages`,
      value: perSecond(chunks, ingest.wall),
      unit: '/s',
      ...(chunks === LARGE ? { atLeast: 2_000 } : {}),
      note: `of about 450 characters, Korean and English; ${perSecond(chunks, ingest.cpu).toFixed(0)} a second of processor time`,
    },
  ];
}

/** Documents of one passage each, as a file of lines brings them. */
export async function smallDocumentsFigure(store: Store, owner: string): Promise<Figure> {
  const corpus = makeCorpus(8);
  const lines = Array.from({ length: SMALL_DOCUMENTS }, (_, at) =>
    JSON.stringify({ id: `line ${at}`, content: corpus.passage() }),
  );
  const ingest: Times = { wall: [], cpu: [] };
  const deps = { store, clock: systemClock, maxBytes: 1_000_000, read: readPlain };
  await timed(ingest, () => addLines(deps, { id: owner }, Readable.from(lines)));
  return {
    name: 'documents, ingest, one passage each',
    value: perSecond(lines.length, ingest.wall),
    unit: '/s',
    atLeast: 2_000,
    note: `${lines.length} lines; ${perSecond(lines.length, ingest.cpu).toFixed(0)} a second of processor time`,
  };
}

async function readPlain({ bytes }: { readonly bytes: Uint8Array }): Promise<ReadDocument> {
  return { title: '', kind: 'text', blocks: [plainBlock(Buffer.from(bytes).toString())] };
}

function timeFigures(name: string, { wall, cpu }: Times, atMost: number | undefined): Figure[] {
  const limit = atMost === undefined ? {} : { atMost };
  const note = (times: readonly number[]): string => `p50 ${median(times).toFixed(1)}, ${times.length} questions`;
  return [
    { name: `${name}, p95`, value: percentile(wall, 0.95), unit: 'ms', ...limit, note: note(wall) },
    { name: `${name}, processor, p95`, value: percentile(cpu, 0.95), unit: 'ms', note: note(cpu) },
  ];
}

const perSecond = (count: number, ms: readonly number[]): number =>
  (1_000 * count) / ms.reduce((sum, each) => sum + each, 0);

async function timed<T>({ wall, cpu }: Times, work: () => Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  wall.push(performance.now() - started);
  const { user, system } = process.cpuUsage(before);
  cpu.push((user + system) / 1_000);
  return result;
}

async function writeDocument(store: Store, owner: string, id: string, passages: readonly string[]): Promise<void> {
  const blocks = passages.map(plainBlock);
  const title = `문서 ${id}`;
  const identity = { by: { id: owner }, id, source: `text:${id}`, title, provenance: 'user', stamp: null } as const;
  const item = { identity: { ...identity, hash: sha256(id), bytes: 0 }, document: { title, kind: 'text', blocks } };
  await indexDocuments({ store, clock: systemClock }, [item]);
}

function plainBlock(text: string): Block {
  return { text, heading: '', place: 'line 1', shape: 'prose', group: '' };
}
