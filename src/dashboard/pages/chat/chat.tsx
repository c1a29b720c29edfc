/** Owns the page of a conversation: the list of them, what was said, what is being said, and where to write. */
import { type ReactNode, useEffect } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useRead } from '../../api/use-api.ts';
import { useTexts } from '../../language/use-texts.ts';
import { Loaded } from '../../components/states.tsx';
import './chat.css';
import { useMay } from '../../session-gate.tsx';
import { runningTurn } from './chat-state.ts';
import { Composer } from './composer.tsx';
import { Thread } from './thread.tsx';
import { useChat } from './use-chat.ts';

export function Chat(): ReactNode {
  const { chat } = useTexts();
  const { id } = useParams();
  const navigate = useNavigate();
  const live = useChat(id);
  const may = useMay('user');
  const { conversationId } = live.state;
  useEffect(() => {
    // A new conversation has its address as soon as it has an id.
    if (id === undefined && conversationId !== undefined)
      void navigate(`/dashboard/chat/${conversationId}`, { replace: true });
  }, [id, conversationId, navigate]);
  return (
    <div className="chat">
      <h1 className="unseen">{chat.title}</h1>
      <ConversationList open={id} />
      <section className="talk" aria-label={chat.title}>
        <Thread key={id === conversationId ? 'same' : id} live={live} openedId={id} />
        {may ? <Composer live={live} isRunning={runningTurn(live.state) !== undefined} /> : null}
      </section>
    </div>
  );
}

const SHOWN = 50;

function ConversationList({ open }: { readonly open: string | undefined }): ReactNode {
  const { chat } = useTexts();
  const list = useRead('GET /conversations', { query: { limit: SHOWN } });
  return (
    <nav className="history" aria-label={chat.history}>
      <Link className="button" to="/dashboard/chat">
        {chat.fresh}
      </Link>
      <Loaded of={list}>
        {(rows) => (
          <ul>
            {rows.map(({ id, title }) => (
              <li key={id}>
                <Link to={`/dashboard/chat/${id}`} aria-current={id === open ? 'page' : undefined}>
                  {title === '' ? id : title}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </nav>
  );
}
