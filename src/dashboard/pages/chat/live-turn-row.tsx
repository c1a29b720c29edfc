/** Owns how a turn looks while it runs: what was asked, what happens in its order, what wants a yes, what was answered. */
import { memo, type ReactNode } from 'react';
import { Markdown } from '../../components/markdown.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { ApprovalQuestion } from './approval-question.tsx';
import type { AskedMessage, LiveTurn, Piece } from './live-turn.ts';
import { Reasoning } from './message-parts.tsx';
import { Picture } from './picture.tsx';
import { ToolDetails } from './tool-details.tsx';
import { stopWords, Usage } from './turn-foot.tsx';
import type { ChatActs } from './use-chat.ts';

interface LiveTurnProps {
  readonly turn: LiveTurn;
  /** What was asked stands in the past already. */
  readonly isAskedAbove: boolean;
  readonly acts: ChatActs;
}

export const LiveTurnRow = memo(function LiveTurnRow({ turn, isAskedAbove, acts }: LiveTurnProps): ReactNode {
  const { chat } = useTexts();
  const isRunning = turn.state === 'sending' || turn.state === 'running';
  const { asked, isFound, pieces, stopReason } = turn;
  return (
    <>
      {isAskedAbove || isFound ? null : <Asked message={asked} />}
      <article className="message assistant" aria-busy={isRunning}>
        <header>
          <span className="who">{chat.assistant}</span>
        </header>
        {pieces.map((piece, at) => (
          <PieceView key={at} piece={piece} pieces={pieces} isRunning={isRunning} isLast={at === pieces.length - 1} />
        ))}
        {isRunning ? (
          <p className="chat-busy quiet">
            <span className="chat-dots" aria-hidden="true" /> {turn.state === 'sending' ? chat.sending : chat.writing}
          </p>
        ) : null}
        {stopReason === undefined || stopReason === 'complete' || turn.state === 'failed' ? null : (
          <p className="quiet">{stopWords(chat.stops, stopReason)}</p>
        )}
        {turn.state === 'failed' ? <Failed turn={turn} acts={acts} /> : null}
        {turn.tokens === undefined ? null : (
          <p className="quiet">
            <Usage tokens={turn.tokens} costUsd={turn.costUsd ?? null} model={turn.model} />
          </p>
        )}
      </article>
      {turn.joining.map((message) => (
        <Asked key={message.frameId} message={message} isWaiting />
      ))}
    </>
  );
});

function Asked({
  message,
  isWaiting = false,
}: {
  readonly message: AskedMessage;
  readonly isWaiting?: boolean;
}): ReactNode {
  const { chat } = useTexts();
  return (
    <article className={isWaiting ? 'message user waiting' : 'message user'}>
      <header>
        <span className="who">{chat.you}</span> {isWaiting ? <span className="quiet">{chat.joins}</span> : null}
      </header>
      {message.pictures.map(({ id, name, url }) =>
        url === undefined ? (
          <p key={id} className="chat-file">
            {name}
          </p>
        ) : (
          <Picture key={id} source={url} name={name} />
        ),
      )}
      <Markdown text={message.text} />
    </article>
  );
}

interface PieceProps {
  readonly piece: Piece;
  readonly pieces: readonly Piece[];
  readonly isRunning: boolean;
  readonly isLast: boolean;
}

function PieceView({ piece, pieces, isRunning, isLast }: PieceProps): ReactNode {
  switch (piece.kind) {
    case 'text':
      return <Markdown text={piece.text} />;
    case 'reasoning':
      return <Reasoning text={piece.text} isRunning={isRunning && isLast} />;
    case 'remark':
      return <p className="quiet">{piece.text}</p>;
    case 'said':
      return <blockquote className="chat-joined">{piece.text}</blockquote>;
    case 'tool':
      return <ToolDetails {...piece} isRunning={isRunning} />;
    case 'question': {
      const { approvalId: id, act, reason, expiresAt } = piece;
      const isOver = !isRunning || isAnswered(pieces, piece.callId);
      return <ApprovalQuestion id={id} act={act} reason={reason} expiresAt={expiresAt} isOver={isOver} />;
    }
  }
}

function isAnswered(pieces: readonly Piece[], callId: string): boolean {
  return pieces.some((each) => each.kind === 'tool' && each.callId === callId && each.status !== undefined);
}

function Failed({ turn, acts }: { readonly turn: LiveTurn; readonly acts: ChatActs }): ReactNode {
  const { state } = useTexts();
  const again = (): void => {
    const { text, pictures: files, model } = turn.asked;
    acts.drop(turn.frameId);
    acts.say({ text, files, model });
  };
  return (
    <div className="notice bad" role="alert">
      <p>{state.failed(turn.failure?.message ?? '')}</p>
      {turn.failure?.hint === undefined ? null : <p className="quiet">{turn.failure.hint}</p>}
      {turn.turnId === undefined ? (
        <button type="button" onClick={again}>
          {state.retry}
        </button>
      ) : null}
    </div>
  );
}
