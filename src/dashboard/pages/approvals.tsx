/** Owns the page of acts that wait for a yes, and of permissions that were given for longer. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

type Approval = Result<'GET /approvals'>[number];
const TOUCHED = ['GET /approvals', 'GET /grants'] as const;
const FRESH_MS = 4_000;

export function Approvals(): ReactNode {
  const { nav, approvals } = useTexts();
  const waiting = useRead('GET /approvals', { query: {} }, { everyMs: FRESH_MS });
  return (
    <>
      <h1>{nav.approvals}</h1>
      <section aria-label={approvals.waiting}>
        <Loaded of={waiting} empty={approvals.noWaiting}>
          {(rows) => rows.map((row) => <Waiting key={row.id} approval={row} />)}
        </Loaded>
      </section>
      <Grants />
    </>
  );
}

const SCOPES = ['once', 'conversation', 'always'] as const;

function Waiting({ approval }: { readonly approval: Approval }): ReactNode {
  const { approvals } = useTexts();
  const { id, act, reason, conversation_id: conversation, expires_at: until } = approval;
  const [scope, setScope] = useState<(typeof SCOPES)[number]>('once');
  const detail = useRead('GET /approvals/{id}', { params: { id } });
  return (
    <article className="card">
      <p>
        {reason} <time className="quiet">{instant(until)}</time>
      </p>
      <pre tabIndex={0}>{detail.data?.detail ?? act}</pre>
      <div className="actions">
        <label>
          {approvals.scope}{' '}
          <select
            value={scope}
            onChange={({ target }) => setScope(SCOPES.find((each) => each === target.value) ?? 'once')}
          >
            {SCOPES.filter((each) => each !== 'conversation' || conversation !== null).map((each) => (
              <option key={each} value={each}>
                {approvals[each]}
              </option>
            ))}
          </select>
        </label>
        <ActionButton route="POST /approvals/{id}/deny" parts={{ params: { id } }} touches={TOUCHED}>
          {approvals.deny}
        </ActionButton>
        <ActionButton
          route="POST /approvals/{id}/approve"
          parts={{ params: { id }, body: { scope } }}
          touches={TOUCHED}
          isMain
        >
          {approvals.allow}
        </ActionButton>
      </div>
    </article>
  );
}

function Grants(): ReactNode {
  const { approvals, words } = useTexts();
  const grants = useRead('GET /grants', {});
  return (
    <section>
      <h2>{approvals.grants}</h2>
      <Loaded of={grants} empty={<Nothing>{approvals.noGrants}</Nothing>}>
        {(rows) => (
          <Table
            caption={approvals.grants}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: approvals.act, cell: ({ act }) => <code>{act}</code> },
              { title: approvals.scope, cell: ({ scope }) => scope },
              { title: words.expires, cell: ({ expires_at: at }) => (at === null ? words.never : instant(at)) },
              {
                title: words.actions,
                cell: ({ id }) => (
                  <ActionButton route="DELETE /grants/{id}" parts={{ params: { id } }} touches={TOUCHED}>
                    {approvals.revoke}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
