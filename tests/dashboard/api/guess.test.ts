import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { guessOf, showGuesses } from '../../../src/dashboard/api/guess.ts';

const switchedOff = guessOf<'POST /tools/{name}/disable', 'GET /tools'>('GET /tools', (tools, { params }) =>
  tools.map((tool) => (tool.name === params.name ? { ...tool, state: 'disabled' } : tool)),
);
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
  const takeBack = await showGuesses(queries, [switchedOff], parts);
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
  await showGuesses(queries, [switchedOff], parts);
  late.resolve([tool('one')]);
  await asking;
  expect(statesIn(queries)).toEqual(['disabled']);
});

test('what was never asked is not made up', async () => {
  const queries = new QueryClient();
  const takeBack = await showGuesses(queries, [switchedOff], parts);
  expect(queries.getQueryData(KEY)).toBe(undefined);
  takeBack();
  expect(queries.getQueryData(KEY)).toBe(undefined);
});
