/** Owns what needs somebody, on the first page: warnings that lead to where they are mended, and acts that wait for a yes. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge } from '../components/badge.tsx';
import { Section } from '../components/section.tsx';
import { VisibleText } from '../components/visible-text.tsx';
import { When } from '../components/when.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { amountText } from './budget-text.ts';
import type { Alert } from './overview-alerts.ts';

export function AlertList({ alerts }: { readonly alerts: readonly Alert[] }): ReactNode {
  const { overview } = useTexts();
  return (
    <Section title={overview.needs}>
      <ul className="overview-list">
        {alerts.map((alert) => (
          <li key={`${alert.kind} ${alert.name}`}>
            <Badge tone={alert.tone}>{overview.tones[alert.tone]}</Badge>
            <Link to={`/dashboard/${alert.page}`}>
              <AlertText alert={alert} />
            </Link>
            {alert.detail === undefined || alert.detail === '' ? null : <span className="quiet">{alert.detail}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function AlertText({ alert: { kind, name, budget } }: { readonly alert: Alert }): ReactNode {
  const { overview, costs } = useTexts();
  const { alerts } = overview;
  if (budget !== undefined) {
    const text = costs.per[budget.period](amountText(costs.units, budget, budget.amount));
    return alerts.budget(budget.scope === 'home' ? text : `${text} (${budget.name})`);
  }
  return alerts[kind](kind === 'oldBackup' ? instant(name) : name);
}

/** How many are shown here; the page of approvals has all. */
const SHOWN = 5;

export function Approvals(): ReactNode {
  const { overview, approvals } = useTexts();
  const waiting = useRead('GET /approvals', { query: {} }).data ?? [];
  const touches = ['GET /approvals', 'GET /grants'] as const;
  if (waiting.length === 0) return null;
  return (
    <Section title={overview.approvals} actions={<Link to="/dashboard/approvals">{overview.showAll}</Link>}>
      <ul className="overview-list">
        {waiting.slice(0, SHOWN).map(({ id, act, reason, expires_at: until }) => (
          <li key={id}>
            <span className="overview-act">
              <code>
                <VisibleText text={act} />
              </code>
              <span className="quiet">
                <VisibleText text={reason} /> · {overview.until} <When at={until} />
              </span>
            </span>
            <span className="actions">
              <ActionButton
                route="POST /approvals/{id}/deny"
                parts={{ params: { id } }}
                touches={touches}
                needs="admin"
              >
                {approvals.deny}
              </ActionButton>
              <ActionButton
                route="POST /approvals/{id}/approve"
                parts={{ params: { id }, body: { scope: 'once' } }}
                touches={touches}
                needs="admin"
                isMain
              >
                {approvals.allow}
              </ActionButton>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
