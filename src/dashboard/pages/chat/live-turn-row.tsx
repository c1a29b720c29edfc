/** Owns how a turn looks that this page began: what was asked, what runs, what wants a yes, what was answered. */
import { memo, type ReactNode } from 'react';
import { Markdown } from '../../components/markdown.tsx';
import { money } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import type { LiveTurn, Question } from './chat-state.ts';
import { ToolDetails } from './tool-details.tsx';
import type { LiveChat } from './use-chat.ts';

interface LiveTurnProps {
  readonly turn: LiveTurn;
  readonly onAnswer: LiveChat['answer'];
}

export const LiveTurnRow = memo(function LiveTurnRow({ turn, onAnswer }: LiveTurnProps): ReactNode {
  const { chat, state } = useTexts();
  const isRunning = turn.state === 'sending' || turn.state === 'running';
  return (
    <>
      <article className="message user">
        <header>
          <span className="who">{chat.you}</span>
        </header>
        <Markdown text={turn.asked} />
      </article>
      <article className="message assistant" aria-busy={isRunning}>
        <header>
          <span className="who">{chat.assistant}</span>
        </header>
        {turn.tools.map((run) => (
          <ToolDetails key={run.callId} {...run} isRunning={isRunning} />
        ))}
        {turn.questions.map((question) => (
          <ApprovalQuestion key={question.approvalId} question={question} onAnswer={onAnswer} />
        ))}
        {turn.remarks.map((remark, at) => (
          <p key={at} className="quiet">
            {remark}
          </p>
        ))}
        <Markdown text={turn.text} />
        {turn.failure === undefined ? null : (
          <p className="notice bad" role="alert">
            {state.failed(turn.failure)}
          </p>
        )}
        {turn.tokens === undefined ? null : (
          <p className="quiet">{chat.usage(turn.tokens, turn.costUsd == null ? '–' : money(turn.costUsd))}</p>
        )}
      </article>
    </>
  );
});

function ApprovalQuestion({
  question,
  onAnswer,
}: {
  readonly question: Question;
  readonly onAnswer: LiveChat['answer'];
}): ReactNode {
  const { chat } = useTexts();
  const { approvalId, act, reason, answer } = question;
  return (
    <div className="notice ask" role="group" aria-label={chat.wants}>
      <p>
        <strong>{chat.wants}</strong> {reason}
      </p>
      <pre tabIndex={0}>{act}</pre>
      <button
        type="button"
        className="main"
        disabled={answer !== undefined}
        onClick={() => onAnswer(approvalId, 'approve')}
      >
        {chat.approve}
      </button>
      <button type="button" disabled={answer !== undefined} onClick={() => onAnswer(approvalId, 'deny')}>
        {chat.deny}
      </button>
    </div>
  );
}
