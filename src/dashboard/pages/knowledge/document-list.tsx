/** Owns the list of documents: found by title or source, by kind, in an order, page by page. */
import { type ReactNode, useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { Pager } from '../../components/pager.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useSearchState } from '../../components/use-search-state.ts';
import { When } from '../../components/when.tsx';
import { bytes, count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { TOUCHED } from './use-uploads.ts';

const PAGE_SIZE = 50;
const SORTS = ['updated', 'title', 'size', 'passages'] as const;

interface DocumentListProps {
  readonly kinds: Result<'GET /knowledge/stats'>['kinds'];
  readonly onSaid: (said: string) => void;
}

export function DocumentList({ kinds, onSaid }: DocumentListProps): ReactNode {
  const { knowledge } = useTexts();
  const [read, change] = useSearchState();
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim());
  const kind = read('kind');
  const sort = SORTS.find((each) => each === read('sort')) ?? 'updated';
  const page = Math.max(0, Number(read('page')) || 0);
  const list = useRead(
    'GET /knowledge',
    {
      query: { sort, kind, text, limit: PAGE_SIZE, offset: text === '' ? page * PAGE_SIZE : 0 },
    },
    { keepsLast: true },
  );
  const total = kinds
    .filter((each) => kind === '' || each.kind === kind)
    .reduce((sum, { documents }) => sum + documents, 0);
  const isAll = text === '' && kind === '';
  return (
    <>
      {kinds.length === 0 ? null : <Filters kinds={kinds} typed={typed} onTyped={setTyped} />}
      <Loaded of={list} empty={isAll ? knowledge.none : knowledge.noneFound}>
        {(rows) => <Rows rows={rows} onSaid={onSaid} />}
      </Loaded>
      <Pager
        page={page}
        pageSize={PAGE_SIZE}
        total={text === '' ? total : 0}
        onPage={(to) => change({ page: to === 0 ? '' : String(to) })}
      />
    </>
  );
}

interface FiltersProps {
  readonly kinds: DocumentListProps['kinds'];
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
}

function Filters({ kinds, typed, onTyped }: FiltersProps): ReactNode {
  const { knowledge, words } = useTexts();
  const [read, change] = useSearchState();
  return (
    <div className="bar knowledge-filters" role="search" aria-label={knowledge.find}>
      <label className="field">
        {knowledge.find}
        <input type="search" value={typed} onChange={({ target }) => onTyped(target.value)} />
      </label>
      <label className="field">
        {knowledge.kind}
        <select value={read('kind')} onChange={({ target }) => change({ kind: target.value })}>
          <option value="">{words.all}</option>
          {kinds.map(({ kind, documents }) => (
            <option key={kind} value={kind}>
              {kindWord(knowledge.kinds, kind)} ({count(documents)})
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {knowledge.sort}
        <select value={read('sort')} onChange={({ target }) => change({ sort: target.value })}>
          {SORTS.map((each) => (
            <option key={each} value={each === 'updated' ? '' : each}>
              {knowledge.sorts[each]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** The word for a kind of document; one that has none is told as it is. */
export function kindWord(words: Readonly<Record<string, string>>, kind: string): string {
  return words[kind] ?? kind;
}

interface RowsProps {
  readonly rows: Result<'GET /knowledge'>;
  readonly onSaid: (said: string) => void;
}

function Rows({ rows, onSaid }: RowsProps): ReactNode {
  const { nav, knowledge, words } = useTexts();
  return (
    <Table
      caption={nav.knowledge}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: words.title,
          cell: ({ id, title, source }) => (
            <>
              <Link className="knowledge-title" to={`/dashboard/knowledge/${encodeURIComponent(id)}`}>
                <bdi>{title}</bdi>
              </Link>
              {source.startsWith('text:') ? null : (
                <>
                  <br />
                  <span className="quiet">
                    <bdi>{source}</bdi>
                  </span>
                </>
              )}
            </>
          ),
        },
        { title: words.kind, cell: ({ kind }) => kindWord(knowledge.kinds, kind) },
        { title: knowledge.came, cell: ({ provenance }) => knowledge.provenances[provenance] },
        { title: words.size, cell: (row) => bytes(row.bytes), isNumber: true },
        { title: knowledge.passages, cell: ({ chunks }) => count(chunks), isNumber: true },
        {
          title: words.state,
          cell: ({ state }) => <Badge tone={state === 'ready' ? 'good' : 'info'}>{knowledge.states[state]}</Badge>,
        },
        { title: words.updated, cell: ({ updated_at: at }) => <When at={at} /> },
        {
          title: words.actions,
          cell: ({ id, title }) => (
            <div className="actions">
              <ActionButton
                route="DELETE /knowledge/{id}"
                parts={{ params: { id } }}
                touches={TOUCHED}
                question={knowledge.removeQuestion(title)}
                onDone={() => onSaid(knowledge.removed(title))}
              >
                {words.remove}
              </ActionButton>
            </div>
          ),
        },
      ]}
    />
  );
}
