/** Owns the rows of what was spent: each leads to what it is about. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useRead } from '../api/use-api.ts';
import { Table } from '../components/table.tsx';
import { count, money } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { type Cost, type Group, type Measure, valueOf } from './cost-rows.ts';
import { nameIn } from './cost-series.ts';

/** Rows that are shown before somebody asks for more: the newest or the dearest. */
const SHOWN = 14;

interface CostTableProps {
  readonly rows: readonly Cost[];
  readonly by: Group;
  readonly measure: Measure;
}

export function CostTable({ rows, by, measure }: CostTableProps): ReactNode {
  const { nav, costs } = useTexts();
  const [isAll, setAll] = useState(false);
  const total = rows.reduce((sum, row) => sum + valueOf(row, measure), 0);
  return (
    <>
      <Table
        caption={nav.costs}
        rows={isAll ? rows : rows.slice(0, SHOWN)}
        keyOf={(row) => nameIn(row, by)}
        columns={[
          { title: costs.groups[by], cell: (row) => <Name by={by} name={nameIn(row, by)} /> },
          { title: costs.calls, cell: ({ calls }) => count(calls), isNumber: true },
          {
            title: costs.tokens,
            cell: ({ input_tokens: input, output_tokens: output }) => count(input + output),
            isNumber: true,
          },
          {
            title: costs.cost,
            cell: ({ cost_usd: cost, unpriced_calls: unknown, calls }) =>
              unknown === 0 ? money(cost) : unknown === calls ? costs.unknownPrice : `${money(cost)} + ?`,
            isNumber: true,
          },
          {
            title: costs.share,
            cell: (row) => (
              <progress
                className="costs-share"
                value={total === 0 ? 0 : valueOf(row, measure)}
                max={total === 0 ? 1 : total}
                aria-label={`${costs.share}: ${nameIn(row, by)}`}
              />
            ),
          },
        ]}
      />
      {rows.length <= SHOWN || isAll ? null : (
        <p className="actions">
          <button type="button" onClick={() => setAll(true)}>
            {costs.showAll(rows.length)}
          </button>
        </p>
      )}
    </>
  );
}

function Name({ by, name }: { readonly by: Group; readonly name: string }): ReactNode {
  const { costs } = useTexts();
  if (name === '–') return <span className="quiet">{costs.none[by]}</span>;
  const at = encodeURIComponent(name);
  switch (by) {
    case 'conversation':
      return <ConversationName id={name} />;
    case 'tool':
      return <Link to={`/dashboard/tools/${at}`}>{name}</Link>;
    case 'user':
      return <Link to={`/dashboard/audit?user=${at}`}>{name}</Link>;
    case 'task':
      return <Link to={`/dashboard/tasks/${encodeURIComponent(name.split('/').at(-1) ?? name)}`}>{name}</Link>;
    case 'room':
      return <Link to="/dashboard/channels">{name}</Link>;
    case 'day':
    case 'model':
      return name;
  }
}

const TITLES = 100;

/** Titles of one's own conversations are known; those of others are theirs. */
function ConversationName({ id }: { readonly id: string }): ReactNode {
  const list = useRead('GET /conversations', { query: { limit: TITLES } }).data ?? [];
  const title = list.find((each) => each.id === id)?.title;
  return title === undefined ? (
    <code>{id}</code>
  ) : (
    <Link to={`/dashboard/chat/${id}`}>{title === '' ? id : title}</Link>
  );
}
