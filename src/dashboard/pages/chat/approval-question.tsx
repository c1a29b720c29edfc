/** Owns an act that waits for a yes, where it is asked: for admins with how far the yes reaches, for others with who may answer. */
import { type ReactNode, useId, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Failure } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';

type Scope = NonNullable<Result<'POST /approvals/{id}/approve'>['scope']>;
const LONGER = ['conversation', 'pattern', 'always'] as const satisfies readonly Scope[];
const HOURS = [1, 8, 24, 168] as const;

interface ApprovalQuestionProps {
  readonly id: string;
  /** As claw parsed it, control characters made visible. */
  readonly act: string;
  readonly reason: string;
  /** Milliseconds UTC. */
  readonly expiresAt: number;
  /** Answered, wherever that was. */
  readonly isOver: boolean;
}

export function ApprovalQuestion({ id, act, reason, expiresAt, isOver }: ApprovalQuestionProps): ReactNode {
  const { chat } = useTexts();
  const isAdmin = useMay('admin');
  return (
    <div className={isOver ? 'notice' : 'notice ask'} role="group" aria-label={chat.wants}>
      <p>
        <strong>{chat.wants}</strong> {reason}
      </p>
      <pre tabIndex={0}>{act}</pre>
      <Whole id={id} />
      {isOver ? <p className="quiet">{chat.decided}</p> : null}
      {isOver || isAdmin ? null : <p>{chat.adminAnswers}</p>}
      {isOver ? null : (
        <p className="quiet">
          {chat.lapses} <When at={expiresAt} />
        </p>
      )}
      {isAdmin && !isOver ? <Answers id={id} /> : null}
    </div>
  );
}

/** What there is to see besides the act: asked for when somebody wants it. */
function Whole({ id }: { readonly id: string }): ReactNode {
  const { words } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const whole = useRead('GET /approvals/{id}', { params: { id } }, { isEnabled: isOpen });
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{words.details}</summary>
      {whole.data === undefined ? null : <CodeBlock code={whole.data.detail} language="" />}
    </details>
  );
}

function Answers({ id }: { readonly id: string }): ReactNode {
  const { chat } = useTexts();
  const touched = ['GET /approvals', 'GET /grants'] as const;
  const approve = useChange('POST /approvals/{id}/approve', touched);
  const deny = useChange('POST /approvals/{id}/deny', touched);
  const [scope, setScope] = useState<Scope>('conversation');
  const [hours, setHours] = useState<number>(8);
  const name = useId();
  const isBusy = approve.isPending || deny.isPending || approve.isSuccess || deny.isSuccess;
  const yes = (reach: Scope): void => approve.mutate({ params: { id }, body: { scope: reach, hours } });
  const error = approve.error ?? deny.error;
  return (
    <>
      <div className="actions">
        <button type="button" className="main" disabled={isBusy} onClick={() => yes('once')}>
          {chat.approve}
        </button>
        <button type="button" disabled={isBusy} onClick={() => deny.mutate({ params: { id } })}>
          {chat.deny}
        </button>
      </div>
      <details className="chat-longer">
        <summary>{chat.allowLonger}</summary>
        <div className="actions">
          <label htmlFor={`${name}-scope`}>{chat.reach}</label>
          <select id={`${name}-scope`} value={scope} onChange={({ target }) => setScope(target.value as Scope)}>
            {LONGER.map((each) => (
              <option key={each} value={each}>
                {chat.scopes[each]}
              </option>
            ))}
          </select>
          {scope === 'pattern' ? (
            <select aria-label={chat.forHow} value={hours} onChange={({ target }) => setHours(Number(target.value))}>
              {HOURS.map((each) => (
                <option key={each} value={each}>
                  {chat.hours(each)}
                </option>
              ))}
            </select>
          ) : null}
          <button type="button" disabled={isBusy} onClick={() => yes(scope)}>
            {chat.allow}
          </button>
        </div>
      </details>
      {error === null ? null : <Failure error={error} />}
    </>
  );
}
