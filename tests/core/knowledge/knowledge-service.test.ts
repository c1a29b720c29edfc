import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBase } from './base.ts';

const GARDEN = 'Roses need sun.\n\nFerns grow in the shade of old trees.\n\nWater the lawn before breakfast.';

test('three paragraphs are three passages, and the right one is found first', async () => {
  const { knowledge } = await openBase();
  expect(await knowledge.addText({ id: 'ann' }, { content: GARDEN, name: 'garden.txt' })).toMatchObject({
    outcome: 'added',
    chunks: 3,
  });
  await knowledge.addText({ id: 'ann' }, { content: 'The car needs new tyres.', title: 'Car' });
  const [first] = await knowledge.search('ann', 'which plants like shade?', 5);
  expect(first).toMatchObject({ text: 'Ferns grow in the shade of old trees.', place: 'line 3', provenance: 'user' });
});

test('a base of one short document answers', async () => {
  const { knowledge } = await openBase();
  await knowledge.addText({ id: 'ann' }, { content: 'The wifi password is on the fridge.' });
  expect(await knowledge.search('ann', 'wifi', 5)).toHaveLength(1);
});

test('the same content again is known, and a changed document writes only what changed', async () => {
  const { knowledge, store } = await openBase();
  const first = await knowledge.addText({ id: 'ann' }, { id: 'g', content: GARDEN });
  expect(await knowledge.addText({ id: 'ann' }, { id: 'g', content: GARDEN })).toMatchObject({
    outcome: 'unchanged',
    id: 'g',
  });
  expect(await knowledge.addText({ id: 'ann' }, { content: GARDEN })).toMatchObject({
    outcome: 'duplicate',
    id: first.id,
  });
  const before = (await knowledge.show('ann', 'g')).chunks;
  const changed = GARDEN.replace('Roses need sun.', 'Tulips need sun.');
  expect(await knowledge.addText({ id: 'ann' }, { id: 'g', content: changed })).toMatchObject({ outcome: 'updated' });
  const after = (await knowledge.show('ann', 'g')).chunks;
  expect(after.map(({ text }) => text)).toEqual(changed.split('\n\n'));
  expect(after.slice(1).map(({ seq }) => seq)).toEqual(before.slice(1).map(({ seq }) => seq));
  expect(await knowledge.search('ann', 'roses', 5)).toEqual([]);
  expect(await knowledge.search('ann', 'tulips', 5)).toHaveLength(1);
  expect(await knowledge.check()).toMatchObject({ ok: true, chunks: 3, indexed: 3 });
  expect(await store.integrity()).toBe('ok');
});

test('a removed document is no longer found', async () => {
  const { knowledge } = await openBase();
  const { id } = await knowledge.addText({ id: 'ann' }, { content: GARDEN });
  expect(await knowledge.remove({ id: 'ann' }, id)).toBe(1);
  expect(await knowledge.search('ann', 'ferns', 5)).toEqual([]);
  expect(await knowledge.check()).toMatchObject({ ok: true, chunks: 0, indexed: 0 });
  await expect(knowledge.remove({ id: 'ann' }, id)).rejects.toMatchObject({ code: 'not-found' });
});

test('nobody finds, sees or removes what another has', async () => {
  const { knowledge } = await openBase();
  const { id } = await knowledge.addText({ id: 'ann' }, { content: GARDEN });
  await knowledge.addText({ id: 'ben' }, { content: 'Ben has a boat.' });
  expect(await knowledge.search('ben', 'ferns shade', 5)).toEqual([]);
  expect(await knowledge.list('ben', { limit: 10, offset: 0 })).toHaveLength(1);
  await expect(knowledge.show('ben', id)).rejects.toMatchObject({ code: 'not-found' });
  await expect(knowledge.remove({ id: 'ben' }, id)).rejects.toMatchObject({ code: 'not-found' });
  expect(await knowledge.addText({ id: 'ben' }, { content: GARDEN })).toMatchObject({ outcome: 'added' });
});

test.each([
  ['signs', 'C++ "NEAR(" AND *', 'C++ templates'],
  ['a language', 'c++', 'C++ templates'],
  ['decomposed Hangul', '한국어 문장을'.normalize('NFD'), '한국어'],
  ['one syllable', '물', '물을 마신다'],
  ['an emoji', '🦀', '🦀'],
  ['other forms', 'running dogs', 'dogs run'],
  ['columns', 'rowid:1 OR title^2 {words}', undefined],
  ['SQL', "'; drop table users; --", undefined],
  ['a long word', 'x'.repeat(10_000), undefined],
  ['a long run', '한'.repeat(10_000), undefined],
  ['broken text', '\u0000\uD800', undefined],
  ['a quote', '"', undefined],
])('what is asked is text: %s', async (_, question, expected) => {
  const { knowledge } = await openBase();
  for (const content of [
    'C++ templates are fun.',
    '한국어 문장은 짧다.',
    '아침에 물을 마신다.',
    '🦀 Rust.',
    'Two dogs run.',
  ])
    await knowledge.addText({ id: 'ann' }, { content });
  const hits = await knowledge.search('ann', question, 5);
  expect(hits[0]?.text ?? '').toContain(expected ?? '');
});

test('a question without words finds nothing, and is told why', async () => {
  const { knowledge } = await openBase();
  expect(await knowledge.search('ann', '', 5)).toEqual([]);
  expect(await knowledge.explainNothing('ann', 'roses')).toContain('no documents yet');
  await knowledge.addText({ id: 'ann' }, { content: GARDEN });
  expect(await knowledge.search('ann', '***', 5)).toEqual([]);
  expect(await knowledge.explainNothing('ann', '***')).toContain('no word');
  expect(await knowledge.explainNothing('ann', 'cars')).toContain('1 documents (3 passages)');
});

test('lines of JSON become documents under their own ids; a bad line is told and left out', async () => {
  const { knowledge } = await openBase();
  const lines = async function* (): AsyncGenerator<string> {
    yield JSON.stringify({ id: 'a', title: 'Seoul', content: '서울은 대한민국의 수도이다.' });
    yield 'not json';
    yield JSON.stringify({ id: 7, content: 'Seven is a number.' });
    yield JSON.stringify({ title: 'no id', content: 'x' });
  };
  const result = await knowledge.addLines({ id: 'ann' }, lines());
  expect(result).toMatchObject({ added: 2, chunks: 2, failed: [{ line: 2 }, { line: 4 }] });
  expect((await knowledge.search('ann', '대한민국 수도는 어디인가?', 5))[0]).toMatchObject({ id: 'a', title: 'Seoul' });
  expect((await knowledge.search('ann', 'seven', 5))[0]?.id).toBe('7');
  expect(await knowledge.addLines({ id: 'ann' }, lines())).toMatchObject({ added: 0, unchanged: 2 });
});

test('a document that comes twice in one file of lines is what its last line says', async () => {
  const { knowledge } = await openBase();
  const lines = async function* (): AsyncGenerator<string> {
    for (const content of ['Ferns like shade.', 'Roses need sun.', 'Tulips need sun.'])
      yield JSON.stringify({ id: content.startsWith('Ferns') ? 'b' : 'a', content });
  };
  expect(await knowledge.addLines({ id: 'ann' }, lines())).toMatchObject({ added: 2, updated: 1 });
  expect(await knowledge.search('ann', 'roses', 5)).toEqual([]);
  expect((await knowledge.search('ann', 'tulips', 5)).map(({ id }) => id)).toEqual(['a']);
  expect(await knowledge.check()).toMatchObject({ ok: true, chunks: 2, indexed: 2 });
});

test('a long document that was cut off is marked, found as far as it got, and goes on', async () => {
  const { knowledge, store } = await openBase();
  const content = Array.from({ length: 1200 }, (_, index) => `Paragraph number${index} of the book.`).join('\n\n');
  const transaction = store.transaction.bind(store);
  let calls = 0;
  Object.assign(store, {
    transaction: (work: Parameters<typeof transaction>[0]) => {
      calls += 1;
      if (calls === 2) throw new Error('the power is gone');
      return transaction(work);
    },
  });
  await expect(knowledge.addText({ id: 'ann' }, { id: 'book', content })).rejects.toThrow('the power is gone');
  expect(await knowledge.check()).toMatchObject({ ok: true, chunks: 500, unfinished: 1 });
  expect(await knowledge.search('ann', 'number3', 5)).not.toEqual([]);
  expect(await knowledge.addText({ id: 'ann' }, { id: 'book', content })).toMatchObject({
    outcome: 'updated',
    chunks: 1200,
  });
  expect(await knowledge.check()).toMatchObject({ ok: true, chunks: 1200, unfinished: 0 });
});

test('an index that lost a passage fails its check and is made anew', async () => {
  const { knowledge, store } = await openBase();
  await knowledge.addText({ id: 'ann' }, { content: GARDEN });
  const [chunk] = (await knowledge.show('ann', (await knowledge.list('ann', { limit: 1, offset: 0 }))[0]?.id ?? ''))
    .chunks;
  await store.knowledge.index.remove([chunk?.seq ?? 0]);
  expect(await knowledge.check()).toMatchObject({ ok: false, chunks: 3, indexed: 2 });
  expect(await knowledge.rebuild({ id: 'ann' })).toBe(3);
  expect(await knowledge.check()).toMatchObject({ ok: true });
  expect((await knowledge.search('ann', 'roses', 1))[0]?.text).toBe('Roses need sun.');
});

test('a folder is kept in step with its files', async () => {
  const { knowledge, home } = await openBase();
  const folder = join(home, 'notes');
  mkdirSync(join(folder, 'deep'), { recursive: true });
  writeFileSync(join(folder, 'a.md'), '# Alpha\n\nAll about alpacas.');
  writeFileSync(join(folder, 'deep', 'b.txt'), 'Beta is about badgers.');
  writeFileSync(join(folder, 'c.exe'), 'MZ');
  writeFileSync(join(folder, '.hidden.txt'), 'secret');
  expect(await knowledge.addFolder({ id: 'ann' }, folder)).toMatchObject({ added: 2, failed: [] });
  expect((await knowledge.search('ann', 'alpaca', 5))[0]).toMatchObject({ place: '# Alpha', provenance: 'file' });
  writeFileSync(join(folder, 'a.md'), '# Alpha\n\nAll about antelopes now.');
  rmSync(join(folder, 'deep', 'b.txt'));
  expect(await knowledge.addFolder({ id: 'ann' }, folder)).toMatchObject({ updated: 1, removed: 1, added: 0 });
  expect(await knowledge.addFolder({ id: 'ann' }, folder)).toMatchObject({ unchanged: 1, updated: 0 });
  expect(await knowledge.search('ann', 'alpaca badgers', 5)).toEqual([]);
  expect(await knowledge.remove({ id: 'ann' }, folder)).toBe(1);
});

test('each change is in the audit trail with who made it, many lines as one act, and a change that fails is not', async () => {
  const { knowledge, store, home } = await openBase();
  const ann = { id: 'ann', username: 'ann', via: 'api-key', from: '10.0.0.9' };
  const folder = join(home, 'notes');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'A heron stood in the pond.');
  const { id } = await knowledge.addText(ann, { content: GARDEN, id: 'garden' });
  await knowledge.addText(ann, { content: GARDEN, id: 'garden' });
  await knowledge.addText(ann, { content: `${GARDEN}\n\nMore.`, id: 'garden' });
  const lines = ['{"id":1,"content":"One."}', '{"id":2,"content":"Two."}'];
  await knowledge.addLines(ann, lines as never);
  await knowledge.addFolder(ann, folder, { watch: true });
  await knowledge.addFolder(ann, folder, { watch: true });
  await expect(knowledge.addText(ann, { content: '' })).rejects.toThrow('no text');
  await knowledge.remove(ann, folder);
  await knowledge.rebuild(ann);
  const rows = (await store.audit.list({ action: 'knowledge.*' }, 100)).toReversed();
  expect(rows.map(({ action, target, detail }) => [action, target, JSON.parse(detail)])).toEqual([
    ['knowledge.add', id, { source: 'text:garden', passages: 3 }],
    ['knowledge.update', id, { source: 'text:garden', passages: 4 }],
    ['knowledge.add', null, { added: 2, updated: 0 }],
    ['knowledge.watch', folder, {}],
    ['knowledge.add', expect.any(String), { source: `file:${join(folder, 'a.txt')}`, passages: 1 }],
    ['knowledge.unwatch', folder, {}],
    ['knowledge.remove', expect.any(String), { source: `file:${join(folder, 'a.txt')}`, passages: 1 }],
    ['knowledge.reindex', null, { passages: 6 }],
  ]);
  expect(new Set(rows.map(({ username, via, origin }) => `${username} ${via} ${origin}`))).toEqual(
    new Set(['ann api-key 10.0.0.9']),
  );
});

test('a long new document that is stopped is taken back, an update of it is finished', async () => {
  const { knowledge, store } = await openBase();
  const content = Array.from({ length: 1_200 }, (_, at) => `Passage number ${at} of a long text.`).join('\n\n');
  const stop = new AbortController();
  const told: string[] = [];
  const options = {
    signal: stop.signal,
    onWritten: (passages: number, of: number): void => {
      told.push(`${passages}/${of}`);
      // As a signal of the terminal comes: only once the loop of events turns.
      setImmediate(() => stop.abort());
    },
  };
  const long = { id: 'long', name: 'a.txt' };
  await expect(knowledge.addText({ id: 'ann' }, { content, ...long, ...options })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(told).toEqual(['500/1200']);
  expect(await knowledge.stats('ann')).toMatchObject({ documents: 0, chunks: 0 });
  expect(await knowledge.check()).toMatchObject({ ok: true, indexed: 0, unfinished: 0 });
  const acts = (await store.audit.list({ action: 'knowledge.*' }, 9)).map(({ action }) => action);
  expect(acts).toEqual(['knowledge.remove', 'knowledge.add']);
  await knowledge.addText({ id: 'ann' }, { content: 'Short.', ...long });
  expect(await knowledge.addText({ id: 'ann' }, { content, ...long, ...options })).toMatchObject({ chunks: 1_200 });
  expect(await knowledge.check()).toMatchObject({ ok: true, indexed: 1_200, unfinished: 0 });
});
