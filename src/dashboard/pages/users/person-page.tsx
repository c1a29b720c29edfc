/** Owns the page of one person: who they are and what an admin can do about it. What lets them in stands in the files beside it. */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Said } from '../../components/said.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { usePerson } from '../../session-gate.tsx';
import { PersonIdentities, PersonSessions } from './person-entrances.tsx';
import { PersonKeys } from './person-keys.tsx';
import { PersonLimits } from './person-limits.tsx';

type Person = Result<'GET /users/{id}'>;
const ROLES = ['user', 'readonly', 'admin'] as const;
const TOUCHED = ['GET /users', 'GET /users/{id}'] as const;

export function PersonPage({ id }: { readonly id: string }): ReactNode {
  const { users } = useTexts();
  const person = useRead('GET /users/{id}', { params: { id } });
  return (
    <>
      <p>
        <Link to="/dashboard/users">← {users.back}</Link>
      </p>
      <Loaded of={person}>{(row) => <Details person={row} />}</Loaded>
    </>
  );
}

function Details({ person }: { readonly person: Person }): ReactNode {
  const { users, words } = useTexts();
  const { id, username, role, state, created_at: created } = person;
  const [said, setSaid] = useState<string>();
  return (
    <>
      <PageHead
        title={username}
        actions={
          <>
            <Link className="button" to={`/dashboard/audit?user=${encodeURIComponent(username)}`}>
              {users.audit}
            </Link>
            <Link className="button" to={`/dashboard/costs?user=${encodeURIComponent(username)}`}>
              {users.costs}
            </Link>
          </>
        }
      />
      <Said>{said}</Said>
      <Section title={users.about}>
        <dl>
          <dt>{words.role}</dt>
          <dd>
            <Badge tone={role === 'admin' ? 'info' : 'quiet'}>{users.roles[role]}</Badge> {users.roleHints[role]}
          </dd>
          <dt>{words.state}</dt>
          <dd>
            <Badge tone={state === 'active' ? 'good' : 'bad'}>{users.states[state]}</Badge>
          </dd>
          <dt>{words.created}</dt>
          <dd>
            <When at={created} />
          </dd>
          <dt>{words.id}</dt>
          <dd>
            <code>{id}</code>
          </dd>
        </dl>
        <Acts person={person} onSaid={setSaid} />
      </Section>
      <PersonKeys person={person} />
      <PersonSessions person={person} />
      <PersonIdentities person={person} />
      <PersonLimits person={person} />
    </>
  );
}

interface ActsProps {
  readonly person: Person;
  readonly onSaid: (text: string) => void;
}

function Acts({ person, onSaid }: ActsProps): ReactNode {
  const { users } = useTexts();
  const { id, username, state } = person;
  const isLast = useIsLastAdmin(person);
  const isMe = usePerson().id === id;
  const go = useNavigate();
  const queries = useQueryClient();
  return (
    <>
      {isLast ? <p className="notice">{users.lastAdmin}</p> : null}
      <div className="actions">
        <FormDialog
          title={users.rename}
          fields={[{ name: 'username', label: users.newName, value: username, isRequired: true }]}
          route="PATCH /users/{id}"
          toParts={(typed) => ({ params: { id }, body: { username: typed('username') } })}
          touches={TOUCHED}
        />
        <FormDialog
          title={users.password}
          fields={[
            {
              name: 'password',
              label: users.newPassword,
              kind: 'password',
              isRequired: true,
              hint: users.passwordHint,
            },
          ]}
          route="PUT /users/{id}/password"
          toParts={(typed) => ({ params: { id }, body: { password: typed('password') } })}
          touches={['GET /users/{id}/sessions']}
          onDone={() => onSaid(users.passwordSet(username))}
        />
        {isLast ? null : <RoleDialog person={person} />}
        {isLast ? null : (
          <ActionButton
            route="PATCH /users/{id}"
            parts={{ params: { id }, body: { state: state === 'active' ? 'disabled' : 'active' } }}
            touches={[...TOUCHED, 'GET /users/{id}/sessions']}
            {...(state === 'active' ? { question: users.disableQuestion(username) } : {})}
          >
            {state === 'active' ? users.disable : users.enable}
          </ActionButton>
        )}
        {isLast || isMe ? null : (
          <ActionButton
            route="DELETE /users/{id}"
            parts={{ params: { id } }}
            // Away first: who is gone is not asked for again.
            touches={[]}
            question={users.removeQuestion(username)}
            onDone={() => {
              void go('/dashboard/users');
              void queries.invalidateQueries({ queryKey: ['GET /users'] });
            }}
          >
            {users.remove}
          </ActionButton>
        )}
      </div>
    </>
  );
}

function RoleDialog({ person: { id, role } }: { readonly person: Person }): ReactNode {
  const { users, words } = useTexts();
  return (
    <FormDialog
      title={users.role}
      fields={[
        {
          name: 'role',
          label: words.role,
          kind: 'radio',
          value: role,
          options: ROLES.map((each) => ({ value: each, label: users.roles[each], hint: users.roleHints[each] })),
        },
      ]}
      route="PATCH /users/{id}"
      toParts={(typed) => ({ params: { id }, body: { role: typed('role') } })}
      touches={TOUCHED}
    />
  );
}

/** Nobody may be left without an admin: the server refuses it, and says so too. */
function useIsLastAdmin({ id, role, state }: Person): boolean {
  const list = useRead('GET /users', { query: { limit: 1000 } });
  const others = list.data?.filter((each) => each.role === 'admin' && each.id !== id);
  return role === 'admin' && state === 'active' && others?.length === 0;
}
