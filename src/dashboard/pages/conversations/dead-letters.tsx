/** Owns what could not be answered or delivered: why, what it says as far as it is the reader's, and the ways on. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';

type Letter = Result<'GET /dead-letters'>[number];

const TOUCHED = ['GET /dead-letters', 'GET /conversations/{id}/story'] as const;
const MOST = 500;

export function DeadLetters(): ReactNode {
  const { conversations } = useTexts();
  const letters = useRead('GET /dead-letters', { query: { limit: MOST } });
  const [said, setSaid] = useState('');
  const failed = (letters.data ?? []).filter(({ state }) => state === 'failed').length;
  const all =
    failed < 2 ? null : (
      <ActionButton
        route="POST /dead-letters/resend"
        parts={{ body: {} }}
        touches={TOUCHED}
        needs="admin"
        question={conversations.resendAllQuestion(failed)}
        onDone={({ resent }) => setSaid(conversations.resent(resent))}
      >
        {conversations.resendAll}
      </ActionButton>
    );
  return (
    <Section title={conversations.failed} actions={all}>
      <p role="status">{said}</p>
      <Loaded of={letters} empty={conversations.nothingFailed}>
        {(rows) => (
          <ul className="conversations-letters">
            {rows.map((letter) => (
              <LetterRow key={letter.id} letter={letter} onSaid={setSaid} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

function LetterRow({
  letter,
  onSaid,
}: {
  readonly letter: Letter;
  readonly onSaid: (said: string) => void;
}): ReactNode {
  const { conversations } = useTexts();
  const { id, direction, state, chat_id: chat, conversation_id: conversation, reason, at, owner, text } = letter;
  const isUncertain = state === 'uncertain';
  const what = direction === 'in' ? conversations.directionIn : conversations.directionOut;
  return (
    <li>
      <p>
        <Badge tone={isUncertain ? 'warn' : 'bad'}>{isUncertain ? conversations.uncertain : what}</Badge>{' '}
        <code>
          <bdi>{chat}</bdi>
        </code>{' '}
        <span className="quiet">
          <When at={at} />
        </span>
      </p>
      {reason === null ? null : <p className="bad-text">{reason}</p>}
      {isUncertain ? <p className="quiet">{conversations.maybeTwice}</p> : null}
      {text === null ? (
        <p className="quiet">{owner === null ? conversations.nobodys : conversations.notYours(owner)}</p>
      ) : (
        <p className="plain conversations-said">{text}</p>
      )}
      <div className="actions">
        {conversation === null || text === null ? null : (
          <Link className="button" to={`/dashboard/conversations/${conversation}`}>
            {conversations.story}
          </Link>
        )}
        <ActionButton
          route="POST /dead-letters/{id}/discard"
          parts={{ params: { id } }}
          touches={TOUCHED}
          needs="admin"
          question={conversations.discardQuestion(chat)}
          onDone={() => onSaid(conversations.discarded)}
        >
          {conversations.discard}
        </ActionButton>
        <ActionButton
          route="POST /dead-letters/{id}/resend"
          parts={{ params: { id } }}
          touches={TOUCHED}
          needs="admin"
          isMain
          onDone={() => onSaid(conversations.resent(1))}
        >
          {conversations.resend}
        </ActionButton>
      </div>
    </li>
  );
}
