/** Owns the budgets: how much of each is used, and for admins setting, changing and removing them. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge } from '../components/badge.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Section } from '../components/section.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { When } from '../components/when.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useMay } from '../session-gate.tsx';
import { amountText, type Budget } from './budget-text.ts';
import { MOST_OF_BUDGET, NEARLY_ALL } from './overview-alerts.ts';

const SCOPES = ['home', 'user', 'room', 'task', 'tool'] as const;
const UNITS = ['usd', 'tokens', 'calls'] as const;
const PERIODS = ['day', 'month'] as const;
const TOUCHES = ['GET /budgets', 'GET /audit'] as const;
const SETTERS = 200;

export function Budgets(): ReactNode {
  const { costs } = useTexts();
  const isAdmin = useMay('admin');
  const budgets = useRead('GET /budgets', { query: isAdmin ? { all: 'true' } : {} });
  return (
    <Section title={costs.budgets} actions={<BudgetForm title={costs.setBudget} />}>
      <Loaded of={budgets} empty={isAdmin ? costs.noBudgets : costs.noBudgetsOwn}>
        {(rows) => <BudgetTable rows={rows} />}
      </Loaded>
    </Section>
  );
}

function BudgetTable({ rows }: { readonly rows: readonly Budget[] }): ReactNode {
  const { costs, words } = useTexts();
  const isAdmin = useMay('admin');
  const setBy = useSetters(isAdmin);
  return (
    <Table
      caption={costs.budgets}
      rows={rows}
      keyOf={({ scope, subject, unit, period, setting }) => `${scope} ${subject} ${unit} ${period} ${setting ?? ''}`}
      columns={[
        {
          title: costs.scope,
          cell: ({ scope, name }) => (scope === 'home' ? costs.scopes.home : `${costs.scopes[scope]}: ${name}`),
        },
        {
          title: costs.limit,
          cell: (budget) => costs.per[budget.period](amountText(costs.units, budget, budget.amount)),
        },
        { title: costs.used, cell: (budget) => <Used budget={budget} /> },
        { title: costs.renews, cell: ({ renews_at: at }) => <When at={at} /> },
        {
          title: costs.setBy,
          cell: ({ scope, subject, setting }) =>
            setting !== null ? (
              <Link to={isAdmin ? `/dashboard/settings?find=${setting}` : '/dashboard/costs'}>
                <code>{setting}</code>
              </Link>
            ) : (
              (setBy(scope, subject) ?? '–')
            ),
        },
        ...(isAdmin
          ? [{ title: words.actions, cell: (budget: Budget) => <BudgetActions budget={budget} all={rows} /> }]
          : []),
      ]}
    />
  );
}

/** Who set a budget last, by the audit trail. */
function useSetters(isAdmin: boolean): (scope: string, subject: string) => string | undefined {
  const { data = [] } = useRead(
    'GET /audit',
    { query: { action: 'budget.set', limit: SETTERS } },
    { isEnabled: isAdmin },
  );
  return (scope, subject) =>
    data.find(({ detail }) => detail['scope'] === scope && detail['subject'] === subject)?.username;
}

function Used({ budget }: { readonly budget: Budget }): ReactNode {
  const { costs } = useTexts();
  const { used, amount, reserved, budget: text } = budget;
  const left = Math.max(0, amount - used - reserved);
  return (
    <span className="costs-used">
      <meter
        value={Math.min(used, amount)}
        max={Math.max(amount, Number.MIN_VALUE)}
        low={amount * MOST_OF_BUDGET}
        high={amount * NEARLY_ALL}
        optimum={0}
        aria-label={`${costs.used}: ${text}`}
      />{' '}
      {costs.usedAndLeft(amountText(costs.units, budget, used), amountText(costs.units, budget, left))}{' '}
      {used >= amount ? (
        <Badge tone="bad">{costs.usedUp}</Badge>
      ) : used >= amount * MOST_OF_BUDGET ? (
        <Badge tone="warn">{costs.nearlyUsed}</Badge>
      ) : null}
    </span>
  );
}

interface BudgetActionsProps {
  readonly budget: Budget;
  readonly all: readonly Budget[];
}

function BudgetActions({ budget, all }: BudgetActionsProps): ReactNode {
  const { costs, words } = useTexts();
  const { scope, name, subject, setting } = budget;
  if (setting !== null) return null;
  const others = all.filter(
    (each) => each !== budget && each.setting === null && each.scope === scope && each.subject === subject,
  );
  const whose = scope === 'home' ? { scope } : { scope, name };
  const question = costs.removeQuestion(budget.budget, scope === 'home' ? costs.scopes.home : name);
  return (
    <span className="actions">
      <BudgetForm title={costs.changeBudget} of={budget} />
      {others.length === 0 ? (
        <ActionButton
          route="DELETE /budgets"
          parts={{ query: whose }}
          touches={TOUCHES}
          question={question}
          needs="admin"
        >
          {words.remove}
        </ActionButton>
      ) : (
        // Those of one are taken away together: the others are set again.
        <ActionButton
          route="PUT /budgets"
          parts={{ body: { ...whose, budgets: ['none', ...others.map((each) => each.budget)] } }}
          touches={TOUCHES}
          question={question}
          needs="admin"
        >
          {words.remove}
        </ActionButton>
      )}
    </span>
  );
}

/** `of`: the budget whose amount is changed; whose it is and its period stay. */
function BudgetForm({ title, of }: { readonly title: string; readonly of?: Budget }): ReactNode {
  const { costs } = useTexts();
  const options = <Value extends string>(values: readonly Value[], names: Readonly<Record<Value, string>>) =>
    values.map((value) => ({ value, label: names[value] }));
  const amount = {
    name: 'amount',
    label: costs.amount,
    kind: 'number',
    min: 0,
    step: 'any',
    isRequired: true,
  } as const;
  return (
    <FormDialog
      title={of === undefined ? title : `${title}: ${of.budget}`}
      opens={title}
      fields={
        of === undefined
          ? [
              { name: 'scope', label: costs.scope, kind: 'select', options: options(SCOPES, costs.scopes) },
              { name: 'name', label: costs.subject, hint: costs.subjectHint },
              amount,
              { name: 'unit', label: costs.unit, kind: 'select', options: options(UNITS, costs.units) },
              { name: 'period', label: costs.period, kind: 'select', options: options(PERIODS, costs.periods) },
            ]
          : [{ ...amount, value: String(of.amount) }]
      }
      route="PUT /budgets"
      toParts={(typed) => {
        const { scope, name, unit, period } = of ?? {
          scope: SCOPES.find((each) => each === typed('scope')) ?? 'home',
          name: typed('name'),
          unit: typed('unit'),
          period: typed('period'),
        };
        const text = `${typed('amount')}${unit === 'usd' ? '' : unit}/${period}`;
        return { body: { budgets: [text], scope, ...(scope === 'home' ? {} : { name }) } };
      }}
      touches={TOUCHES}
      needs="admin"
    />
  );
}
