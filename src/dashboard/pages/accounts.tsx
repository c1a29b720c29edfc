/** Owns the page of log-ins at other services: how each stands, and its log-in in two steps. No value of a token is ever here. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

type Login = Result<'POST /accounts/{name}/login'>;
const NAMES = ['claude', 'copilot', 'threads', 'instagram'] as const;
type Name = (typeof NAMES)[number];
const TOUCHED = ['GET /accounts'] as const;

export function Accounts(): ReactNode {
  const { nav, accounts, words } = useTexts();
  const list = useRead('GET /accounts', {});
  return (
    <>
      <h1>{nav.accounts}</h1>
      <Loaded of={list}>
        {(rows) => (
          <Table
            caption={nav.accounts}
            rows={rows}
            keyOf={({ account }) => account}
            columns={[
              { title: accounts.account, cell: ({ account }) => account },
              {
                title: words.state,
                cell: ({ state, error, warnings }) => (
                  <>
                    {state} <span className="bad-text">{[error ?? '', ...warnings].join(' ')}</span>
                  </>
                ),
              },
              { title: words.source, cell: ({ source }) => source },
              { title: accounts.expires, cell: ({ expires_at: at }) => (at === null ? '–' : instant(at)) },
              { title: words.actions, cell: ({ account }) => <AccountActions account={account} /> },
            ]}
          />
        )}
      </Loaded>
      {NAMES.map((name) => (
        <LogIn key={name} name={name} />
      ))}
    </>
  );
}

function AccountActions({ account }: { readonly account: string }): ReactNode {
  const { accounts } = useTexts();
  const name = NAMES.find((each) => each === account);
  if (name === undefined) return null;
  return (
    <div className="actions">
      <ActionButton route="POST /accounts/{name}/refresh" parts={{ params: { name } }} touches={TOUCHED}>
        {accounts.refresh}
      </ActionButton>
      <ActionButton
        route="DELETE /accounts/{name}"
        parts={{ params: { name } }}
        touches={TOUCHED}
        question={accounts.logOutQuestion}
      >
        {accounts.logOut}
      </ActionButton>
    </div>
  );
}

function LogIn({ name }: { readonly name: Name }): ReactNode {
  const { accounts } = useTexts();
  const [login, setLogin] = useState<Login>();
  return (
    <section className="card">
      <h2>{name}</h2>
      {login === undefined ? (
        <ActionButton route="POST /accounts/{name}/login" parts={{ params: { name } }} touches={[]} onDone={setLogin}>
          {accounts.logIn}
        </ActionButton>
      ) : (
        <SecondStep name={name} login={login} onDone={() => setLogin(undefined)} />
      )}
    </section>
  );
}

interface SecondStepProps {
  readonly name: Name;
  readonly login: Login;
  readonly onDone: () => void;
}

function SecondStep({ name, login, onDone }: SecondStepProps): ReactNode {
  const { accounts } = useTexts();
  const { url, user_code: userCode, risk } = login;
  const isByCode = userCode === null;
  return (
    <>
      <p>
        {accounts.open}{' '}
        <a href={url} target="_blank" rel="noopener noreferrer">
          {url}
        </a>
      </p>
      {isByCode ? null : (
        <p>
          {accounts.userCode} <code className="secret-shown">{userCode}</code>
        </p>
      )}
      {risk === null ? null : <p className="notice ask">{risk}</p>}
      <FormDialog
        title={accounts.finish}
        fields={[
          ...(isByCode ? [{ name: 'code', label: accounts.code, isRequired: true }] : []),
          ...(risk === null ? [] : [{ name: 'risk', label: accounts.risk, kind: 'checkbox' as const }]),
        ]}
        route="POST /accounts/{name}/login/finish"
        toParts={(typed) => ({
          params: { name },
          body: { ...(isByCode ? { code: typed('code') } : {}), accept_risk: typed('risk') === 'on' },
        })}
        touches={TOUCHED}
        onDone={(result) => {
          if (result.done) onDone();
        }}
      />
    </>
  );
}
