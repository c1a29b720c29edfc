/** Owns the page of people: who there is, who asks to be let in, and at the address of a person everything about them. */
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { Badge } from '../components/badge.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Section } from '../components/section.tsx';
import { ShownSecret } from '../components/shown-secret.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { When } from '../components/when.tsx';
import { useTexts } from '../language/use-texts.ts';
import { usePerson } from '../session-gate.tsx';
import { Devices, Pairings } from './strangers.tsx';
import { PersonPage } from './users/person-page.tsx';
import './users/users.css';

type Person = Result<'GET /users'>[number];
const ROLES = ['user', 'readonly', 'admin'] as const;
/** Most that the route gives at once. */
const MOST = 1000;

export function Users(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <PeoplePage /> : <PersonPage key={id} id={id} />;
}

function PeoplePage(): ReactNode {
  const { nav, users, words } = useTexts();
  const [key, setKey] = useState<string>();
  const [find, setFind] = useState('');
  const list = useRead('GET /users', { query: { all: 'true', limit: MOST } });
  return (
    <>
      <PageHead
        title={nav.users}
        lead={users.lead}
        actions={
          <FormDialog
            title={users.create}
            isMain
            fields={[
              { name: 'username', label: words.name, isRequired: true },
              {
                name: 'role',
                label: words.role,
                kind: 'select',
                options: ROLES.map((role) => ({
                  value: role,
                  label: `${users.roles[role]}: ${users.roleHints[role]}`,
                })),
              },
            ]}
            route="POST /users"
            toParts={(typed) => ({ body: { username: typed('username'), role: typed('role') } })}
            touches={['GET /users']}
            onDone={(made) => setKey(made.api_key)}
          />
        }
      />
      <ShownSecret label={users.keyOnce} value={key} />
      <Section
        title={users.people}
        actions={
          <input
            type="search"
            aria-label={users.find}
            placeholder={users.find}
            value={find}
            onChange={({ target }) => setFind(target.value)}
          />
        }
      >
        <Loaded of={list}>{(rows) => <PersonTable rows={rows} find={find} />}</Loaded>
      </Section>
      <Pairings />
      <Devices />
    </>
  );
}

function PersonTable({ rows, find }: { readonly rows: readonly Person[]; readonly find: string }): ReactNode {
  const { nav, users, words } = useTexts();
  const me = usePerson();
  const wanted = find.trim().toLowerCase();
  const found = rows.filter(({ username }) => username.toLowerCase().includes(wanted));
  if (found.length === 0) return <Nothing>{users.none}</Nothing>;
  return (
    <>
      <Table
        caption={nav.users}
        rows={found}
        keyOf={({ id }) => id}
        columns={[
          {
            title: words.name,
            cell: ({ id, username }) => (
              <>
                <Link to={`/dashboard/users/${id}`}>{username}</Link>{' '}
                {id === me.id ? <Badge tone="info">{users.you}</Badge> : null}
              </>
            ),
          },
          { title: words.role, cell: ({ role }) => <RoleBadge role={role} /> },
          { title: words.state, cell: ({ state }) => <StateBadge state={state} /> },
          { title: words.created, cell: ({ created_at: at }) => <When at={at} /> },
        ]}
      />
      {rows.length === 1 ? <p className="quiet">{users.first}</p> : null}
    </>
  );
}

function RoleBadge({ role }: Pick<Person, 'role'>): ReactNode {
  const { users } = useTexts();
  return <Badge tone={role === 'admin' ? 'info' : 'quiet'}>{users.roles[role]}</Badge>;
}

function StateBadge({ state }: Pick<Person, 'state'>): ReactNode {
  const { users } = useTexts();
  return <Badge tone={state === 'active' ? 'good' : 'bad'}>{users.states[state]}</Badge>;
}
