/** Owns the keys of one person: made with what they are good for and until when, replaced and revoked. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import type { Option } from '../../components/field.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Section } from '../../components/section.tsx';
import { ShownSecret } from '../../components/shown-secret.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useNow } from '../../components/use-now.ts';
import { When } from '../../components/when.tsx';
import type { Texts } from '../../language/texts.ts';
import { useTexts } from '../../language/use-texts.ts';

type Person = Result<'GET /users/{id}'>;
type Key = Result<'GET /users/{id}/keys'>[number];
const TOUCHED = ['GET /users/{id}/keys'] as const;
const DAY_MS = 86_400_000;
/** As the route has it. */
const MOST_DAYS = 3_650;
const RANK = { readonly: 1, user: 2, admin: 3 } as const;

export function PersonKeys({ person }: { readonly person: Person }): ReactNode {
  const { users } = useTexts();
  const { id } = person;
  const [shown, setShown] = useState<string>();
  const [isAll, setAll] = useState(false);
  const keys = useRead('GET /users/{id}/keys', { params: { id }, query: isAll ? { all: 'true' } : {} });
  return (
    <Section
      title={users.keys}
      actions={
        <div className="actions">
          <span className="ways">
            <label>
              <input type="checkbox" checked={isAll} onChange={({ target }) => setAll(target.checked)} />
              {users.showRevoked}
            </label>
          </span>
          {person.state === 'active' ? <NewKey person={person} onKey={setShown} /> : null}
        </div>
      }
    >
      <ShownSecret label={users.keyOnce} value={shown} />
      <Loaded of={keys} empty={users.noKeys}>
        {(rows) => <KeyTable rows={rows} id={id} onKey={setShown} />}
      </Loaded>
    </Section>
  );
}

interface KeyTableProps {
  readonly rows: readonly Key[];
  readonly id: string;
  readonly onKey: (key: string) => void;
}

function KeyTable({ rows, id, onKey }: KeyTableProps): ReactNode {
  const texts = useTexts();
  const { users, words } = texts;
  return (
    <Table
      caption={users.keys}
      rows={rows}
      keyOf={(row) => row.id}
      columns={[
        {
          title: words.name,
          cell: ({ name, prefix }) => (
            <>
              {name} <code>{prefix}…</code>
            </>
          ),
        },
        { title: users.goodFor, cell: ({ scopes }) => scopesInWords(texts, scopes) },
        { title: words.created, cell: ({ created_at: at }) => <When at={at} /> },
        { title: users.lastUsed, cell: ({ last_used_at: at }) => (at === null ? words.never : <When at={at} />) },
        { title: words.expires, cell: ({ expires_at: at }) => (at === null ? words.never : <When at={at} />) },
        { title: words.actions, cell: (row) => <KeyActs row={row} id={id} onKey={onKey} /> },
      ]}
    />
  );
}

function KeyActs({ row, id, onKey }: Omit<KeyTableProps, 'rows'> & { readonly row: Key }): ReactNode {
  const { users } = useTexts();
  const now = useNow(false);
  const isOver = row.revoked_at !== null || (row.expires_at !== null && Date.parse(row.expires_at) <= now);
  if (isOver) return <Badge>{users.ended}</Badge>;
  return (
    <div className="actions">
      <ActionButton
        route="POST /users/{id}/keys/rotate"
        parts={{ params: { id }, body: { key: row.id } }}
        touches={TOUCHED}
        question={users.rotateQuestion(row.name)}
        onDone={(made) => onKey(made.api_key)}
      >
        {users.rotate}
      </ActionButton>
      <ActionButton
        route="DELETE /users/{id}/keys/{key}"
        parts={{ params: { id, key: row.id } }}
        touches={TOUCHED}
        question={users.revokeQuestion(row.name)}
      >
        {users.revoke}
      </ActionButton>
    </div>
  );
}

function NewKey({ person, onKey }: { readonly person: Person; readonly onKey: (key: string) => void }): ReactNode {
  const texts = useTexts();
  const { users } = texts;
  const permissions = useRead('GET /permissions', {});
  const mine = (permissions.data ?? []).filter(({ role }) => RANK[role] <= RANK[person.role]);
  const now = useNow(false);
  const day = (days: number): string => new Date(now + days * DAY_MS).toISOString().slice(0, 10);
  return (
    <span className="users-scopes">
      <FormDialog
        title={users.newKey}
        fields={[
          { name: 'name', label: users.keyName, value: 'key' },
          { name: 'until', label: users.keyUntil, kind: 'date', min: day(1), max: day(MOST_DAYS) },
          { name: 'scopes', label: users.keyScopes, kind: 'checks', options: scopeOptions(texts, mine) },
        ]}
        route="POST /users/{id}/keys"
        toParts={(typed) => ({ params: { id: person.id }, body: wantedKey(typed('name'), typed) })}
        touches={TOUCHED}
        onDone={(made) => onKey(made.api_key)}
      />
    </span>
  );
}

function wantedKey(name: string, typed: (name: string) => string) {
  const scopes = typed('scopes')
    .split('\n')
    .filter((scope) => scope !== '');
  const days = Math.max(1, Math.ceil((Date.parse(typed('until')) - Date.now()) / DAY_MS));
  return {
    ...(name.trim() === '' ? {} : { name }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(typed('until') === '' ? {} : { days }),
  };
}

/** Looking alone, and all of a matter, for each that there is. */
function scopeOptions(texts: Texts, actions: Result<'GET /permissions'>): readonly Option[] {
  const nouns = [...new Set(actions.map(({ action }) => action.split('.')[0] ?? ''))];
  return nouns.flatMap((noun) => {
    const own = actions.filter(({ action }) => action.startsWith(`${noun}.`));
    const single = own.map(({ action }) => action);
    const wanted = single.length === 1 ? single : [...single, `${noun}.*`];
    return wanted.map((scope) => ({ value: scope, label: scopeInWords(texts, scope) }));
  });
}

/** A scope that this page does not know is shown as it is. */
function scopeInWords({ users }: Pick<Texts, 'users'>, scope: string): string {
  const [noun = '', verb = ''] = scope.split('.');
  const [of, may] = [users.scopes[noun], users.verbs[verb]];
  return of === undefined || may === undefined ? scope : `${of}: ${may}`;
}

function scopesInWords(texts: Texts, scopes: Key['scopes']): string {
  return scopes === null ? texts.users.keyAll : scopes.map((scope) => scopeInWords(texts, scope)).join(', ');
}
