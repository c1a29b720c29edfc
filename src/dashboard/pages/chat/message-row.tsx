/** Owns how one message of the past looks: who said it, when and where, what it says, what became of its turn. */
import { memo, type ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { When } from '../../components/when.tsx';
import { dayName } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { MessageMenu } from './message-menu.tsx';
import { MessageParts } from './message-parts.tsx';
import { TurnFoot } from './turn-foot.tsx';
import type { History } from './use-history.ts';
import type { PastMessage } from './read-message.ts';
import type { MessageActs } from './use-message-acts.ts';

interface MessageRowProps {
  readonly conversationId: string;
  readonly message: PastMessage;
  readonly history: History;
  readonly acts: MessageActs;
  /** It is what a link pointed at. */
  readonly isMarked: boolean;
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps): ReactNode {
  const { conversationId, message, history, acts, isMarked } = props;
  const { chat } = useTexts();
  const { role, created_at: at, state, seq, turn_id: turnId } = message;
  const before = history.message(seq - 1);
  const isNewDay = seq === 1 || (before !== undefined && dayName(before.created_at) !== dayName(at));
  const turn = history.turn(turnId);
  const after = history.message(seq + 1);
  const isLast = seq === history.count || (after !== undefined && after.turn_id !== turnId);
  const goesOn = role !== 'user' && before?.turn_id === turnId && before.role !== 'user';
  const isHidden = role === 'tool' && before !== undefined;
  return (
    <>
      {isNewDay ? <p className="chat-day">{dayName(at)}</p> : null}
      {isHidden ? null : (
        <article
          className={`message ${role}${isMarked ? ' marked' : ''}`}
          aria-busy={role === 'assistant' && seq === history.count ? false : undefined}
          aria-label={chat.messageOf(seq)}
        >
          <header className={goesOn ? 'goes-on' : undefined}>
            <span className="who">{role === 'user' ? chat.you : role === 'tool' ? chat.tool : chat.assistant}</span>{' '}
            {role === 'user' ? <Channels channels={turn?.channels ?? []} /> : null}
            <span className="quiet">
              <When at={at} />
            </span>
            {state === 'partial' ? <Badge tone="warn">{chat.interrupted}</Badge> : null}
            <MessageMenu message={message} isLast={isLast && seq === history.count} acts={acts} />
          </header>
          <MessageParts conversationId={conversationId} message={message} history={history} />
        </article>
      )}
      {isLast && turn !== undefined ? (
        <TurnFoot turn={turn} onRetry={() => acts.askAgain(message)} isNewest={seq === history.count} />
      ) : null}
    </>
  );
});

/** Where it was said, when that was not here. */
function Channels({ channels }: { readonly channels: readonly string[] }): ReactNode {
  return channels
    .filter((channel) => channel !== 'terminal')
    .map((channel) => (
      <Badge key={channel} tone="info">
        {channel}
      </Badge>
    ));
}
