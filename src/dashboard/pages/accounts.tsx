/** Owns the page of log-ins at other services: how each stands, what uses it, and logging in. No value of a token is ever here. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge, type Tone } from '../components/badge.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Said } from '../components/said.tsx';
import { Section } from '../components/section.tsx';
import { Loaded } from '../components/states.tsx';
import { When } from '../components/when.tsx';
import type { Texts } from '../language/texts.ts';
import { useTexts } from '../language/use-texts.ts';
import { LogIn } from './accounts/log-in.tsx';
import './accounts/accounts.css';

type Account = Result<'GET /accounts'>[number];
type Trial = Result<'POST /models/test'>[number];

/** Services whose log-ins claw makes and renews itself. */
const NAMES = ['claude', 'copilot', 'threads', 'instagram'] as const;
type Name = (typeof NAMES)[number];
/** The provider of models that a log-in is for. */
const PROVIDERS: Readonly<Record<string, string>> = { claude: 'anthropic', copilot: 'copilot' };
const TOUCHED = ['GET /accounts', 'GET /models'] as const;

const TONES: Readonly<Record<string, Tone>> = {
  fresh: 'good',
  'signed-in': 'good',
  expiring: 'warn',
  expired: 'bad',
  'needs-login': 'bad',
  revoked: 'bad',
  unreadable: 'bad',
};

export function Accounts(): ReactNode {
  const { nav, accounts } = useTexts();
  const list = useRead('GET /accounts', {});
  return (
    <>
      <PageHead title={nav.accounts} lead={accounts.lead} />
      <Loaded of={list} isEmpty={() => false}>
        {(rows) => {
          const others = rows.filter(({ account }) => !NAMES.some((name) => name === account));
          return (
            <>
              {NAMES.map((name) => (
                <OwnAccount key={name} name={name} row={rows.find(({ account }) => account === name)} />
              ))}
              {others.map((row) => (
                <Section key={row.account} title={titleOf(accounts, row.account)} actions={<State state={row.state} />}>
                  <p className="quiet">{accounts.uses[row.account]}</p>
                  <Facts row={row} />
                </Section>
              ))}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function titleOf(accounts: Texts['accounts'], name: string): string {
  return accounts.names[name] ?? name;
}

function State({ state }: { readonly state: string }): ReactNode {
  const { accounts } = useTexts();
  return <Badge tone={TONES[state] ?? 'quiet'}>{accounts.states[state] ?? state}</Badge>;
}

interface OwnAccountProps {
  readonly name: Name;
  /** Absent while nobody is logged in. */
  readonly row: Account | undefined;
}

function OwnAccount({ name, row }: OwnAccountProps): ReactNode {
  const { accounts } = useTexts();
  const [said, setSaid] = useState<string>();
  const title = titleOf(accounts, name);
  return (
    <Section title={title} actions={<State state={row?.state ?? 'missing'} />}>
      <p className="quiet">{accounts.uses[name]}</p>
      {row === undefined ? null : <Facts row={row} />}
      <Said>{said}</Said>
      <LogIn name={name} isAgain={row !== undefined} onDone={() => setSaid(accounts.loggedIn(title))} />
      {row === undefined ? null : <Acts name={name} title={title} onSaid={setSaid} />}
    </Section>
  );
}

function Facts({ row }: { readonly row: Account }): ReactNode {
  const { accounts } = useTexts();
  const { calls_with: callsWith } = row;
  const times = [
    [accounts.expires, row.expires_at],
    [accounts.renewed, row.refreshed_at],
    [accounts.nextRefresh, row.next_refresh_at],
    [accounts.limited, row.limited_until],
  ] as const;
  const used = callsWith?.startsWith('account:') === true ? accounts.own : callsWith?.replace(/^secret:/, '');
  return (
    <>
      <dl>
        {times.map(([label, at]) => (at === null ? null : <Fact key={label} label={label} at={at} />))}
        <dt>{accounts.kept}</dt>
        <dd>{row.source}</dd>
        {used === undefined ? null : (
          <>
            <dt>{accounts.callsWith}</dt>
            <dd>{used === accounts.own ? used : accounts.secretNamed(used)}</dd>
          </>
        )}
      </dl>
      {row.failed_refreshes > 0 ? <p className="bad-text">{accounts.failures(row.failed_refreshes)}</p> : null}
      {row.error === null ? null : <p className="notice bad">{row.error}</p>}
      {row.warnings.map((warning) => (
        <p key={warning} className="notice ask">
          {warning}
        </p>
      ))}
    </>
  );
}

function Fact({ label, at }: { readonly label: string; readonly at: string }): ReactNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <When at={at} />
      </dd>
    </>
  );
}

interface ActsProps {
  readonly name: Name;
  readonly title: string;
  readonly onSaid: (text: string) => void;
}

function Acts({ name, title, onSaid }: ActsProps): ReactNode {
  const { accounts } = useTexts();
  const [trial, setTrial] = useState<Trial>();
  const provider = PROVIDERS[name];
  return (
    <>
      <div className="actions">
        {provider === undefined ? null : (
          <ActionButton
            route="POST /models/test"
            parts={{}}
            touches={['GET /accounts']}
            onDone={(trials) => setTrial(trials.find((each) => each.provider === provider))}
          >
            {accounts.test}
          </ActionButton>
        )}
        <ActionButton
          route="POST /accounts/{name}/refresh"
          parts={{ params: { name } }}
          touches={TOUCHED}
          onDone={() => onSaid(accounts.refreshed)}
        >
          {accounts.refresh}
        </ActionButton>
        <ActionButton
          route="DELETE /accounts/{name}"
          parts={{ params: { name } }}
          touches={TOUCHED}
          question={accounts.logOutQuestion(title)}
          onDone={({ remains }) => onSaid([accounts.loggedOut, ...toldRemains(accounts, remains)].join(' '))}
        >
          {accounts.logOut}
        </ActionButton>
      </div>
      {trial === undefined ? null : (
        <output>
          <p className={trial.ok ? 'notice good' : 'notice bad'}>
            {trial.ok ? accounts.tested(trial.model, Math.round(trial.latency_ms)) : trial.error}
          </p>
          {trial.ok ? null : <Link to="/dashboard/settings?tab=model">{accounts.needsClient}</Link>}
        </output>
      )}
    </>
  );
}

function toldRemains(accounts: Texts['accounts'], remains: readonly string[]): readonly string[] {
  return remains.length === 0 ? [] : [accounts.remains, remains.join(', ')];
}
