import { join } from 'node:path';
import fc from 'fast-check';
import { Kysely } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Schema } from '../../../../src/core/store/schema.ts';
import { createDialect, openSqlite } from '../../../../src/core/store/sqlite/dialect.ts';
import { type MatchMode, ownedIndex } from '../../../../src/core/store/sqlite/owned-index.ts';
import { ownedSearchMigration } from '../../../../src/core/store/migrations/0014-owned-search.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

function emptyIndex() {
  const database = openSqlite(join(temporaryHome(), 'index.db'));
  const [create] = /create virtual table message_index[^;]*;/.exec(ownedSearchMigration.sql) ?? [];
  database.exec(create ?? '');
  const db = new Kysely<Schema>({ dialect: createDialect(database) });
  onTestFinished(() => db.destroy());
  return ownedIndex(db, 'message_index');
}

/** Texts of one owner; a search answers with those that hit, the best first. */
async function indexOf(...texts: string[]) {
  const index = emptyIndex();
  for (const [at, text] of texts.entries()) await index.put('u1', at, text);
  return async (query: string, mode: MatchMode = 'any'): Promise<string[]> => {
    const hits = await index.search('u1', query, { mode, texts: texts.length });
    return hits.map(({ id }) => texts[id] ?? '');
  };
}

describe('the words of one owner', () => {
  test('a Korean word is found whatever particle it carries', async () => {
    const search = await indexOf('우리 집은 부산에 있다', '회의는 서울에서 열린다');
    expect(await search('부산')).toEqual(['우리 집은 부산에 있다']);
    expect((await search('부산에서'))[0]).toBe('우리 집은 부산에 있다');
    expect((await search('서울은'))[0]).toBe('회의는 서울에서 열린다');
  });

  test('one syllable finds a word wherever it stands in it', async () => {
    const search = await indexOf('큰집에 갔다', '우리집', '집', '서울');
    expect((await search('집')).toSorted()).toEqual(['우리집', '집', '큰집에 갔다'].toSorted());
  });

  test('decomposed Hangul is the same text', async () => {
    const search = await indexOf('한국어'.normalize('NFD'));
    expect(await search('한국어')).toHaveLength(1);
    const other = await indexOf('한국어');
    expect(await other('한국어'.normalize('NFD'))).toHaveLength(1);
  });

  test('English is stemmed and case does not matter', async () => {
    const search = await indexOf('She was Running tests', 'nothing here');
    expect(await search('run test')).toEqual(['She was Running tests']);
  });

  test('C++ and C# are words of their own', async () => {
    const search = await indexOf('written in C++', 'written in C', 'written in C#');
    expect(await search('C++')).toEqual(['written in C++']);
    expect(await search('C#')).toEqual(['written in C#']);
  });

  test('mixed words are found by either part', async () => {
    const search = await indexOf('API키를 바꿨다', '다른 글');
    expect(await search('API')).toEqual(['API키를 바꿨다']);
    expect(await search('api키')).toEqual(['API키를 바꿨다']);
  });

  test('query syntax is text, and nothing to look for is nothing', async () => {
    const search = await indexOf('near and or not', 'other');
    expect(await search('"NEAR(" AND *', 'all')).toEqual(['near and or not']);
    for (const empty of ['', '  ', '*', '"', '()', '🙂']) expect(await search(empty)).toEqual([]);
  });

  test('all needs every word, any needs one', async () => {
    const search = await indexOf('blue car', 'blue sky');
    expect(await search('blue sky', 'all')).toEqual(['blue sky']);
    expect(await search('blue sky')).toHaveLength(2);
  });

  test('no text breaks the index', async () => {
    const index = emptyIndex();
    const anyText = fc.string({ unit: 'binary', maxLength: 60 });
    const anyMode = fc.constantFrom('any' as const, 'all' as const);
    const search = async (text: string, mode: MatchMode): Promise<void> => {
      await index.put('u1', 7, text);
      expect(await index.finds('u1', 7, text)).toBe(true);
      await index.search('u1', text, { mode, texts: 1 });
      await index.search('u1', `${text} 가나다 ${text}`, { mode, texts: 1 });
    };
    await fc.assert(fc.asyncProperty(anyText, anyMode, search), { numRuns: 100 });
    await search('가나다라 "'.repeat(2_000), 'all');
    // One letter that stands for four words.
    await search('\ufdfa ½ ①', 'all');
  });

  test('what is common among many texts still counts for the best of them', async () => {
    const index = emptyIndex();
    for (let id = 0; id < 2_500; id += 1) await index.put('u1', id, id === 3 ? 'note with quince' : `note ${id}`);
    const [first, second] = await index.search('u1', 'quince note', { mode: 'any', texts: 2_500 });
    expect(first?.id).toBe(3);
    expect(second?.id).toBe(2_499);
    expect(await index.search('u1', 'quince note', { mode: 'all', texts: 2_500 })).toMatchObject([{ id: 3 }]);
  });

  test('texts of others change neither hits nor order nor scores', async () => {
    const index = emptyIndex();
    const own = [
      'plum tree and plum jam',
      'a plum in the garden',
      'the garden gate',
      '정원에 자두나무',
      'long words about plum',
    ];
    const search = async (): Promise<string> => {
      const asked = ['plum garden', '자두', 'tree', '정원의 나무', '나'];
      const modes = ['all', 'any'] as const;
      const hits = asked.flatMap((query) =>
        modes.map((mode) => index.search('u1', query, { mode, texts: own.length })),
      );
      return JSON.stringify(await Promise.all(hits));
    };
    for (const [at, text] of own.entries()) await index.put('u1', at, text);
    const before = await search();
    expect(before).toContain('score');
    for (let id = 100; id < 3_100; id += 1)
      await index.put('u2', id, id % 3 === 0 ? 'plum 자두 plum' : `tree 정원 나무 ${id}`);
    expect(await search()).toBe(before);
  });
});
