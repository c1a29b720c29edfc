/** Owns one's own account: the password, where one is signed in, and one's keys. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { usePerson } from '../../session-gate.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnSessions } from './own-sessions.tsx';

export function Account(): ReactNode {
  const { account, shell } = useTexts();
  const { username, role } = usePerson();
  return (
    <>
      <PageHead title={account.open} lead={`${shell.signedInAs(username, role)}. ${account.lead}`} />
      <Section title={account.password}>
        {role === 'readonly' ? <p className="quiet">{account.readonlyPassword}</p> : <OwnPassword />}
      </Section>
      <OwnSessions />
      <OwnKeys />
    </>
  );
}

type Key = Result<'GET /users/{id}/keys'>[number];
const TOUCHED = ['GET /users/{id}/keys'] as const;

function OwnKeys(): ReactNode {
  const { account, users, words } = useTexts();
  const [shown, setShown] = useState<string>();
  const keys = useRead('GET /users/{id}/keys', { params: { id: 'me' }, query: {} });
  return (
    <Section
      title={account.keys}
      actions={
        <FormDialog
          title={users.newKey}
          fields={[{ name: 'name', label: words.name }]}
          route="POST /users/{id}/keys"
          toParts={(typed) => ({ params: { id: 'me' }, body: typed('name') === '' ? {} : { name: typed('name') } })}
          touches={TOUCHED}
          onDone={(made) => setShown(made.api_key)}
        />
      }
    >
      <p className="quiet">{account.keysLead}</p>
      {shown === undefined ? null : (
        <p className="notice ask" role="status">
          {users.keyOnce} <code className="secret-shown">{shown}</code>
        </p>
      )}
      <Loaded of={keys} empty={account.noKeys}>
        {(rows) => <KeyTable rows={rows} />}
      </Loaded>
    </Section>
  );
}

function KeyTable({ rows }: { readonly rows: readonly Key[] }): ReactNode {
  const { account, users, words } = useTexts();
  return (
    <Table
      caption={account.keys}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: words.name,
          cell: ({ name, prefix }) => (
            <>
              {name} <code>{prefix}…</code>
            </>
          ),
        },
        { title: words.created, cell: ({ created_at: at }) => <When at={at} /> },
        { title: users.lastUsed, cell: ({ last_used_at: at }) => (at === null ? words.never : <When at={at} />) },
        { title: words.expires, cell: ({ expires_at: at }) => (at === null ? words.never : <When at={at} />) },
        {
          title: words.actions,
          cell: ({ id, name }) => (
            <ActionButton
              route="DELETE /users/{id}/keys/{key}"
              parts={{ params: { id: 'me', key: id } }}
              touches={TOUCHED}
              question={account.revokeQuestion(name)}
            >
              {users.revoke}
            </ActionButton>
          ),
        },
      ]}
    />
  );
}
