/** Owns logging in at a service: by a code that is brought back, or by a code that is typed there, which this page waits for by itself. */
import { type FormEvent, type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { Link } from 'react-router';
import type { ApiError, Result } from '../../api/client.ts';
import { useChange } from '../../api/use-api.ts';
import { Failure } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';

type Started = Result<'POST /accounts/{name}/login'>;
type Name = 'claude' | 'copilot' | 'threads' | 'instagram';
const TOUCHED = ['GET /accounts', 'GET /models'] as const;

interface LogInProps {
  readonly name: Name;
  readonly isAgain: boolean;
  readonly onDone: () => void;
}

export function LogIn({ name, isAgain, onDone }: LogInProps): ReactNode {
  const { accounts } = useTexts();
  const may = useMay('admin');
  const begin = useChange('POST /accounts/{name}/login');
  const [started, setStarted] = useState<Started>();
  if (!may) return null;
  if (started !== undefined) {
    const close = (): void => setStarted(undefined);
    const done = (): void => {
      close();
      onDone();
    };
    return <SecondStep key={started.url} name={name} started={started} onDone={done} onClose={close} />;
  }
  return (
    <>
      <button
        type="button"
        className={isAgain ? undefined : 'main'}
        disabled={begin.isPending}
        onClick={() => begin.mutate({ params: { name } }, { onSuccess: setStarted })}
      >
        {isAgain ? accounts.logInAgain : accounts.logIn}
      </button>
      {begin.error === null ? null : <Refused error={begin.error} name={name} />}
    </>
  );
}

/** What is missing is most often a setting. */
function Refused({ error, name }: { readonly error: ApiError; readonly name: Name }): ReactNode {
  const { accounts } = useTexts();
  return (
    <>
      <Failure error={error} />
      <p>
        <Link to={`/dashboard/settings?find=${name.toUpperCase()}`}>{accounts.needsClient}</Link>
      </p>
    </>
  );
}

interface SecondStepProps {
  readonly name: Name;
  readonly started: Started;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function SecondStep({ name, started, onDone, onClose }: SecondStepProps): ReactNode {
  const { accounts, state } = useTexts();
  const { url, user_code: userCode, risk, poll_ms: pollMs, expires_at: until } = started;
  const finish = useChange('POST /accounts/{name}/login/finish', TOUCHED);
  const [code, setCode] = useState('');
  const [isAgreed, setAgreed] = useState(risk === null);
  const isDevice = userCode !== null;
  const polling = usePolling({ name, isOn: isDevice && isAgreed, everyMs: pollMs ?? 5_000, until, onDone });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const body = { code: code.trim(), accept_risk: risk !== null && isAgreed };
    finish.mutate({ params: { name }, body }, { onSuccess: ({ done }) => (done ? onDone() : undefined) });
  };
  return (
    <form className="accounts-login card" onSubmit={submit} aria-label={accounts.logIn}>
      {risk === null ? null : (
        <div className="notice ask">
          <p>{risk}</p>
          <p className="ways">
            <label>
              <input type="checkbox" checked={isAgreed} onChange={({ target }) => setAgreed(target.checked)} />
              {accounts.risk}
            </label>
          </p>
        </div>
      )}
      <p>
        {accounts.open}{' '}
        <a href={safeAddress(url)} target="_blank" rel="noopener noreferrer">
          {url}
        </a>
      </p>
      {userCode === null ? (
        <label className="field">
          {accounts.code}
          <input value={code} required autoComplete="off" onChange={({ target }) => setCode(target.value)} />
          <span className="quiet">{accounts.codeHint}</span>
        </label>
      ) : (
        <>
          <p>
            {accounts.userCode} <code className="secret-shown">{userCode}</code>
          </p>
          <p className="quiet" aria-live="polite">
            {isAgreed ? accounts.polling : accounts.riskFirst}
          </p>
        </>
      )}
      <p className="quiet">
        {accounts.until} <When at={until} />
      </p>
      {finish.error === null ? null : <Failure error={finish.error} />}
      {polling.error === undefined ? null : <Failure error={polling.error} />}
      {polling.isLapsed ? <p className="notice bad">{accounts.lapsed}</p> : null}
      <div className="actions">
        <button type="button" onClick={onClose}>
          {state.cancel}
        </button>
        {isDevice ? null : (
          <button type="submit" className="main" disabled={finish.isPending || !isAgreed}>
            {accounts.finish}
          </button>
        )}
      </div>
    </form>
  );
}

/** What a service gives as its address is opened only when it is one of the web. */
function safeAddress(url: string): string | undefined {
  return URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol) ? url : undefined;
}

interface Polling {
  readonly name: Name;
  readonly isOn: boolean;
  /** Milliseconds until the first question; the answers say when to ask again. */
  readonly everyMs: number;
  readonly until: string;
  readonly onDone: () => void;
}

/** Asks whether the code was typed at the service, as often as it allows, until it was, is refused or the time is over. */
function usePolling({ name, isOn, everyMs, until, onDone }: Polling): {
  readonly error: ApiError | undefined;
  readonly isLapsed: boolean;
} {
  const { mutate } = useChange('POST /accounts/{name}/login/finish', TOUCHED);
  // A new object at each answer, so that the next question is waited for again.
  const [wait, setWait] = useState({ ms: everyMs });
  const [error, setError] = useState<ApiError>();
  const [isLapsed, setLapsed] = useState(false);
  const isEnded = error !== undefined || isLapsed;
  const ask = useEffectEvent(() => {
    if (Date.now() > Date.parse(until)) return setLapsed(true);
    const parts = { params: { name }, body: { accept_risk: true } };
    const onSuccess = ({ done, poll_ms: next }: Result<'POST /accounts/{name}/login/finish'>): void => {
      if (done) return onDone();
      setWait({ ms: next ?? wait.ms });
    };
    mutate(parts, { onSuccess, onError: setError });
  });
  useEffect(() => {
    if (!isOn || isEnded) return undefined;
    const timer = window.setTimeout(() => ask(), wait.ms);
    return () => window.clearTimeout(timer);
  }, [isOn, isEnded, wait]);
  return { error, isLapsed };
}
