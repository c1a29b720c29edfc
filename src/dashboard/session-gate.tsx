/** Owns who uses this browser: asks the server, shows the sign-in where it wants one, and comes back to it when a session ends. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { type Result, SIGNED_OUT } from './api/client.ts';
import { useRead } from './api/use-api.ts';
import { Failure, Loading } from './components/states.tsx';
import { SignIn } from './pages/sign-in.tsx';

export type Person = Result<'GET /auth/me'>;

const PersonContext = createContext<Person | undefined>(undefined);

/** Who is signed in. Throws outside of a `SessionGate`. */
export function usePerson(): Person {
  const person = use(PersonContext);
  if (person === undefined) throw new Error('nobody is signed in here');
  return person;
}

/** Who may press something: everybody who may change what is theirs, or admins. */
export type Needed = 'user' | 'admin';

/** Whether the one who is signed in may; what they may not is not shown. The API decides anyhow. */
export function useMay(needed: Needed): boolean {
  const { role } = usePerson();
  return role === 'admin' || (needed === 'user' && role === 'user');
}

export function SessionGate({ children }: { readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const me = useRead('GET /auth/me', {});
  const [hasEnded, setEnded] = useState(false);
  useEffect(() => {
    // Nothing of one person is shown to the next.
    const forget = (): void => {
      const own = queries.getQueryState(['GET /auth/me', {}]);
      if (own?.data === undefined) return;
      setEnded(true);
      queries.clear();
    };
    window.addEventListener(SIGNED_OUT, forget);
    return () => window.removeEventListener(SIGNED_OUT, forget);
  }, [queries]);
  if (me.error?.status === 401) return <SignIn hasEnded={hasEnded} onSignedIn={() => void me.refetch()} />;
  if (me.data !== undefined) return <PersonContext value={me.data}>{children}</PersonContext>;
  return (
    <main className="centre">
      {me.error === null ? <Loading /> : <Failure error={me.error} onRetry={() => void me.refetch()} />}
    </main>
  );
}
