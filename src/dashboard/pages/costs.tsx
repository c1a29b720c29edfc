/** Owns the page of what was spent, and of the budgets that limit it. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { BarChart } from '../components/bar-chart.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { count, instant, money } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { useMay } from '../session-gate.tsx';

type Cost = Result<'GET /costs'>[number];
const GROUPS = ['day', 'model', 'user', 'tool', 'room', 'task'] as const;
type Group = (typeof GROUPS)[number];
const SPANS = [7, 30, 90, 365] as const;

export function Costs(): ReactNode {
  const { nav, costs } = useTexts();
  const [by, setBy] = useState<Group>('day');
  const [days, setDays] = useState<number>(30);
  const rows = useRead('GET /costs', { query: { by, days } });
  return (
    <>
      <div className="bar">
        <h1>{nav.costs}</h1>
        <label className="field">
          {costs.by}
          <select value={by} onChange={({ target }) => setBy(GROUPS.find((each) => each === target.value) ?? 'day')}>
            {GROUPS.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label className="field">
          {costs.days}
          <select value={days} onChange={({ target }) => setDays(Number(target.value))}>
            {SPANS.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </div>
      <Loaded of={rows}>
        {(data) => (
          <>
            <BarChart
              label={costs.chart}
              write={money}
              bars={(by === 'day' ? data.toReversed() : data).map((row) => ({
                name: nameOf(row, by),
                value: row.cost_usd,
              }))}
            />
            <CostTable rows={data} by={by} />
          </>
        )}
      </Loaded>
      <Budgets />
    </>
  );
}

/** A row names what it counts by the group's own word. */
function nameOf(row: Cost, by: Group): string {
  const name = row[by];
  return typeof name === 'string' ? name : '–';
}

function CostTable({ rows, by }: { readonly rows: readonly Cost[]; readonly by: Group }): ReactNode {
  const { nav, costs } = useTexts();
  return (
    <Table
      caption={nav.costs}
      rows={rows}
      keyOf={(row) => nameOf(row, by)}
      columns={[
        { title: by, cell: (row) => nameOf(row, by) },
        { title: costs.calls, cell: ({ calls }) => count(calls), isNumber: true },
        {
          title: costs.tokens,
          cell: ({ input_tokens: input, output_tokens: output }) => count(input + output),
          isNumber: true,
        },
        { title: costs.cost, cell: ({ cost_usd: cost }) => money(cost), isNumber: true },
      ]}
    />
  );
}

const SCOPES = ['home', 'user', 'room', 'task', 'tool'] as const;

function Budgets(): ReactNode {
  const { costs, words } = useTexts();
  const isAdmin = useMay('admin');
  const budgets = useRead('GET /budgets', { query: isAdmin ? { all: 'true' } : {} });
  const touches = ['GET /budgets'] as const;
  return (
    <section>
      <div className="bar">
        <h2>{costs.budgets}</h2>
        {isAdmin ? (
          <FormDialog
            title={costs.setBudget}
            fields={[
              { name: 'scope', label: costs.scope, kind: 'select', options: SCOPES },
              { name: 'name', label: costs.subject },
              { name: 'budgets', label: costs.limits, isRequired: true },
            ]}
            route="PUT /budgets"
            toParts={(typed) => ({
              body: {
                scope: SCOPES.find((each) => each === typed('scope')) ?? 'home',
                budgets: typed('budgets').split(/[\s,]+/),
                ...(typed('name') === '' ? {} : { name: typed('name') }),
              },
            })}
            touches={touches}
          />
        ) : null}
      </div>
      <Loaded of={budgets}>
        {(rows) => (
          <Table
            caption={costs.budgets}
            rows={rows}
            keyOf={({ scope, name, unit, period }) => `${scope} ${name} ${unit} ${period}`}
            columns={[
              { title: costs.scope, cell: ({ scope, name }) => `${scope} ${name}` },
              { title: costs.limit, cell: ({ budget }) => budget },
              {
                title: costs.used,
                cell: ({ used, amount, budget }) => (
                  <>
                    <meter value={used} max={amount} aria-label={`${costs.used}: ${budget}`} /> {used}
                  </>
                ),
              },
              { title: costs.renews, cell: ({ renews_at: at }) => instant(at) },
              {
                title: words.actions,
                cell: ({ scope, name }) =>
                  isAdmin ? (
                    <ActionButton route="DELETE /budgets" parts={{ query: scopeQuery(scope, name) }} touches={touches}>
                      {words.remove}
                    </ActionButton>
                  ) : null,
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}

function scopeQuery(scope: (typeof SCOPES)[number], name: string) {
  return scope === 'home' ? { scope } : { scope, name };
}
