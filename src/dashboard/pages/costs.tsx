/** Owns the page of what was spent: on what, by whom, when, compared with the time before, and the budgets that limit it. */
import { type ReactNode, useState } from 'react';
import { useRead } from '../api/use-api.ts';
import { BarChart } from '../components/bar-chart.tsx';
import { toCsv } from '../components/csv.ts';
import { PageHead } from '../components/page-head.tsx';
import { saveFile } from '../components/save-file.ts';
import { Section } from '../components/section.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { shortDay } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { useMay } from '../session-gate.tsx';
import { type Cost, type Group, GROUPS, type Measure, MEASURES, valueOf, writeMeasure } from './cost-rows.ts';
import { filledDays, nameIn, pivotDaily } from './cost-series.ts';
import { Budgets } from './costs-budgets.tsx';
import { CostTable } from './costs-table.tsx';
import './costs.css';

const SPANS = [1, 7, 30, 90, 365] as const;

export function Costs(): ReactNode {
  const { nav, costs } = useTexts();
  const isAdmin = useMay('admin');
  const [by, setBy] = useState<Group>('day');
  const [days, setDays] = useState<number>(30);
  const [measure, setMeasure] = useState<Measure>('cost');
  const groups = GROUPS.filter((each) => isAdmin || each !== 'user');
  const rows = useRead('GET /costs', { query: { by, days } });
  return (
    <>
      <PageHead
        title={nav.costs}
        lead={isAdmin ? costs.lead : costs.leadOwn}
        actions={
          <>
            <Choice label={costs.by} value={by} options={groups} words={costs.groups} onChoose={setBy} />
            <label className="field">
              {costs.days}
              <select value={days} onChange={({ target }) => setDays(Number(target.value))}>
                {SPANS.map((each) => (
                  <option key={each} value={each}>
                    {costs.lastDays(each)}
                  </option>
                ))}
              </select>
            </label>
            <Choice
              label={costs.show}
              value={measure}
              options={MEASURES}
              words={costs.measures}
              onChoose={setMeasure}
            />
            <button
              type="button"
              disabled={rows.data === undefined || rows.data.length === 0}
              onClick={() => exportRows(rows.data ?? [], by, days)}
            >
              {costs.exportCsv}
            </button>
          </>
        }
      />
      <Totals days={days} />
      <Section title={costs.charts[measure]}>
        <DailyChart by={by === 'day' ? 'model' : by} days={days} measure={measure} />
      </Section>
      <Section title={costs.byGroup(costs.groups[by])}>
        <Loaded of={rows} empty={costs.nothingSpent}>
          {(data) => <CostTable rows={data} by={by} measure={measure} />}
        </Loaded>
      </Section>
      <Budgets />
    </>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Value[];
  readonly words: Readonly<Record<Value, string>>;
  readonly onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, options, words, onChoose }: ChoiceProps<Value>): ReactNode {
  return (
    <label className="field">
      {label}
      <select
        value={value}
        onChange={({ target }) => {
          const next = options.find((each) => each === target.value);
          if (next !== undefined) onChoose(next);
        }}
      >
        {options.map((each) => (
          <option key={each} value={each}>
            {words[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What was spent in all, and how that is against as many days before. */
function Totals({ days }: { readonly days: number }): ReactNode {
  const { costs } = useTexts();
  const total = useRead('GET /costs/total', { query: { days } });
  return (
    <Loaded of={total}>
      {({ now, before }) => (
        <>
          <div className="tiles costs-tiles">
            {MEASURES.map((measure) => {
              const [value, then] = [valueOf(now.total, measure), valueOf(before.total, measure)];
              const write = writeMeasure(measure);
              return (
                <Section key={measure} title={costs.measures[measure]}>
                  <p className="figure">{write(value)}</p>
                  <p className="quiet">
                    {then === 0 ? costs.noneBefore : costs.change(changeText(value, then), write(then))}
                  </p>
                </Section>
              );
            })}
          </div>
          {now.total.unpriced_calls === 0 ? null : (
            <p className="notice ask">{costs.unpriced(now.total.unpriced_calls)}</p>
          )}
          {now.total.estimated_calls === 0 ? null : (
            <p className="quiet">{costs.estimated(now.total.estimated_calls)}</p>
          )}
        </>
      )}
    </Loaded>
  );
}

function changeText(value: number, before: number): string {
  const share = (value - before) / before;
  const format = new Intl.NumberFormat(document.documentElement.lang, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 0,
  });
  return format.format(share);
}

interface DailyChartProps {
  readonly by: Exclude<Group, 'day'>;
  readonly days: number;
  readonly measure: Measure;
}

function DailyChart({ by, days, measure }: DailyChartProps): ReactNode {
  const { costs } = useTexts();
  const daily = useRead('GET /costs/daily', { query: { by, days } });
  const last = useRead('GET /costs/total', { query: { days } }).data?.now.last_day;
  return (
    <Loaded of={daily} empty={costs.nothingSpent}>
      {(rows) => {
        const found = pivotDaily(rows, by, (row) => valueOf(row, measure));
        if (found.series.every(({ values }) => values.every((value) => value === 0)))
          return <Nothing>{costs.allFree}</Nothing>;
        const shown = last === undefined ? found : filledDays(found, last, days);
        return (
          <BarChart
            label={costs.charts[measure]}
            places={shown.days.map(shortDay)}
            series={shown.series}
            write={writeMeasure(measure)}
            isWhole={measure !== 'cost'}
            height={220}
          />
        );
      }}
    </Loaded>
  );
}

const NUMBERS = [
  'calls',
  'input_tokens',
  'output_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'cost_usd',
  'unpriced_calls',
  'estimated_calls',
] as const;

function exportRows(rows: readonly Cost[], by: Group, days: number): void {
  const cells = rows.map((row) => [nameIn(row, by), ...NUMBERS.map((name) => row[name])]);
  saveFile(`costs-by-${by}-${days}-days.csv`, toCsv([by, ...NUMBERS], cells), 'text/csv');
}
