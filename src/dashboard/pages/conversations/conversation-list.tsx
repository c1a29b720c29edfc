/** Owns the list of conversations: filtered, ordered, page by page, and the same done to several. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Pager } from '../../components/pager.tsx';
import { Loaded } from '../../components/states.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { useSearchState } from '../../components/use-search-state.ts';
import { When } from '../../components/when.tsx';
import { count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { BulkBar, type Summary } from './bulk-bar.tsx';
import { ConversationFilters, isFiltered } from './conversation-filters.tsx';
import { endOfDay, SearchHits } from './search-hits.tsx';

const PAGE_SIZE = 50;
const SORTS = ['updated', 'created', 'title', 'messages'] as const;

export function ConversationList(): ReactNode {
  const { conversations } = useTexts();
  const [read, change] = useSearchState();
  const page = Math.max(0, Number(read('page')) || 0);
  const query = read('q').trim();
  const filter = {
    origin: read('origin'),
    tag: read('tag'),
    from: read('from'),
    to: endOfDay(read('to')),
    ...(query === '' ? {} : { title: query }),
  };
  const sort = SORTS.find((each) => each === read('sort')) ?? 'updated';
  const list = useRead(
    'GET /conversations',
    { query: { ...filter, sort, limit: PAGE_SIZE, offset: page * PAGE_SIZE } },
    { keepsLast: true },
  );
  const total = useRead('GET /conversations/count', { query: filter }, { keepsLast: true });
  const isAll = !isFiltered(read);
  const [said, setSaid] = useState('');
  return (
    <>
      <ConversationFilters />
      <p role="status">{said}</p>
      {query === '' ? null : <SearchHits query={query} />}
      <Loaded of={list} empty={<NoneYet isAll={isAll} isSearch={query !== ''} />}>
        {(rows) => (
          <>
            {query === '' ? null : <h2>{conversations.titles}</h2>}
            <Rows rows={rows} onSaid={setSaid} />
          </>
        )}
      </Loaded>
      <Pager
        page={page}
        pageSize={PAGE_SIZE}
        total={total.data?.total ?? 0}
        onPage={(to) => change({ page: to === 0 ? '' : String(to) })}
      />
    </>
  );
}

function NoneYet({ isAll, isSearch }: { readonly isAll: boolean; readonly isSearch: boolean }): ReactNode {
  const { conversations } = useTexts();
  if (isSearch) return null;
  if (!isAll) return conversations.noneFits;
  return (
    <>
      {conversations.noneYet} <Link to="/dashboard/chat">{conversations.begin}</Link>
    </>
  );
}

interface RowsProps {
  readonly rows: readonly Summary[];
  readonly onSaid: (said: string) => void;
}

function Rows({ rows, onSaid }: RowsProps): ReactNode {
  const may = useMay('user');
  const { nav, conversations } = useTexts();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (ids: readonly string[], isOn: boolean): void => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (isOn) next.add(id);
      else next.delete(id);
    }
    setChosen(next);
  };
  const columns = useColumns();
  const picked = rows.filter(({ id }) => chosen.has(id));
  return (
    <>
      <BulkBar picked={picked} all={rows} onChoose={toggle} mayChange={may} onSaid={onSaid} />
      <Table
        caption={nav.conversations}
        rows={rows}
        keyOf={({ id }) => id}
        columns={[choice(chosen, toggle, conversations.select), ...columns]}
      />
    </>
  );
}

function choice(
  chosen: ReadonlySet<string>,
  toggle: (ids: readonly string[], isOn: boolean) => void,
  nameOf: (title: string) => string,
): Column<Summary> {
  return {
    title: '',
    cell: ({ id, title }) => (
      <input
        type="checkbox"
        aria-label={nameOf(title || id)}
        checked={chosen.has(id)}
        onChange={({ target }) => toggle([id], target.checked)}
      />
    ),
  };
}

function useColumns(): readonly Column<Summary>[] {
  const { conversations, words } = useTexts();
  return [
    {
      title: words.title,
      cell: ({ id, title, tags }) => (
        <>
          <Link to={`/dashboard/conversations/${id}`} className="conversations-title">
            <bdi>{conversations.titleOf(title)}</bdi>
          </Link>{' '}
          {tags.map((tag) => (
            <Badge key={tag}>
              <bdi>{tag}</bdi>
            </Badge>
          ))}
        </>
      ),
    },
    { title: conversations.channel, cell: ({ origin }) => origin },
    { title: conversations.messages, cell: ({ messages }) => count(messages), isNumber: true },
    { title: words.updated, cell: ({ updated_at: at }) => <When at={at} /> },
    {
      title: words.actions,
      cell: ({ id }) => (
        <div className="actions">
          <Link className="button" to={`/dashboard/chat/${id}`}>
            {conversations.open}
          </Link>
        </div>
      ),
    },
  ];
}
