/** Owns the measurement of recall: every passage of a question set is a document, every question should find its own first, or among five. */
import { readFileSync } from 'node:fs';
import { systemClock } from '../src/core/kernel/clock.ts';
import { indexDocuments, sha256 } from '../src/core/knowledge/index-document.ts';
import { searchKnowledge } from '../src/core/knowledge/search-knowledge.ts';
import type { Store } from '../src/core/store/store.ts';
import type { Figure } from './figure.ts';

/** The form of a question set. */
interface Questions {
  readonly articles: readonly {
    readonly title: string;
    readonly paragraphs: readonly {
      readonly context: string;
      readonly questions: readonly string[];
      /** Questions that share hardly a word with the passage. */
      readonly other_words?: readonly string[];
    }[];
  }[];
}

interface QuestionSet {
  readonly name: string;
  readonly file: string;
  /** In per cent, of all questions. */
  readonly target?: { readonly first: number; readonly five: number };
}

interface Asked {
  readonly id: string;
  readonly half: number;
  readonly question: string;
}

/** Recall@1 and recall@5 of all, and of each half of the articles: weights are looked for on the first, never on the second. */
export async function recallFigures(store: Store, owner: string, set: QuestionSet): Promise<Figure[]> {
  const { articles } = JSON.parse(readFileSync(set.file, 'utf8')) as Questions;
  const questions: Asked[] = [];
  const otherWords: Asked[] = [];
  for (const [article, { title, paragraphs }] of articles.entries()) {
    for (const [at, { context, ...asked }] of paragraphs.entries()) {
      const id = `${article}-${at}`;
      await addPassage(store, owner, { id, title, text: context });
      const ask = (question: string): Asked => ({ id, half: article % 2, question });
      questions.push(...asked.questions.map(ask));
      otherWords.push(...(asked.other_words ?? []).map(ask));
    }
  }
  const figures = await ofQuestions(
    store,
    owner,
    `${set.name}, recall`,
    questions,
    set.target ?? { first: 90, five: 98.5 },
  );
  if (otherWords.length > 0)
    figures.push(...(await ofQuestions(store, owner, `${set.name}, hardly a shared word, recall`, otherWords)));
  return figures;
}

async function ofQuestions(
  store: Store,
  owner: string,
  name: string,
  questions: readonly Asked[],
  target?: { readonly first: number; readonly five: number },
): Promise<Figure[]> {
  const results: { half: number; place: number }[] = [];
  for (const { id, half, question } of questions) {
    const hits = await searchKnowledge(store.knowledge, owner, question, 5);
    results.push({ half, place: hits.findIndex((hit) => hit.id === id) });
  }
  const share = (of: readonly { place: number }[], within: number): number =>
    (100 * of.filter(({ place }) => place !== -1 && place < within).length) / of.length;
  const halves = [0, 1].map((half) => results.filter((result) => result.half === half));
  const figure = (within: number, atLeast: number | undefined): Figure => ({
    name: `documents, ${name}@${within}`,
    value: share(results, within),
    unit: '%',
    ...(atLeast === undefined ? {} : { atLeast }),
    note: `${questions.length} questions; first half ${share(halves[0] ?? [], within).toFixed(1)}, held out ${share(halves[1] ?? [], within).toFixed(1)}`,
  });
  return [figure(1, target?.first), figure(5, target?.five)];
}

async function addPassage(
  store: Store,
  owner: string,
  { id, title, text }: { id: string; title: string; text: string },
): Promise<void> {
  const blocks = [{ text, heading: '', place: 'line 1', shape: 'prose', group: '' } as const];
  const identity = { by: { id: owner }, id, source: `text:${id}`, title, provenance: 'user', stamp: null } as const;
  const item = { identity: { ...identity, hash: sha256(id), bytes: 0 }, document: { title, kind: 'text', blocks } };
  await indexDocuments({ store, clock: systemClock }, [item]);
}
