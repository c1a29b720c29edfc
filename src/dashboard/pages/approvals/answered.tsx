/** Owns what was answered: by whom, when and for how long, some at a time. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { type ApiError, ask, type Parts, type Result } from '../../api/client.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Failure, Loading, Nothing } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';

type Approval = Result<'GET /approvals'>[number];
const AT_ONCE = 50;
const STATES = ['approved', 'used', 'denied', 'cancelled', 'expired'] as const;
type State = (typeof STATES)[number];
const TONES: Readonly<Record<string, Tone>> = { approved: 'good', used: 'good', denied: 'bad' };

function useAnswered(state: State | undefined) {
  return useInfiniteQuery<readonly Approval[], ApiError, { pages: (readonly Approval[])[] }, unknown[], string | null>({
    // Begins with the route, so that what changes approvals has this asked again too.
    queryKey: ['GET /approvals', 'answered', state],
    queryFn: ({ pageParam, signal }) => {
      const query: Parts<'GET /approvals'>['query'] = {
        all: 'true',
        limit: AT_ONCE,
        ...(state === undefined ? {} : { state }),
        ...(pageParam === null ? {} : { before: pageParam }),
      };
      return ask('GET /approvals', { query }, signal);
    },
    initialPageParam: null,
    getNextPageParam: (last) => (last.length < AT_ONCE ? undefined : (last.at(-1)?.id ?? undefined)),
  });
}

export function Answered(): ReactNode {
  const { approvals, words } = useTexts();
  const [state, setState] = useState<State>();
  const list = useAnswered(state);
  const rows = (list.data?.pages ?? []).flat().filter((row) => row.state !== 'pending');
  return (
    <>
      <div className="bar">
        <label>
          {words.state}{' '}
          <select value={state ?? ''} onChange={({ target }) => setState(STATES.find((each) => each === target.value))}>
            <option value="">{approvals.any}</option>
            {STATES.map((each) => (
              <option key={each} value={each}>
                {approvals.states[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {list.error === null ? null : <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending ? <Loading /> : null}
      {list.isSuccess && rows.length === 0 ? <Nothing>{approvals.noHistory}</Nothing> : null}
      {rows.length === 0 ? null : <AnsweredTable rows={rows} />}
      {list.hasNextPage ? (
        <p>
          <button type="button" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {approvals.more}
          </button>
        </p>
      ) : null}
    </>
  );
}

function AnsweredTable({ rows }: { readonly rows: readonly Approval[] }): ReactNode {
  const { approvals, words } = useTexts();
  return (
    <Table
      caption={approvals.history}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: approvals.act,
          cell: ({ act, reason }) => (
            <>
              <code>{act}</code>
              <br />
              <span className="quiet">{reason}</span>
            </>
          ),
        },
        {
          title: words.state,
          cell: ({ state, scope }) => (
            <>
              <Badge tone={TONES[state] ?? 'quiet'}>{approvals.states[state] ?? state}</Badge>{' '}
              {scope === null || scope === 'once' ? null : <span className="quiet">{approvals[scope]}</span>}
            </>
          ),
        },
        { title: approvals.answeredBy, cell: ({ decided_by: by }) => by ?? '–' },
        { title: words.when, cell: (row) => <When at={row.decided_at ?? row.expires_at} /> },
        { title: approvals.forWhom, cell: ({ user }) => user ?? approvals.nobody },
        {
          title: approvals.openConversation,
          cell: ({ conversation_id: id }) =>
            id === null ? null : <Link to={`/dashboard/conversations/${id}`}>{approvals.openConversation}</Link>,
        },
      ]}
    />
  );
}
