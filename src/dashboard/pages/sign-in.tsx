/** Owns signing in: by name and password, or by an API key. What is typed goes to claw alone and is kept nowhere. */
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { ask } from '../api/client.ts';
import { useChange } from '../api/use-api.ts';
import { Failure } from '../components/states.tsx';
import { useTexts } from '../language/use-texts.ts';

export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
  const { signIn } = useTexts();
  const [way, setWay] = useState<'password' | 'key' | 'code'>('password');
  const open = useChange('POST /auth/session');
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = typed.get(name);
      return typeof value === 'string' ? value : '';
    };
    const body =
      way === 'key'
        ? { api_key: text('key').trim() }
        : { username: text('username').trim(), password: text('password') };
    open.mutate({ body }, { onSuccess: onSignedIn });
  };
  return (
    <main className="centre">
      <form className="card narrow" onSubmit={submit}>
        <h1>{signIn.title}</h1>
        <fieldset className="ways">
          <legend className="unseen">{signIn.title}</legend>
          {(['password', 'key', 'code'] as const).map((each) => (
            <label key={each}>
              <input type="radio" name="way" checked={way === each} onChange={() => setWay(each)} />
              {{ password: signIn.byPassword, key: signIn.byKey, code: signIn.byCode }[each]}
            </label>
          ))}
        </fieldset>
        {way === 'key' ? <KeyFields /> : null}
        {way === 'password' ? <PasswordFields /> : null}
        {way === 'code' ? <BrowserCode onSignedIn={onSignedIn} /> : null}
        {open.error === null ? null : <Failure error={open.error} />}
        {way === 'code' ? null : (
          <button type="submit" className="main" disabled={open.isPending}>
            {signIn.submit}
          </button>
        )}
      </form>
    </main>
  );
}

function PasswordFields(): ReactNode {
  const { signIn } = useTexts();
  return (
    <>
      <label className="field">
        {signIn.username}
        <input name="username" autoComplete="username" required maxLength={200} />
      </label>
      <label className="field">
        {signIn.password}
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
    </>
  );
}

function KeyFields(): ReactNode {
  const { signIn } = useTexts();
  return (
    <>
      <label className="field">
        {signIn.key}
        <input name="key" type="password" autoComplete="off" required />
      </label>
      <p className="quiet">{signIn.keyHint}</p>
    </>
  );
}

/** Milliseconds between looks whether an admin has let this browser in. */
const POLL_MS = 2_000;

/** A code that an admin types in; the browser waits for it, and its secret never leaves this page. */
function BrowserCode({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
  const { signIn } = useTexts();
  const request = useChange('POST /auth/devices');
  const { data } = request;
  useEffect(() => {
    if (data === undefined) return;
    const asked = new AbortController();
    const timer = window.setInterval(() => {
      void ask('POST /auth/devices/session', { body: { secret: data.secret } }, asked.signal).then(
        (answer) => {
          if (isApproved(answer)) onSignedIn();
        },
        () => window.clearInterval(timer),
      );
    }, POLL_MS);
    return () => {
      asked.abort();
      window.clearInterval(timer);
    };
  }, [data, onSignedIn]);
  if (data !== undefined) {
    return (
      <p role="status">
        {signIn.tellCode} <code className="secret-shown">{data.code}</code>
        <br />
        <span className="quiet">claw device approve {data.code}</span>
      </p>
    );
  }
  return (
    <>
      {request.error === null ? null : <Failure error={request.error} />}
      <button type="button" className="main" onClick={() => request.mutate({ body: { name: navigator.userAgent } })}>
        {signIn.askCode}
      </button>
    </>
  );
}

function isApproved(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'state' in answer && answer.state === 'approved';
}
