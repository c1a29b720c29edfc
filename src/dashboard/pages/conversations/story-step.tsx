/** Owns how one step of a story looks: what it was, how it ended, how long it took, and its particulars. */
import type { ReactNode } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { count, duration, instant, money } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { type Outbound, stateWord, type Step } from './timeline.ts';

export function StepRow({ step }: { readonly step: Step }): ReactNode {
  const { conversations } = useTexts();
  return (
    <li className={step.isBad ? 'story-step bad' : 'story-step'}>
      <div className="story-line">
        <strong>{conversations.steps[step.kind]}</strong>
        <Particulars step={step} />
        <span className="quiet story-time">
          <time dateTime={new Date(step.at).toISOString()} title={instant(step.at)}>
            {clock(step.at)}
          </time>
          {step.ms === undefined ? null : <> · {duration(step.ms / 1000)}</>}
        </span>
      </div>
      <Body step={step} />
    </li>
  );
}

function clock(at: number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'medium' }).format(at);
}

function Particulars({ step }: { readonly step: Step }): ReactNode {
  const { conversations } = useTexts();
  const state = (of: string): ReactNode => (
    <Badge tone={step.isBad ? 'bad' : 'quiet'}>{stateWord(conversations.states, of)}</Badge>
  );
  switch (step.kind) {
    case 'arrival':
      return <Badge>{step.row.channel}</Badge>;
    case 'gate':
      return state(step.row.state);
    case 'model':
      return (
        <>
          <code>{step.call.model}</code> {state(step.call.state)}
          <span className="quiet">
            {conversations.tokensOf(count(step.call.input_tokens), count(step.call.output_tokens))}
            {step.call.cost_micro_usd === null ? null : <> · {money(step.call.cost_micro_usd / 1_000_000)}</>}
          </span>
        </>
      );
    case 'tool':
      return (
        <>
          <code>{step.call.name}</code> {state(step.call.status ?? step.call.state)}
        </>
      );
    case 'approval':
      return state(step.asked.state);
    case 'delivery':
      return (
        <>
          <Badge>{step.row.channel}</Badge> {state(step.row.state)}
          {step.row.parts > 1 ? (
            <span className="quiet">{conversations.partOf(step.row.part, step.row.parts)}</span>
          ) : null}
        </>
      );
    default:
      return null;
  }
}

function Body({ step }: { readonly step: Step }): ReactNode {
  const { conversations } = useTexts();
  switch (step.kind) {
    case 'arrival':
      return <p className="plain">{step.text}</p>;
    case 'gate':
      return step.row.reason === null ? null : <p className={step.isBad ? 'bad-text' : 'quiet'}>{step.row.reason}</p>;
    case 'model':
      return step.call.error === null ? null : <p className="bad-text">{step.call.error}</p>;
    case 'tool':
      return (
        <>
          <Particular title={conversations.input} text={JSON.stringify(step.call.input, null, 2)} />
          {step.call.output === null ? null : <Particular title={conversations.output} text={step.call.output} />}
        </>
      );
    case 'approval':
      return (
        <p className="plain">
          <code>{step.asked.act}</code> <span className="quiet">{step.asked.reason}</span>
        </p>
      );
    case 'answer':
      return <p className="plain story-answer">{step.text}</p>;
    case 'failure':
      return (
        <p className="bad-text">
          {step.text} {step.retryAt === null ? null : `${conversations.willRetry}: ${instant(step.retryAt)}`}
        </p>
      );
    case 'delivery':
      return <Delivery row={step.row} isBad={step.isBad} />;
    default:
      return null;
  }
}

function Particular({ title, text }: { readonly title: string; readonly text: string }): ReactNode {
  return (
    <details>
      <summary>{title}</summary>
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}

function Delivery({ row, isBad }: { readonly row: Outbound; readonly isBad: boolean }): ReactNode {
  const { conversations } = useTexts();
  return (
    <>
      {row.reason === null ? null : <p className={isBad ? 'bad-text' : 'quiet'}>{row.reason}</p>}
      <ol className="story-tries">
        {row.tries.map(({ attempt, outcome, detail, started_at: at, ended_at: end }) => (
          <li key={attempt}>
            {conversations.steps.try} {attempt}:{' '}
            <Badge tone={outcome === 'delivered' ? 'good' : outcome === 'sending' ? 'info' : 'bad'}>
              {stateWord(conversations.states, outcome)}
            </Badge>{' '}
            <span className="quiet">
              {clock(at)}
              {end === null ? null : <> · {duration((end - at) / 1000)}</>} {detail}
            </span>
          </li>
        ))}
      </ol>
      {isBad ? (
        <ActionButton
          route="POST /dead-letters/{id}/resend"
          parts={{ params: { id: row.id } }}
          touches={['GET /conversations/{id}/story', 'GET /dead-letters']}
          needs="admin"
        >
          {conversations.resend}
        </ActionButton>
      ) : null}
      <p className="quiet story-id">
        {conversations.id}: <code>{row.id}</code>
      </p>
    </>
  );
}
