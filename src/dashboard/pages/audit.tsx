/** Owns the page of the record of security-relevant acts: filtered, paged, each row whole, and proved. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import { ask, type ApiError, type Parts, type Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge } from '../components/badge.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Failure, Loading, Nothing } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { VisibleText } from '../components/visible-text.tsx';
import { When } from '../components/when.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { AuditDetail, AuditTarget } from './audit-detail.tsx';
import { type AuditRow, OUTCOME_TONES } from './audit-row.ts';
import './audit.css';

const PAGE = 100;
const OUTCOMES = ['ok', 'denied', 'failed'] as const;
const FIELDS = ['user', 'action', 'outcome', 'target', 'text', 'since', 'until'] as const;
type Field = (typeof FIELDS)[number];

/** What is asked for stands in the address, so that other pages can lead to it. */
function useFilter() {
  const [search, setSearch] = useSearchParams();
  const of = (name: Field): string => search.get(name) ?? '';
  const set = (name: Field, value: string): void => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  const clear = (): void => setSearch(new URLSearchParams(), { replace: true });
  return { of, set, clear, isEmpty: FIELDS.every((name) => of(name) === '') };
}

/** The filter as the API takes it: days become instants, those of the last day too. */
function queryOf(of: (name: Field) => string): NonNullable<Parts<'GET /audit'>['query']> {
  const outcome = OUTCOMES.find((each) => each === of('outcome'));
  const day = (name: 'since' | 'until', later: number): string | undefined => {
    const at = Date.parse(`${of(name)}T00:00`);
    return Number.isNaN(at) ? undefined : new Date(at + later).toISOString();
  };
  const [since, until] = [day('since', 0), day('until', 24 * 60 * 60_000)];
  const texts = (['user', 'action', 'target', 'text'] as const).filter((name) => of(name) !== '');
  return {
    ...Object.fromEntries(texts.map((name) => [name, of(name)])),
    ...(outcome === undefined ? {} : { outcome }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

export function Audit(): ReactNode {
  const { nav, audit } = useTexts();
  const filter = useFilter();
  const query = queryOf(filter.of);
  const [proof, setProof] = useState<Result<'POST /audit/verify'> & { readonly at: number }>();
  const file = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  return (
    <>
      <PageHead
        title={nav.audit}
        lead={audit.lead}
        actions={
          <>
            <a className="button" href={`/api/v1/audit/export?${file.toString()}`} download="audit.csv">
              {audit.exportCsv}
            </a>
            <ActionButton
              route="POST /audit/verify"
              parts={{}}
              touches={[]}
              onDone={(result) => setProof({ ...result, at: Date.now() })}
            >
              {audit.verify}
            </ActionButton>
          </>
        }
      />
      {proof === undefined ? null : (
        <div className={proof.ok ? 'notice good' : 'notice bad'} role="status">
          <p>
            {proof.ok ? audit.whole(proof.rows) : audit.broken(proof.problem ?? '')} ({instant(proof.at)})
          </p>
          {proof.remark === null ? null : <p>{proof.remark}</p>}
          <p className="quiet">{audit.lastCode(proof.last_row, proof.last_code)}</p>
        </div>
      )}
      <Filters filter={filter} />
      <Rows query={query} isFiltered={!filter.isEmpty} />
    </>
  );
}

function Filters({
  filter: { of, set, clear, isEmpty },
}: {
  readonly filter: ReturnType<typeof useFilter>;
}): ReactNode {
  const { audit, words } = useTexts();
  const actions = useRead('GET /audit/actions', {}).data ?? [];
  const nouns = [...new Set(actions.map((action) => `${action.split('.')[0] ?? ''}.*`))];
  const field = (name: Field, label: string, type: 'text' | 'search' | 'date') => (
    <label className="field">
      {label}
      <input
        type={type}
        value={of(name)}
        maxLength={200}
        list={name === 'action' ? 'audit-actions' : undefined}
        placeholder={name === 'action' ? 'user.*' : undefined}
        onChange={({ target }) => set(name, target.value)}
      />
    </label>
  );
  return (
    <div className="audit-filters">
      {field('text', words.search, 'search')}
      {field('user', audit.who, 'text')}
      {field('action', audit.action, 'text')}
      <datalist id="audit-actions">
        {[...nouns, ...actions].map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <label className="field">
        {audit.outcome}
        <select value={of('outcome')} onChange={({ target }) => set('outcome', target.value)}>
          <option value="">{words.all}</option>
          {OUTCOMES.map((each) => (
            <option key={each} value={each}>
              {audit.outcomes[each]}
            </option>
          ))}
        </select>
      </label>
      {field('since', audit.since, 'date')}
      {field('until', audit.until, 'date')}
      {isEmpty ? null : (
        <button type="button" onClick={clear}>
          {audit.clear}
        </button>
      )}
    </div>
  );
}

interface RowsProps {
  readonly query: NonNullable<Parts<'GET /audit'>['query']>;
  readonly isFiltered: boolean;
}

function Rows({ query, isFiltered }: RowsProps): ReactNode {
  const { nav, audit, words } = useTexts();
  const [opened, setOpened] = useState<AuditRow>();
  const pages = useInfiniteQuery<Result<'GET /audit'>, ApiError>({
    queryKey: ['GET /audit', { query: { ...query, limit: PAGE } }],
    initialPageParam: undefined,
    queryFn: ({ pageParam, signal }) => {
      const before = typeof pageParam === 'number' ? { before: pageParam } : {};
      return ask('GET /audit', { query: { ...query, limit: PAGE, ...before } }, signal);
    },
    getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.seq),
  });
  if (pages.data === undefined)
    return pages.error === null ? <Loading /> : <Failure error={pages.error} onRetry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flat();
  if (rows.length === 0) return <Nothing>{isFiltered ? audit.nothingFound : undefined}</Nothing>;
  return (
    <>
      <Table
        caption={nav.audit}
        rows={rows}
        keyOf={({ seq }) => seq}
        columns={[
          {
            title: '#',
            cell: (row) => (
              <button type="button" className="audit-open" title={words.details} onClick={() => setOpened(row)}>
                {row.seq}
              </button>
            ),
            isNumber: true,
          },
          { title: words.when, cell: ({ at }) => <When at={at} /> },
          { title: audit.who, cell: ({ username }) => <VisibleText text={username} /> },
          { title: audit.from, cell: ({ via, from }) => (via === from ? via : `${via} · ${from}`) },
          { title: audit.action, cell: (row) => <code>{row.action}</code> },
          { title: audit.target, cell: (row) => <AuditTarget row={row} /> },
          {
            title: audit.outcome,
            cell: ({ outcome }) => <Badge tone={OUTCOME_TONES[outcome]}>{audit.outcomes[outcome]}</Badge>,
          },
        ]}
      />
      {pages.hasNextPage ? (
        <p className="actions">
          <button type="button" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {audit.more}
          </button>
        </p>
      ) : null}
      {opened === undefined ? null : <AuditDetail row={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}
