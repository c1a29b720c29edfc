/** Owns signing in: by name and password, by an API key, or by a code that an admin approves. What is typed goes to claw alone and is kept nowhere; only the way is remembered. */
import './sign-in.css';
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { useChange } from '../api/use-api.ts';
import { Failure } from '../components/states.tsx';
import { useTexts } from '../language/use-texts.ts';
import { keepWay, readWay } from '../preferences.ts';
import { type Offer, offerOf, WaitForApproval } from './wait-for-approval.tsx';

const WAYS = ['password', 'key', 'code'] as const;
type Way = (typeof WAYS)[number];

interface SignInProps {
  readonly onSignedIn: () => void;
  /** A session was there and is over. */
  readonly hasEnded?: boolean;
}

export function SignIn({ onSignedIn, hasEnded = false }: SignInProps): ReactNode {
  const { signIn } = useTexts();
  const [way, setWay] = useState<Way>(() => WAYS.find((each) => each === readWay()) ?? 'password');
  const [offer, setOffer] = useState<Offer>();
  const choose = (next: Way): void => {
    setWay(next);
    keepWay(next);
  };
  if (offer !== undefined) {
    return (
      <main className="centre">
        <div className="card narrow sign-in">
          <h1>{offer.isProven ? signIn.approval : signIn.title}</h1>
          <WaitForApproval offer={offer} onSignedIn={onSignedIn} onAgain={() => setOffer(undefined)} />
        </div>
      </main>
    );
  }
  return (
    <main className="centre">
      <div className="card narrow sign-in">
        <h1>{signIn.title}</h1>
        {hasEnded ? (
          <p className="notice" role="status">
            {signIn.ended}
          </p>
        ) : null}
        <fieldset className="ways">
          <legend className="unseen">{signIn.ways}</legend>
          {WAYS.map((each) => (
            <label key={each}>
              <input type="radio" name="way" checked={way === each} onChange={() => choose(each)} />
              {{ password: signIn.byPassword, key: signIn.byKey, code: signIn.byCode }[each]}
            </label>
          ))}
        </fieldset>
        {way === 'code' ? (
          <AskForCode onOffer={setOffer} />
        ) : (
          <Credentials key={way} way={way} onSignedIn={onSignedIn} onOffer={setOffer} />
        )}
      </div>
    </main>
  );
}

interface CredentialsProps {
  readonly way: 'password' | 'key';
  readonly onSignedIn: () => void;
  readonly onOffer: (offer: Offer) => void;
}

function Credentials({ way, onSignedIn, onOffer }: CredentialsProps): ReactNode {
  const { signIn } = useTexts();
  const open = useChange('POST /auth/session');
  const [wait, beginWait] = useCountdown();
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
    const onSuccess = (answer: unknown): void => {
      keepWay(way);
      const offer = offerOf(answer, true);
      if (offer === undefined) onSignedIn();
      else onOffer(offer);
    };
    open.mutate({ body }, { onSuccess, onError: ({ waitSeconds }) => beginWait(waitSeconds) });
  };
  return (
    <form className="fields" onSubmit={submit}>
      {way === 'key' ? <KeyFields /> : <PasswordFields />}
      {open.error === null || wait > 0 ? null : <Failure error={open.error} />}
      {wait > 0 ? (
        <p className="notice bad" role="alert">
          {signIn.wait(wait)}
        </p>
      ) : null}
      <button type="submit" className="main" disabled={open.isPending || wait > 0}>
        {signIn.submit}
      </button>
      {open.error?.status === 401 && way === 'password' ? (
        <p className="quiet">
          {signIn.noWay} <code>claw dashboard</code>
        </p>
      ) : null}
    </form>
  );
}

/** Counts down after a refusal for too many tries: the seconds that are left, and how to begin. */
function useCountdown(): readonly [left: number, begin: (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (until === 0) return;
    const timer = window.setInterval(() => {
      const rest = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(rest);
      if (rest === 0) window.clearInterval(timer);
    }, 500);
    return () => window.clearInterval(timer);
  }, [until]);
  const begin = (seconds: number): void => {
    setLeft(seconds);
    setUntil(Date.now() + seconds * 1000);
  };
  return [left, begin];
}

function PasswordFields(): ReactNode {
  const { signIn } = useTexts();
  const [isCaps, setCaps] = useState(false);
  const look = (event: KeyboardEvent): void => setCaps(event.getModifierState('CapsLock'));
  return (
    <>
      <label className="field">
        {signIn.username}
        <input name="username" autoComplete="username" required maxLength={200} autoCapitalize="none" />
      </label>
      <label className="field">
        {signIn.password}
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          onKeyDown={look}
          onKeyUp={look}
          onBlur={() => setCaps(false)}
        />
      </label>
      {isCaps ? (
        <p className="quiet" role="status">
          {signIn.capsLock}
        </p>
      ) : null}
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

function AskForCode({ onOffer }: { readonly onOffer: (offer: Offer) => void }): ReactNode {
  const { signIn } = useTexts();
  const request = useChange('POST /auth/devices');
  const askForIt = (): void =>
    request.mutate(
      { body: { name: navigator.userAgent } },
      {
        onSuccess: (answer) => {
          const offer = offerOf(answer, false);
          if (offer !== undefined) onOffer(offer);
        },
      },
    );
  return (
    <>
      <p className="quiet">{signIn.codeHint}</p>
      {request.error === null ? null : <Failure error={request.error} />}
      <button type="button" className="main" disabled={request.isPending} onClick={askForIt}>
        {signIn.askCode}
      </button>
    </>
  );
}
