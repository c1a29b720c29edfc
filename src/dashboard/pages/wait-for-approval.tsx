/** Owns the wait of a browser that asked to be let in: its code is shown, and the page goes on by itself. Its secret never leaves this page. */
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError, ask } from '../api/client.ts';
import { timeOfDay } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

export interface Offer {
  readonly secret: string;
  readonly code: string;
  readonly expiresAt: string;
  /** Somebody proved here who they are; only the browser is new. */
  readonly isProven: boolean;
}

/** Milliseconds between looks whether an admin has let this browser in. */
const POLL_MS = 2_000;

/** What was offered in an answer; undefined when somebody is signed in by it. */
export function offerOf(answer: unknown, isProven: boolean): Offer | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { secret, code, expires_at: expiresAt } = answer as Readonly<Record<string, unknown>>;
  if (typeof secret !== 'string' || typeof code !== 'string' || typeof expiresAt !== 'string') return undefined;
  return { secret, code, expiresAt, isProven };
}

interface WaitForApprovalProps {
  readonly offer: Offer;
  readonly onSignedIn: () => void;
  readonly onAgain: () => void;
}

export function WaitForApproval({ offer, onSignedIn, onAgain }: WaitForApprovalProps): ReactNode {
  const { signIn } = useTexts();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const asked = new AbortController();
    const timer = window.setInterval(() => {
      void ask('POST /auth/devices/session', { body: { secret: offer.secret } }, asked.signal).then(
        (answer) => {
          if (isApproved(answer)) onSignedIn();
        },
        (error: unknown) => {
          // What was not reached may be reached the next time.
          if (!(error instanceof ApiError) || error.status === 0 || error.status === 429) return;
          window.clearInterval(timer);
          setOver(true);
        },
      );
    }, POLL_MS);
    return () => {
      asked.abort();
      window.clearInterval(timer);
    };
  }, [offer.secret, onSignedIn]);
  if (isOver) {
    return (
      <>
        <p role="alert">{signIn.lapsed}</p>
        <button type="button" className="main" onClick={onAgain}>
          {signIn.startAgain}
        </button>
      </>
    );
  }
  return (
    <>
      {offer.isProven ? <p className="quiet">{signIn.approvalLead}</p> : null}
      <div role="status">
        <p>{signIn.tellCode}</p>
        <code className="secret-shown sign-in-code">{offer.code}</code>
      </div>
      <pre>claw device approve {offer.code}</pre>
      <p className="quiet">{signIn.waiting(timeOfDay(offer.expiresAt))}</p>
      <button type="button" onClick={onAgain}>
        {signIn.startAgain}
      </button>
    </>
  );
}

function isApproved(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'state' in answer && answer.state === 'approved';
}
