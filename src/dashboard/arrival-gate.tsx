/** Owns what is shown to somebody who comes by a link that is good once, before the pages: the set-up, or the sign-in by itself. */
import { type ReactNode, Suspense, lazy, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useChange } from './api/use-api.ts';
import type { Arrival } from './arrival.ts';
import { Loading } from './components/states.tsx';
import { useTexts } from './language/use-texts.ts';

const SetUp = lazy(async () => ({ default: (await import('./pages/set-up/set-up.tsx')).SetUp }));

interface ArrivalGateProps {
  readonly arrival: Arrival | undefined;
  readonly children: ReactNode;
}

export function ArrivalGate({ arrival, children }: ArrivalGateProps): ReactNode {
  const [left, setLeft] = useState(false);
  const navigate = useNavigate();
  if (arrival === undefined || left) return children;
  const leave = (path: string): void => {
    void navigate(path, { replace: true });
    setLeft(true);
  };
  return (
    <Suspense fallback={<Loading />}>
      {arrival.kind === 'set-up' ? (
        <SetUp secret={arrival.secret} onLeave={leave} />
      ) : (
        <Enter secret={arrival.secret} onLeave={leave} />
      )}
    </Suspense>
  );
}

interface EnterProps {
  readonly secret: string;
  readonly onLeave: (path: string) => void;
}

function Enter({ secret, onLeave }: EnterProps): ReactNode {
  const { arrival } = useTexts();
  const enter = useChange('POST /auth/link');
  const { mutate, error, isIdle } = enter;
  useEffect(() => {
    if (isIdle && secret !== '') mutate({ body: { secret } }, { onSuccess: () => onLeave('/') });
  }, [isIdle, mutate, onLeave, secret]);
  if (error === null && secret !== '') {
    return (
      <main className="centre">
        <p role="status">{arrival.entering}</p>
      </main>
    );
  }
  return (
    <main className="centre">
      <div className="card narrow sign-in">
        <h1>{arrival.refused}</h1>
        <p role="alert">{error === null || error.status === 401 ? arrival.refusedWhy : error.message}</p>
        {error?.hint === undefined || error.status === 401 ? null : <p className="quiet">{error.hint}</p>}
        <pre>claw dashboard</pre>
        <button type="button" onClick={() => onLeave('/')}>
          {arrival.toSignIn}
        </button>
      </div>
    </main>
  );
}
