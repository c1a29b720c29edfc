/** Measures documents: recall on a question set that is given with `--data FILE` (evaluation only, not part of the project), query time and ingest speed at 100,000 chunks of made-up text. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localOwner } from '../src/core/access/local-user.ts';
import { systemClock } from '../src/core/kernel/clock.ts';
import type { Block } from '../src/core/knowledge/document.ts';
import { indexDocuments, sha256 } from '../src/core/knowledge/index-document.ts';
import { searchKnowledge } from '../src/core/knowledge/search-knowledge.ts';
import { openStore, type Store } from '../src/core/store/store.ts';
import type { Figure } from './figure.ts';
import { percentile } from './statistics.ts';

const CHUNKS = 100_000;
const CHUNKS_A_DOCUMENT = 500;
const QUERIES = 200;

interface Questions {
  readonly articles: readonly {
    readonly title: string;
    readonly paragraphs: readonly { readonly context: string; readonly questions: readonly string[] }[];
  }[];
}

/** `dataFile`: `{articles: [{title, paragraphs: [{context, questions}]}]}`; without it recall is left out with a note. */
export async function knowledgeFigures(dataFile: string | undefined): Promise<readonly Figure[]> {
  const recall =
    dataFile === undefined
      ? [{ name: 'documents, recall', value: 0, unit: '%' as const, note: 'not taken: no question set (--data FILE)' }]
      : await withStore((store, owner) => recallFigures(store, owner, dataFile));
  return [...recall, ...(await withStore(scaleFigures))];
}

async function withStore<T>(work: (store: Store, owner: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'claw-bench-'));
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: Date.now() });
  try {
    return await work(store, (await localOwner(store, systemClock)).id);
  } finally {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function recallFigures(store: Store, owner: string, dataFile: string): Promise<Figure[]> {
  const { articles } = JSON.parse(readFileSync(dataFile, 'utf8')) as Questions;
  const asked = articles.flatMap(({ title, paragraphs }, article) =>
    paragraphs.map(({ context, questions }, at) => ({
      id: `${article}-${at}`,
      half: article % 2,
      title,
      context,
      questions,
    })),
  );
  for (const { id, title, context } of asked) await write(store, owner, id, title, [block(context)]);
  const halves = [0, 1].map(() => ({ first: 0, five: 0, all: 0 }));
  for (const { id, half, questions } of asked) {
    for (const question of questions) {
      const ids = (await searchKnowledge(store.knowledge, owner, question, 5)).map((hit) => hit.id);
      const sum = halves[half] ?? { first: 0, five: 0, all: 0 };
      sum.all += 1;
      sum.first += ids[0] === id ? 1 : 0;
      sum.five += ids.includes(id) ? 1 : 0;
    }
  }
  return halves.flatMap(({ first, five, all }, half) => {
    const note = `${all} questions, ${half === 0 ? 'weights were found on this half' : 'the other half'}`;
    return [
      {
        name: `documents, recall@1, half ${half + 1}`,
        value: (100 * first) / all,
        unit: '%' as const,
        atLeast: 90,
        note,
      },
      { name: `documents, recall@5, half ${half + 1}`, value: (100 * five) / all, unit: '%' as const, note },
    ];
  });
}

/** Text of made-up words whose frequencies fall as in a language. */
async function scaleFigures(store: Store, owner: string): Promise<Figure[]> {
  const random = randomFrom(7);
  const vocabulary = Array.from({ length: 30_000 }, () => madeUpWord(random));
  const word = (): string => vocabulary[Math.floor(vocabulary.length ** random()) - 1] ?? 'a';
  const sentence = (): string => Array.from({ length: 12 }, word).join(' ');
  const texts = (): string => Array.from({ length: 8 }, sentence).join('. ').slice(0, 480);
  let ms = 0;
  for (let at = 0; at < CHUNKS / CHUNKS_A_DOCUMENT; at += 1) {
    const blocks = Array.from({ length: CHUNKS_A_DOCUMENT }, () => block(texts()));
    const started = performance.now();
    await write(store, owner, `d${at}`, `문서 ${at}`, blocks);
    ms += performance.now() - started;
  }
  const times: number[] = [];
  for (let query = 0; query < QUERIES; query += 1) {
    const question = sentence();
    const started = performance.now();
    await searchKnowledge(store.knowledge, owner, question, 5);
    times.push(performance.now() - started);
  }
  const note = `${CHUNKS} chunks of about 450 characters`;
  return [
    {
      name: 'documents, search, p95',
      value: percentile(times, 0.95),
      unit: 'ms',
      atMost: 20,
      note: `${note}, p50 ${percentile(times, 0.5).toFixed(1)}`,
    },
    { name: 'documents, ingest', value: (CHUNKS / ms) * 1000, unit: '/s', atLeast: 2_000, note },
  ];
}

function block(text: string): Block {
  return { text, heading: '', place: 'line 1', shape: 'prose', group: '' };
}

async function write(
  store: Store,
  ownerId: string,
  id: string,
  title: string,
  blocks: readonly Block[],
): Promise<void> {
  const identity = { by: { id: ownerId }, id, source: `text:${id}`, title, provenance: 'user', stamp: null } as const;
  const item = { identity: { ...identity, hash: sha256(id), bytes: 0 }, document: { title, kind: 'text', blocks } };
  await indexDocuments({ store, clock: systemClock }, [item]);
}

function madeUpWord(random: () => number): string {
  const syllables = 2 + Math.floor(random() * 3);
  return Array.from({ length: syllables }, () => String.fromCharCode(0xac00 + Math.floor(random() ** 2 * 11_000))).join(
    '',
  );
}

/** Numbers from 0 to 1, the same in every run (a linear congruential generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}
