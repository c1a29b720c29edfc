import { expect, test } from 'vitest';
import { nearestChunks } from '../../../src/core/knowledge/nearest-chunks.ts';
import { encodeVector } from '../../../src/core/knowledge/vector-code.ts';
import { openBase } from './base.ts';

const SPACE = 'test/model';
const DIMENSIONS = 48;

/** The same numbers for the same seed. */
function randomVector(seed: number): Float32Array {
  let state = Math.imul(seed + 1, 2_654_435_761) >>> 0;
  return Float32Array.from({ length: DIMENSIONS }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** Ann has `count` passages with made-up vectors. */
async function withVectors(count: number) {
  const base = await openBase();
  const content = Array.from({ length: count }, (_, at) => `Passage number ${at} of the text.`).join('\n\n');
  await base.knowledge.addText({ id: 'ann' }, { content, id: 'all', name: 'a.txt' });
  const { chunks } = await base.knowledge.show('ann', 'all');
  const { vectors } = base.store.knowledge;
  const rows = chunks.map(({ seq }, at) => {
    return { chunk_seq: seq, owner_id: 'ann', space: SPACE, ...encodeVector(randomVector(at)) };
  });
  await vectors.putVectors(rows);
  return { ...base, chunks, vectors, seqs: chunks.map(({ seq }) => seq) };
}

test("the nearest of an owner's passages come first, and another's never", async () => {
  const { vectors, seqs, store } = await withVectors(40);
  const nearest = nearestChunks(vectors, SPACE);
  const [first, second] = await nearest.find('ann', randomVector(7), 5);
  expect(first).toMatchObject({ seq: seqs[7] });
  expect(first?.similarity).toBeGreaterThan(0.99);
  expect(second?.similarity).toBeLessThan(first?.similarity ?? 0);
  expect(await nearest.find('ben', randomVector(7), 5)).toEqual([]);
  expect(await nearestChunks(vectors, 'other/model').find('ann', randomVector(7), 5)).toEqual([]);
  expect(await store.knowledge.chunks('ben', seqs)).toEqual([]);
});

test('what is added, replaced and removed after the first search is seen by the next', async () => {
  const { vectors, seqs, knowledge, store } = await withVectors(12);
  const nearest = nearestChunks(vectors, SPACE);
  expect((await nearest.find('ann', randomVector(3), 1))[0]?.seq).toBe(seqs[3]);
  const replaced = { chunk_seq: seqs[5] ?? 0, owner_id: 'ann', space: SPACE, ...encodeVector(randomVector(500)) };
  await vectors.putVectors([replaced]);
  expect((await nearest.find('ann', randomVector(500), 1))[0]?.seq).toBe(seqs[5]);
  expect((await nearest.find('ann', randomVector(5), 1))[0]?.similarity).toBeLessThan(0.9);
  await knowledge.remove({ id: 'ann' }, 'all');
  expect(await nearest.find('ann', randomVector(3), 5)).toEqual([]);
  expect(await store.knowledge.vectors.vectorCount('ann', SPACE)).toBe(0);
});

test('a model that changed its length under its name is no match, and none of what it did not take', async () => {
  const { vectors, seqs } = await withVectors(3);
  const nothing = new Uint8Array(0);
  await vectors.putVectors([
    { chunk_seq: seqs[0] ?? 0, owner_id: 'ann', space: SPACE, code: nothing, vector: nothing },
  ]);
  const nearest = nearestChunks(vectors, SPACE);
  expect((await nearest.find('ann', randomVector(1), 5)).map(({ seq }) => seq)).not.toContain(seqs[0]);
  expect(await nearest.find('ann', Float32Array.of(1, 2, 3), 5)).toEqual([]);
  expect((await nearest.find('ann', randomVector(1), 1))[0]?.seq).toBe(seqs[1]);
});

test('the second look finds nearly all of the truly nearest among many', async () => {
  const { vectors, seqs } = await withVectors(3_000);
  const nearest = nearestChunks(vectors, SPACE);
  let found = 0;
  for (let at = 0; at < 20; at += 1) {
    const question = randomVector(10_000 + at);
    const truth = seqs
      .map((seq, index) => ({ seq, score: dot(question, randomVector(index)) }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, 10);
    const got = new Set((await nearest.find('ann', question, 10)).map(({ seq }) => seq));
    found += truth.filter(({ seq }) => got.has(seq)).length;
  }
  expect(found).toBeGreaterThan(180);
});

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0) / Math.hypot(...b);
}
