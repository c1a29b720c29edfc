/** Owns the list of memories of one state: by category, searched, ordered, page by page. */
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { Pager } from '../../components/pager.tsx';
import { Loaded } from '../../components/states.tsx';
import { useSearchState } from '../../components/use-search-state.ts';
import { count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { CATEGORIES } from './memory-form.tsx';
import { MemoryTable } from './memory-table.tsx';
import type { Said } from './said.ts';

const PAGE_SIZE = 50;
const SORTS = ['name', 'updated', 'importance'] as const;

interface MemoryListProps {
  readonly room: string;
  readonly state: 'active' | 'archived';
  readonly onSaid: (said: Said) => void;
}

export function MemoryList({ room, state, onSaid }: MemoryListProps): ReactNode {
  const { memory } = useTexts();
  const [read, change] = useSearchState();
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  const category = CATEGORIES.find((each) => each === read('category'));
  const sort = SORTS.find((each) => each === read('sort')) ?? 'name';
  const page = Math.max(0, Number(read('page')) || 0);
  const whose = room === '' ? {} : { room };
  const list = useRead(
    'GET /memories',
    {
      query: {
        ...whose,
        state,
        sort,
        ...(category === undefined ? {} : { category }),
        ...(query === '' ? { limit: PAGE_SIZE, offset: page * PAGE_SIZE } : { query, limit: 100 }),
      },
    },
    { keepsLast: true },
  );
  const counts = useRead('GET /memories/counts', { query: whose });
  const total = (counts.data ?? [])
    .filter((each) => category === undefined || each.category === category)
    .reduce((sum, each) => sum + each[state], 0);
  const isAll = query === '' && category === undefined;
  const none = state === 'active' ? memory.none : memory.noneRemoved;
  return (
    <>
      <Filters typed={typed} onTyped={setTyped} state={state} whose={whose} />
      <Loaded of={list} empty={isAll ? none : memory.noneFound}>
        {(rows) => <MemoryTable rows={rows} room={room} state={state} onSaid={onSaid} />}
      </Loaded>
      <Pager
        page={page}
        pageSize={PAGE_SIZE}
        total={query === '' ? total : 0}
        onPage={(to) => change({ page: to === 0 ? '' : String(to) })}
      />
    </>
  );
}

interface FiltersProps {
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
  readonly state: 'active' | 'archived';
  readonly whose: { readonly room?: string };
}

function Filters({ typed, onTyped, state, whose }: FiltersProps): ReactNode {
  const { memory, words } = useTexts();
  const [read, change] = useSearchState();
  const counts = useRead('GET /memories/counts', { query: whose });
  const countOf = (category: string): string => {
    const found = counts.data?.find((each) => each.category === category);
    if (found === undefined) return '';
    return ` (${state === 'active' ? memory.counts(count(found.active), count(found.limit)) : count(found.archived)})`;
  };
  return (
    <div className="bar memory-filters" role="search">
      <label className="field">
        {words.search}
        <input type="search" value={typed} onChange={({ target }) => onTyped(target.value)} />
      </label>
      <label className="field">
        {memory.category}
        <select value={read('category')} onChange={({ target }) => change({ category: target.value })}>
          <option value="">{words.all}</option>
          {CATEGORIES.map((each) => (
            <option key={each} value={each}>
              {memory.categories[each]}
              {countOf(each)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {memory.sort}
        <select value={read('sort')} onChange={({ target }) => change({ sort: target.value })}>
          {SORTS.map((each) => (
            <option key={each} value={each === 'name' ? '' : each}>
              {memory.sorts[each]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
