/** Owns the acts that wait: shown as claw parsed them, with their time running, and answered once however often somebody presses. */
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { ApiError, Result } from '../../api/client.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { FieldInput } from '../../components/field-input.tsx';
import { Said } from '../../components/said.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { useNow } from '../../components/use-now.ts';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { timeLeft } from './time-left.ts';

type Approval = Result<'GET /approvals'>[number];
const TOUCHED = ['GET /approvals', 'GET /grants'] as const;
const SCOPES = ['once', 'conversation', 'pattern', 'always'] as const;
type Scope = (typeof SCOPES)[number];
const DEFAULT_HOURS = 8;

export function WaitingList({ of: list }: { readonly of: UseQueryResult<Approval[] | readonly Approval[], ApiError> }) {
  const { approvals } = useTexts();
  const [said, setSaid] = useState<string>();
  const now = useNow((list.data?.length ?? 0) > 0);
  return (
    <section aria-label={approvals.waiting}>
      <Said>{said}</Said>
      <Loaded of={list} empty={approvals.noWaiting}>
        {(rows) => rows.map((row) => <WaitingCard key={row.id} approval={row} now={now} onSaid={setSaid} />)}
      </Loaded>
    </section>
  );
}

interface WaitingCardProps {
  readonly approval: Approval;
  readonly now: number;
  readonly onSaid: (text: string) => void;
}

function WaitingCard({ approval, now, onSaid }: WaitingCardProps): ReactNode {
  const { approvals } = useTexts();
  const { id, act, kind, reason, user, conversation_id: conversation, created_at: at, expires_at: until } = approval;
  const detail = useRead('GET /approvals/{id}', { params: { id } });
  const whole = detail.data?.detail;
  return (
    <article className="card approvals-card" aria-label={act}>
      <p className="approvals-facts">
        <Badge tone="warn">{approvals.kinds[kind] ?? kind}</Badge>
        <span>
          {approvals.askedFor(user ?? approvals.nobody)} · <When at={at} />
        </span>
        {conversation === null ? null : (
          <Link to={`/dashboard/chat/${conversation}`}>{approvals.openConversation}</Link>
        )}
        <strong>{until > now ? approvals.left(timeLeft(until - now)) : approvals.lapsed}</strong>
      </p>
      <pre className="act" tabIndex={0}>
        {act}
      </pre>
      <p>{reason}</p>
      {whole === undefined || whole === act ? null : (
        <details>
          <summary>{approvals.detail}</summary>
          <pre tabIndex={0}>{whole}</pre>
        </details>
      )}
      {until > now ? <Answer approval={approval} onSaid={onSaid} /> : null}
    </article>
  );
}

function Answer({ approval, onSaid }: Omit<WaitingCardProps, 'now'>): ReactNode {
  const { approvals } = useTexts();
  const { id } = approval;
  const may = useMay('admin');
  const [scope, setScope] = useState<Scope>('once');
  const [hours, setHours] = useState(DEFAULT_HOURS);
  const allow = useChange('POST /approvals/{id}/approve', TOUCHED);
  const deny = useChange('POST /approvals/{id}/deny', TOUCHED);
  // A second press comes before the buttons are drawn anew.
  const isPressed = useRef(false);
  // The card goes when the list is asked again; until then nothing more is to be pressed.
  const isAnswered = allow.isPending || deny.isPending || allow.isSuccess || deny.isSuccess;
  const error = allow.error ?? deny.error;
  if (!may) return null;
  const params = { id };
  const body = { scope, ...(scope === 'pattern' ? { hours } : {}) };
  // This card is gone when the answer is there; what is told stands above it. A failure is shown here.
  const answer = (ask: () => Promise<unknown>, text: string): void => {
    if (isPressed.current) return;
    isPressed.current = true;
    void ask().then(
      () => onSaid(text),
      () => (isPressed.current = false),
    );
  };
  return (
    <>
      <ScopeChoice approval={approval} scope={scope} onScope={setScope} />
      {scope === 'pattern' ? (
        <label>
          {approvals.hours}{' '}
          <input
            className="approvals-hours"
            type="number"
            min={1}
            max={720}
            value={hours}
            onChange={({ target }) => setHours(Math.min(720, Math.max(1, Math.trunc(target.valueAsNumber || 1))))}
          />
        </label>
      ) : null}
      {error === null ? null : <Failure error={error} />}
      <div className="actions">
        <button
          type="button"
          disabled={isAnswered}
          onClick={() => answer(() => deny.mutateAsync({ params }), approvals.refused)}
        >
          {approvals.deny}
        </button>
        <button
          type="button"
          className="main"
          disabled={isAnswered}
          onClick={() => answer(() => allow.mutateAsync({ params, body }), approvals.allowed)}
        >
          {approvals.allow}
        </button>
      </div>
    </>
  );
}

interface ScopeChoiceProps {
  readonly approval: Pick<Approval, 'id' | 'conversation_id'>;
  readonly scope: Scope;
  readonly onScope: (scope: Scope) => void;
}

function ScopeChoice({ approval, scope, onScope }: ScopeChoiceProps): ReactNode {
  const { approvals } = useTexts();
  const { id, conversation_id: conversation } = approval;
  const options = SCOPES.filter((each) => each !== 'conversation' || conversation !== null).map((each) => ({
    value: each,
    label: approvals[each],
    hint: `(${approvals.scopeHints[each]})`,
  }));
  return (
    <FieldInput
      field={{ name: `scope-${id}`, label: approvals.scope, kind: 'radio', options }}
      value={scope}
      problem={undefined}
      onChange={(value) => onScope(SCOPES.find((each) => each === value) ?? 'once')}
    />
  );
}
