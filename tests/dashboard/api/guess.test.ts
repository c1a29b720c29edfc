import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { showGuesses } from '../../../src/dashboard/api/guess.ts';
import { TAG_ADDED, TASK_PAUSED, TOOL_OFF } from '../../../src/dashboard/api/guesses.ts';

const tool = (name: string) => ({
  name,
  state: 'active',
  version: '1',
  origin: 'user',
  permissions: {},
  reason: null,
  description: null,
});
const KEY = ['GET /tools', {}];
const statesIn = (queries: QueryClient): readonly string[] | undefined =>
  queries.getQueryData<readonly { state: string }[]>(KEY)?.map(({ state }) => state);
const parts = { params: { name: 'one' }, body: {} };

test('a guess is seen at once in every kept answer of its route, and taken back whole', async () => {
  const queries = new QueryClient();
  queries.setQueryData(KEY, [tool('one'), tool('two')]);
  queries.setQueryData(['GET /tasks', {}], 'another');
  const takeBack = await showGuesses(queries, TOOL_OFF, parts);
  expect(statesIn(queries)).toEqual(['disabled', 'active']);
  expect(queries.getQueryData(['GET /tasks', {}])).toBe('another');
  takeBack();
  expect(statesIn(queries)).toEqual(['active', 'active']);
});

test('an answer that was asked for before does not undo the guess', async () => {
  const queries = new QueryClient();
  queries.setQueryData(KEY, [tool('one')]);
  const late = Promise.withResolvers<readonly unknown[]>();
  const asking = queries
    .fetchQuery({ queryKey: KEY, queryFn: () => late.promise, staleTime: 0 })
    .catch(() => undefined);
  await showGuesses(queries, TOOL_OFF, parts);
  late.resolve([tool('one')]);
  await asking;
  expect(statesIn(queries)).toEqual(['disabled']);
});

test('what was never asked is not made up', async () => {
  const queries = new QueryClient();
  const takeBack = await showGuesses(queries, TOOL_OFF, parts);
  expect(queries.getQueryData(KEY)).toBe(undefined);
  takeBack();
  expect(queries.getQueryData(KEY)).toBe(undefined);
});

test('of many answers of one route, only the one it is about is guessed', async () => {
  const queries = new QueryClient();
  const key = (id: string) => ['GET /conversations/{id}/tags', { params: { id } }];
  queries.setQueryData(key('a'), ['old']);
  queries.setQueryData(key('b'), ['old']);
  await showGuesses(queries, TAG_ADDED, { params: { id: 'a', tag: ' New ' } });
  expect(queries.getQueryData(key('a'))).toEqual(['new', 'old']);
  expect(queries.getQueryData(key('b'))).toEqual(['old']);
});

test('a task that is paused is shown so in its list and on its page', async () => {
  const queries = new QueryClient();
  queries.setQueryData(
    ['GET /tasks', {}],
    [
      { id: 'news', uid: '1' },
      { id: 'other', uid: '2' },
    ],
  );
  queries.setQueryData(['GET /tasks/{id}', { params: { id: 'news' } }], { id: 'news', state: 'active' });
  await showGuesses(queries, TASK_PAUSED, { params: { id: 'news' } });
  expect(queries.getQueryData(['GET /tasks', {}])).toMatchObject([{ state: 'paused' }, { id: 'other' }]);
  expect(queries.getQueryData(['GET /tasks/{id}', { params: { id: 'news' } }])).toMatchObject({ state: 'paused' });
});
