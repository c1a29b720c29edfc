import { expect, test } from 'vitest';
import type { ImportedItem, ImportKind, TakenItem } from '../../../src/core/import/imported.ts';
import { createTally } from '../../../src/core/import/tally.ts';
import { type Decision, skip, type Taker, type Takers } from '../../../src/core/import/taker.ts';
import { writeItems } from '../../../src/core/import/write-items.ts';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import { importKit, streamOf } from './import-kit.ts';

const setting = (name: string, value = 'v', sourceId = name): ImportedItem => ({
  kind: 'setting',
  sourceId,
  name,
  value,
});
const note = (sourceId: string): ImportedItem => ({
  kind: 'document',
  sourceId,
  title: sourceId,
  name: 'a.md',
  content: 'x',
});

/** Settings go with the store; documents have an effect outside of it. */
async function kit() {
  const { store, run } = await importKit();
  const effects: string[] = [];
  const tags: string[] = [];
  const decide = async (item: TakenItem): Promise<Decision> => {
    if (item.sourceId.startsWith('skip')) return skip('not this one');
    if (item.sourceId.startsWith('refuse')) throw new ClawError('usage-invalid', 'this one is refused');
    if (item.kind === 'document')
      return { state: 'new', perform: async () => (effects.push(item.sourceId), `made ${item.sourceId}`) };
    return {
      state: 'new',
      targetId: `t-${item.sourceId}`,
      async write() {
        if (item.sourceId.startsWith('break')) throw new ClawError('conflict', 'it cannot be written');
        tags.push(item.sourceId);
      },
    };
  };
  const taker: Taker<TakenItem> = { decide };
  const takers = new Proxy({}, { get: () => taker }) as Takers;
  const take = async (
    items: readonly ImportedItem[],
    more: { isDry?: boolean; only?: Set<ImportKind>; signal?: AbortSignal } = {},
  ) => {
    const tally = createTally();
    const { isDry = false, only, signal = new AbortController().signal } = more;
    await writeItems({ store, takers, run, tally }, streamOf(items), { isDry, only, signal });
    return tally.result();
  };
  const noted = async (kind: string, ids: readonly string[]) =>
    (await store.imported.known('flux', kind, ids)).map(({ source_id: id, target_id: target }) => `${id} ${target}`);
  return { take, effects, tags, noted };
}

test('one that cannot be written is left out alone, and the others of its batch are there', async () => {
  const { take, noted } = await kit();
  const result = await take([setting('a'), setting('break'), setting('b'), setting('skip'), setting('refuse')]);
  expect(result.kinds).toEqual([{ kind: 'setting', found: 5, new: 2, already: 0, skipped: 3 }]);
  expect(result.skipped.map(({ text }) => text).toSorted()).toEqual([
    'it cannot be written',
    'not this one',
    'this one is refused',
  ]);
  expect(await noted('setting', ['a', 'break', 'b', 'skip'])).toEqual(['a t-a', 'b t-b']);
});

test('what was taken over is left alone the next time, also when it has changed there, which is told', async () => {
  const { take, tags, effects } = await kit();
  await take([setting('a'), note('n')]);
  const again = await take([setting('a'), setting('new'), note('n')]);
  expect(again.kinds).toMatchObject([
    { kind: 'document', already: 1 },
    { kind: 'setting', new: 1, already: 1 },
  ]);
  expect(again.remarks).toEqual([]);
  expect([tags, effects]).toEqual([['a', 'new'], ['n']]);
  const changed = await take([setting('a', 'other')]);
  expect(changed.remarks).toMatchObject([{ kind: 'setting', examples: ['a'] }]);
});

test('a dry run counts the same and does nothing', async () => {
  const { take, tags, effects, noted } = await kit();
  const items = [setting('a'), note('n'), setting('skip'), setting('a'), setting('refuse')];
  const dry = await take(items, { isDry: true });
  expect([tags, effects, await noted('setting', ['a'])]).toEqual([[], [], []]);
  expect((await take(items)).kinds).toEqual(dry.kinds);
});

test('a thing that is named twice is taken once, and a long name is still one name', async () => {
  const { take, tags } = await kit();
  const long = (end: string) => setting('long', 'v', `${'x'.repeat(5_000)}${end}`);
  const { kinds, skipped } = await take([setting('a'), setting('a', 'w'), long('1'), long('2'), long('1')]);
  expect(kinds).toMatchObject([{ new: 3, skipped: 2 }]);
  expect(skipped).toMatchObject([{ text: 'it is there twice', count: 2 }]);
  expect(tags.map(({ length }) => length)).toEqual([1, 165, 165]);
});

test('only the kinds that are wanted are taken and counted', async () => {
  const { take } = await kit();
  const skipped: ImportedItem = { kind: 'skipped', of: 'user', sourceId: 'u', reason: 'no name' };
  const { kinds } = await take([setting('a'), note('n'), skipped], { only: new Set(['document']) });
  expect(kinds).toMatchObject([{ kind: 'document', found: 1 }]);
});

test('an order to stop is obeyed between two batches; what is written stays', async () => {
  const { take, tags } = await kit();
  const stop = new AbortController();
  const items = Array.from({ length: 1_000 }, (_, at) => setting(`s${at}`));
  const stopping = {
    kind: 'remark',
    get text() {
      stop.abort(new ClawError('cancelled', 'Stopped.'));
      return 'stop';
    },
  } as const;
  const all: ImportedItem[] = [...items.slice(0, 500), stopping, ...items.slice(500)];
  await expect(take(all, { signal: stop.signal })).rejects.toThrow('Stopped.');
  expect(tags.length).toBeGreaterThanOrEqual(400);
  expect(tags.length).toBeLessThan(1_000);
  expect((await take(items)).kinds).toMatchObject([{ new: 200, already: 800 }]);
});
