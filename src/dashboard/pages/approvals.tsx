/** Owns the page of acts that want a yes: those that wait, those that were answered, and permissions that were given for longer. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../api/use-api.ts';
import { PageHead } from '../components/page-head.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useTexts } from '../language/use-texts.ts';
import { Answered } from './approvals/answered.tsx';
import { Grants } from './approvals/grants.tsx';
import { WaitingList } from './approvals/waiting.tsx';
import './approvals/approvals.css';

export function Approvals(): ReactNode {
  const { nav, approvals } = useTexts();
  const waiting = useRead('GET /approvals', { query: {} });
  const count = waiting.data?.length ?? 0;
  return (
    <>
      <PageHead
        title={nav.approvals}
        lead={approvals.lead}
        actions={
          <Link className="button" to="/dashboard/settings?find=EXEC_">
            {approvals.setLevel}
          </Link>
        }
      />
      <Tabs
        label={nav.approvals}
        tabs={[
          {
            id: 'waiting',
            label: count === 0 ? approvals.waiting : `${approvals.waiting} (${count})`,
            content: <WaitingList of={waiting} />,
          },
          { id: 'history', label: approvals.history, content: <Answered /> },
          { id: 'grants', label: approvals.grants, content: <Grants /> },
        ]}
      />
    </>
  );
}
