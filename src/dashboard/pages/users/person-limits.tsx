/** Owns what one person may spend, and the model that answers them. Budgets are changed on the page of costs. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ModelChoice } from '../../components/model-choice.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { count, money } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';

type Budget = Result<'GET /budgets'>[number];

export function PersonLimits({ person }: { readonly person: Result<'GET /users/{id}'> }): ReactNode {
  const { users } = useTexts();
  const { id, username } = person;
  const budgets = useRead('GET /budgets', { query: { all: 'true' } });
  return (
    <Section title={users.limits} actions={<Link to="/dashboard/costs?tab=budgets">{users.changeLimits}</Link>}>
      <ModelChoice scope="user" name={username} />
      <Loaded of={budgets}>
        {(rows) => (
          <Budgets rows={rows.filter(({ scope, name }) => scope === 'user' && (name === username || name === id))} />
        )}
      </Loaded>
    </Section>
  );
}

function Budgets({ rows }: { readonly rows: readonly Budget[] }): ReactNode {
  const { users } = useTexts();
  if (rows.length === 0) return <p className="quiet">{users.noLimits}</p>;
  return (
    <ul className="users-budgets">
      {rows.map(({ budget, unit, amount, used, period }) => {
        const told = (value: number): string => (unit === 'usd' ? money(value) : count(value));
        const text = users.budgetUsed(told(used), told(amount), users.periods[period]);
        return (
          <li key={budget}>
            <meter min={0} max={amount} high={amount * 0.8} value={used} aria-label={text} /> {text}
          </li>
        );
      })}
    </ul>
  );
}
