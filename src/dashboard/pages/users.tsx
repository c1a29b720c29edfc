/** Owns the page of people: who there is, their keys and browsers, and who asks to be let in. */
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { Devices, Pairings } from './strangers.tsx';

type Person = Result<'GET /users'>[number];
const ROLES = ['user', 'readonly', 'admin'] as const;
const TOUCHED = ['GET /users', 'GET /users/{id}/keys'] as const;

export function Users(): ReactNode {
  const { nav, users, words } = useTexts();
  const { id } = useParams();
  const [key, setKey] = useState<string>();
  const list = useRead('GET /users', { query: { all: 'true' } });
  return (
    <>
      <div className="bar">
        <h1>{nav.users}</h1>
        <FormDialog
          title={users.create}
          isMain
          fields={[
            { name: 'username', label: words.name, isRequired: true },
            { name: 'role', label: words.role, kind: 'select', options: ROLES },
          ]}
          route="POST /users"
          toParts={(typed) => ({ body: { username: typed('username'), role: typed('role') } })}
          touches={TOUCHED}
          onDone={(made) => setKey(made.api_key)}
        />
      </div>
      <ShownKey value={key} />
      <Loaded of={list}>{(rows) => <PersonTable rows={rows} />}</Loaded>
      {id === undefined ? null : <Keys key={id} id={id} onKey={setKey} />}
      <Pairings />
      <Devices />
    </>
  );
}

/** A key is shown once, and gone with the page. */
function ShownKey({ value }: { readonly value: string | undefined }): ReactNode {
  const { users } = useTexts();
  if (value === undefined) return null;
  return (
    <p className="notice ask" role="status">
      {users.keyOnce} <code className="secret-shown">{value}</code>
    </p>
  );
}

function PersonTable({ rows }: { readonly rows: readonly Person[] }): ReactNode {
  const { nav, users, words } = useTexts();
  return (
    <Table
      caption={nav.users}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { title: words.name, cell: ({ id, username }) => <Link to={`/dashboard/users/${id}`}>{username}</Link> },
        { title: words.role, cell: ({ role }) => role },
        { title: words.state, cell: ({ state }) => state },
        { title: words.created, cell: ({ created_at: at }) => instant(at) },
        {
          title: words.actions,
          cell: ({ id, state }) => (
            <div className="actions">
              <ActionButton
                route="PATCH /users/{id}"
                parts={{ params: { id }, body: { state: state === 'active' ? 'disabled' : 'active' } }}
                touches={TOUCHED}
              >
                {state === 'active' ? words.disable : words.enable}
              </ActionButton>
              <ActionButton
                route="DELETE /users/{id}"
                parts={{ params: { id } }}
                touches={TOUCHED}
                question={users.removeQuestion}
              >
                {words.remove}
              </ActionButton>
            </div>
          ),
        },
      ]}
    />
  );
}

function Keys({ id, onKey }: { readonly id: string; readonly onKey: (key: string) => void }): ReactNode {
  const { users, words } = useTexts();
  const keys = useRead('GET /users/{id}/keys', { params: { id }, query: {} });
  return (
    <section>
      <div className="bar">
        <h2>{users.keys}</h2>
        <FormDialog
          title={users.newKey}
          fields={[{ name: 'name', label: words.name }]}
          route="POST /users/{id}/keys"
          toParts={(typed) => ({ params: { id }, body: typed('name') === '' ? {} : { name: typed('name') } })}
          touches={TOUCHED}
          onDone={(made) => onKey(made.api_key)}
        />
      </div>
      <Loaded of={keys}>
        {(rows) => (
          <Table
            caption={users.keys}
            rows={rows}
            keyOf={(row) => row.id}
            columns={[
              { title: words.name, cell: ({ name, prefix }) => `${name} ${prefix}…` },
              { title: words.created, cell: ({ created_at: at }) => instant(at) },
              { title: users.lastUsed, cell: ({ last_used_at: at }) => (at === null ? words.never : instant(at)) },
              { title: words.expires, cell: ({ expires_at: at }) => (at === null ? words.never : instant(at)) },
              {
                title: words.actions,
                cell: (row) => (
                  <ActionButton
                    route="DELETE /users/{id}/keys/{key}"
                    parts={{ params: { id, key: row.id } }}
                    touches={TOUCHED}
                  >
                    {users.revoke}
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
