/** Owns one row of the audit trail: all that it tells, as a list, and where what it is about can be seen. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Badge } from '../components/badge.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { VisibleText } from '../components/visible-text.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { type AuditRow, OUTCOME_TONES } from './audit-row.ts';

/** The page of what an act was done to, by the noun of the act; nothing for what has none. */
const PAGES: Readonly<Record<string, string>> = {
  user: 'users',
  key: 'users',
  tool: 'tools',
  task: 'tasks',
  memory: 'memory',
  document: 'knowledge',
  knowledge: 'knowledge',
  conversation: 'chat',
  budget: 'costs',
  config: 'settings',
  setting: 'settings',
  secret: 'settings',
  backup: 'backups',
  approval: 'approvals',
  grant: 'approvals',
  group: 'channels',
  room: 'channels',
  channel: 'channels',
  account: 'accounts',
  marketplace: 'tools',
  package: 'tools',
  doctor: 'doctor',
  security: 'doctor',
};
/** Those whose pages show one thing by its id. */
const BY_ID: ReadonlySet<string> = new Set(['tools', 'tasks', 'chat']);

export function AuditTarget({ row: { action, target } }: { readonly row: AuditRow }): ReactNode {
  if (target === null) return null;
  const page = PAGES[action.split('.')[0] ?? ''];
  const shown = <VisibleText text={target} />;
  if (page === undefined) return shown;
  const id = BY_ID.has(page) && !target.includes('/') ? `/${encodeURIComponent(target)}` : '';
  return <Link to={`/dashboard/${page}${id}`}>{shown}</Link>;
}

export function AuditDetail({ row, onClose }: { readonly row: AuditRow; readonly onClose: () => void }): ReactNode {
  const { audit, words, state } = useTexts();
  const details = Object.entries(row.detail);
  return (
    <Dialog title={`${row.action} #${row.seq}`} onClose={onClose}>
      <dl className="audit-detail">
        <dt>{words.when}</dt>
        <dd>{instant(row.at)}</dd>
        <dt>{audit.who}</dt>
        <dd>
          <Link to={`/dashboard/audit?user=${encodeURIComponent(row.username)}`} onClick={onClose}>
            <VisibleText text={row.username} />
          </Link>
        </dd>
        <dt>{audit.from}</dt>
        <dd>
          {row.via} · <VisibleText text={row.from} />
        </dd>
        <dt>{audit.target}</dt>
        <dd>{row.target === null ? '–' : <AuditTarget row={row} />}</dd>
        <dt>{audit.outcome}</dt>
        <dd>
          <Badge tone={OUTCOME_TONES[row.outcome]}>{audit.outcomes[row.outcome]}</Badge>
        </dd>
        {details.map(([name, value]) => (
          <DetailRow key={name} name={name} value={value} />
        ))}
        <dt>{audit.code}</dt>
        <dd>
          <code>{row.code}</code> <CopyButton text={row.code} label={audit.code} />
        </dd>
      </dl>
      <form method="dialog" className="actions">
        <button type="submit">{state.close}</button>
      </form>
    </Dialog>
  );
}

function DetailRow({ name, value }: { readonly name: string; readonly value: unknown }): ReactNode {
  return (
    <>
      <dt>{name.replaceAll('_', ' ')}</dt>
      <dd>
        <VisibleText text={valueText(value)} />
      </dd>
    </>
  );
}

/** A value as somebody reads it: lists with commas, members as `name: value`. */
function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(valueText).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${name.replaceAll('_', ' ')}: ${valueText(each)}`)
      .join('; ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
