/** Owns what the first page tells everybody of their own: money, tokens, tasks, conversations. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { Badge } from '../components/badge.tsx';
import { Section } from '../components/section.tsx';
import { Loaded } from '../components/states.tsx';
import { When } from '../components/when.tsx';
import { count, money } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { amountText, type Budget } from './budget-text.ts';
import { MOST_OF_BUDGET, NEARLY_ALL } from './overview-alerts.ts';

const TODAY = { query: { days: 1 } } as const;
const SHOWN = 5;

/** What was spent today, and how much of each budget of the day or month is used. */
export function SpentTile({ isAll }: { readonly isAll: boolean }): ReactNode {
  const { overview } = useTexts();
  const total = useRead('GET /costs/total', TODAY);
  const budgets = useRead('GET /budgets', { query: isAll ? { all: 'true' } : {} }).data ?? [];
  const shown = budgets.filter(({ scope, amount }) => amount > 0 && (!isAll || scope === 'home')).slice(0, 3);
  return (
    <Section title={overview.spent} actions={<Link to="/dashboard/costs">{overview.details}</Link>}>
      <Loaded of={total}>
        {({ now, before }) => (
          <>
            <p className="figure">{money(now.total.cost_usd)}</p>
            <p className="quiet">
              {overview.yesterday(money(before.total.cost_usd))}
              <br />
              {overview.tokens(count(now.total.input_tokens + now.total.output_tokens), now.total.calls)}
            </p>
          </>
        )}
      </Loaded>
      {shown.map((budget) => (
        <BudgetLine key={`${budget.scope} ${budget.name} ${budget.budget}`} budget={budget} />
      ))}
    </Section>
  );
}

function BudgetLine({ budget }: { readonly budget: Budget }): ReactNode {
  const { overview, costs } = useTexts();
  const { used, amount, period } = budget;
  const text = costs.per[period](amountText(costs.units, budget, amount));
  const share = used / amount;
  return (
    <p className="overview-budget">
      <meter
        value={Math.min(used, amount)}
        max={amount}
        low={amount * MOST_OF_BUDGET}
        high={amount * NEARLY_ALL}
        optimum={0}
        aria-label={overview.ofBudget(text)}
      />
      <span>
        {overview.ofBudget(text)}: {Math.round(share * 100)} %
      </span>
      {share >= MOST_OF_BUDGET ? (
        <Badge tone={share >= 1 ? 'bad' : 'warn'}>{share >= 1 ? overview.usedUp : overview.nearlyUsed}</Badge>
      ) : null}
    </p>
  );
}

export function NextTasks(): ReactNode {
  const { overview } = useTexts();
  const tasks = useRead('GET /tasks', { query: {} });
  const next = (rows: Result<'GET /tasks'>) =>
    rows
      .flatMap(({ id, prompt, tool, next_at: at, state }) =>
        at === null || state !== 'active' ? [] : [{ id, prompt, tool, at }],
      )
      .toSorted((a, b) => a.at.localeCompare(b.at))
      .slice(0, SHOWN);
  return (
    <Section title={overview.nextTasks} actions={<Link to="/dashboard/tasks">{overview.showAll}</Link>}>
      <Loaded of={tasks} isEmpty={(rows) => next(rows).length === 0} empty={overview.noTasks}>
        {(rows) =>
          next(rows).length === 0 ? (
            <p className="quiet">{overview.noTasks}</p>
          ) : (
            <ul className="overview-list">
              {next(rows).map(({ id, prompt, tool, at }) => (
                <li key={id}>
                  <Link to={`/dashboard/tasks/${encodeURIComponent(id)}`}>{id}</Link>
                  <span className="quiet overview-cut">{prompt ?? tool}</span>
                  <When at={at} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

export function LastConversations(): ReactNode {
  const { overview } = useTexts();
  const list = useRead('GET /conversations', { query: { limit: SHOWN } });
  return (
    <Section title={overview.conversations} actions={<Link to="/dashboard/conversations">{overview.showAll}</Link>}>
      <Loaded
        of={list}
        empty={
          <>
            {overview.noConversations} <Link to="/dashboard/chat">{overview.beginChat}</Link>
          </>
        }
      >
        {(rows) => (
          <ul className="overview-list">
            {rows.map(({ id, title, updated_at: at, running: isRunning }) => (
              <li key={id}>
                <Link className="overview-cut" to={`/dashboard/chat/${id}`}>
                  {title === '' ? id : title}
                </Link>
                {isRunning ? <Badge tone="info">{overview.runs}</Badge> : null}
                <When at={at} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}
