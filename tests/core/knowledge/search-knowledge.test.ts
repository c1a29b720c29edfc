import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeCorpus } from '../../../bench/knowledge-corpus.ts';
import type { Hit } from '../../../src/core/knowledge/search-knowledge.ts';
import { type Base, openBase } from './base.ts';

const PASSAGES = 2_100;
const QUESTIONS = 12;

/** Adds `count` passages of the same made-up language in one document. */
async function addPassages({ knowledge }: Base, owner: string, id: string, passages: readonly string[]): Promise<void> {
  await knowledge.addText({ id: owner }, { id, content: passages.join('\n\n') });
}

function madeUp(seed: number, count: number): { passages: string[]; questions: string[] } {
  const corpus = makeCorpus(seed);
  const passages = Array.from({ length: count }, () => corpus.passage());
  const step = Math.floor(count / QUESTIONS);
  return {
    passages,
    questions: Array.from({ length: QUESTIONS }, (_, at) => corpus.question(passages[at * step] ?? '')),
  };
}

async function ask({ knowledge }: Base, owner: string, questions: readonly string[]): Promise<Hit[][]> {
  const found: Hit[][] = [];
  for (const question of questions) found.push(await knowledge.search(owner, question, 10));
  return found;
}

test("what another owner keeps shifts neither order nor score, wherever it lies among one's own", async () => {
  const { passages, questions } = madeUp(1, PASSAGES);
  const alone = await openBase();
  const shared = await openBase();
  await addPassages(shared, 'ben', 'early', passages.slice(0, 300));
  for (const base of [alone, shared]) await addPassages(base, 'ann', 'first', passages.slice(0, PASSAGES / 2));
  // The same words, so that they would move every count and average.
  await addPassages(shared, 'ben', 'late', passages.slice(0, 1_000));
  for (const base of [alone, shared]) await addPassages(base, 'ann', 'second', passages.slice(PASSAGES / 2));
  const expected = await ask(alone, 'ann', questions);
  expect(expected.every((hits) => hits.length > 0)).toBe(true);
  expect(await ask(shared, 'ann', questions)).toEqual(expected);
  await addPassages(shared, 'ben', 'later', madeUp(1, 500).passages);
  await shared.knowledge.remove({ id: 'ben' }, 'late');
  expect(JSON.stringify(await ask(shared, 'ann', questions))).toBe(JSON.stringify(expected));
}, 60_000);

test('a passage is found among thousands by some of its words', async () => {
  const base = await openBase();
  const { passages, questions } = madeUp(2, PASSAGES);
  await addPassages(base, 'ann', 'all', passages);
  const step = Math.floor(PASSAGES / QUESTIONS);
  const found = await ask(base, 'ann', questions);
  const right = found.filter((hits, at) => hits.some(({ text }) => text === passages[at * step]));
  expect(right.length).toBeGreaterThanOrEqual(QUESTIONS - 1);
}, 60_000);

test('a word that every passage has is no error, and finds some', async () => {
  const base = await openBase();
  await addPassages(
    base,
    'ann',
    'log',
    Array.from(
      { length: 9_000 },
      (_, at) =>
        `entry line of a long journal that says the same each day, and of ${at % 7 === 0 ? 'warning' : 'notice'} n${at}`,
    ),
  );
  expect(await base.knowledge.search('ann', 'entry', 5)).toHaveLength(5);
  expect((await base.knowledge.search('ann', 'entry warning line', 5)).map(({ text }) => text)).toEqual(
    expect.arrayContaining([expect.stringContaining('warning')]),
  );
  expect((await base.knowledge.search('ann', 'entry n8888', 5))[0]?.text).toContain('n8888');
}, 60_000);

test.each([
  ['one document', ['The kettle is in the left cupboard.'], 'where is the kettle?', 'kettle'],
  ['a word of its title only', ['# Ferry times\n\nAt nine and at noon.'], 'ferry', 'noon'],
  ['one syllable', ['아침에 물을 마신다.'], '물', '물을'],
  ['one syllable that begins a word', ['강아지가 잔다.'], '강', '강아지'],
  ['jamo', ['ㅋㅋㅋ 웃겼다.'], 'ㅋㅋㅋ', '웃겼다'],
  ['decomposed Hangul', ['전세 계약은 2년이다.'], '전세 계약'.normalize('NFD'), '2년'],
  ['only common words', ['To be or not to be.'], 'what is to be', 'not to be'],
  ['an emoji in a sentence', ['party 🎉 at eight'], 'when is 🎉?', 'eight'],
  ['a zero byte', ['The kettle is blue.'], 'ket\u0000 kettle\u0000', 'blue'],
])('a base of one passage answers: %s', async (_, contents, question, expected) => {
  const { knowledge } = await openBase();
  for (const content of contents) await knowledge.addText({ id: 'ann' }, { content });
  expect((await knowledge.search('ann', question, 5))[0]?.text).toContain(expected);
});

test('whatever is asked, it ends soon and without an error', async () => {
  const base = await openBase();
  const { passages } = madeUp(3, 300);
  await addPassages(base, 'ann', 'all', [...passages, '물을 마신다', 'C++ "NEAR(" templates', '🎉', 'ㅋㅋ']);
  const pieces = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom(
      '"',
      '*',
      ' AND ',
      ' OR ',
      ' NOT ',
      'NEAR(',
      '^',
      '{words} :',
      '물',
      'ㅋ',
      '\u0000',
      '가'.normalize('NFD'),
      '🎉',
    ),
    fc.constantFrom(...passages.slice(0, 5)),
  );
  const question = fc
    .tuple(fc.array(pieces, { maxLength: 8 }), fc.constantFrom(1, 1, 1, 40))
    .map(([parts, times]) => parts.join(' ').repeat(times));
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const before = process.cpuUsage();
      const hits = await base.knowledge.search('ann', asked, 5);
      const { user, system } = process.cpuUsage(before);
      expect(hits.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
      expect((user + system) / 1000).toBeLessThan(500);
    }),
    { numRuns: 150 },
  );
}, 60_000);
