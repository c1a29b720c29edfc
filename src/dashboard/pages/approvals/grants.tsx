/** Owns the permissions that were given for longer than once, and taking them back. */
import type { ReactNode } from 'react';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';

export function Grants(): ReactNode {
  const { approvals } = useTexts();
  const grants = useRead('GET /grants', {});
  return (
    <section aria-label={approvals.grants}>
      <p className="quiet">{approvals.grantsLead}</p>
      <Loaded of={grants} empty={approvals.noGrants}>
        {(rows) => <GrantTable rows={rows} />}
      </Loaded>
    </section>
  );
}

function GrantTable({ rows }: { readonly rows: Result<'GET /grants'> }): ReactNode {
  const { approvals, words } = useTexts();
  const scopes: Readonly<Record<string, string>> = approvals.scopeHints;
  return (
    <Table
      caption={approvals.grants}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: approvals.act,
          cell: ({ act, scope }) => (
            <>
              <code>{act}</code>
              <br />
              <span className="quiet">{scopes[scope]}</span>
            </>
          ),
        },
        { title: approvals.forWhom, cell: ({ user }) => user ?? approvals.nobody },
        {
          title: approvals.grantedBy,
          cell: ({ granted_by: by, created_at: at }) => (
            <>
              {by ?? approvals.nobody}, <When at={at} />
            </>
          ),
        },
        {
          title: approvals.until,
          cell: ({ expires_at: at }) => (at === null ? approvals.untilRevoked : <When at={at} />),
        },
        {
          title: approvals.used,
          cell: ({ uses, last_used_at: at }) => (
            <>
              {approvals.times(count(uses))} {at === null ? null : <When at={at} />}
            </>
          ),
        },
        {
          title: words.actions,
          cell: ({ id, act }) => (
            <ActionButton
              route="DELETE /grants/{id}"
              parts={{ params: { id } }}
              touches={['GET /grants']}
              needs="admin"
              question={approvals.revokeQuestion(act)}
            >
              {approvals.revoke}
            </ActionButton>
          ),
        },
      ]}
    />
  );
}
