/** Owns the number of approvals that wait, beside the name of their page, and the title of the window, which tells it too. */
import { type ReactNode, useEffect } from 'react';
import { useLocation } from 'react-router';
import { useRead } from '../api/use-api.ts';
import { useTexts } from '../language/use-texts.ts';
import { useMay } from '../session-gate.tsx';
import './connection.css';

export function WaitingCount({ path }: { readonly path: string }): ReactNode {
  const count = useWaiting();
  // The page of approvals says it in words; the name of the link stays its name.
  return path === 'approvals' && count > 0 ? (
    <span className="waiting-count" aria-hidden="true">
      {count}
    </span>
  ) : null;
}

/** Names the window by the page that is shown, with what waits; those who do not see the number hear of it. */
export function WindowTitle(): ReactNode {
  const { nav, live } = useTexts();
  const count = useWaiting();
  const path = useLocation().pathname.split('/')[2] ?? '';
  const page = Object.hasOwn(nav, path) ? nav[path as keyof typeof nav] : nav.overview;
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ''}${page} – claw`;
  }, [count, page]);
  return (
    <span className="unseen" aria-live="polite">
      {count > 0 ? live.waiting(count) : ''}
    </span>
  );
}

/** Only admins are asked. */
function useWaiting(): number {
  const isAdmin = useMay('admin');
  return useRead('GET /approvals', { query: {} }, { isEnabled: isAdmin }).data?.length ?? 0;
}
