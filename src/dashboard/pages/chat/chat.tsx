/** Owns the page of a conversation: the list of them, what was said, what is being said, and where to write. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { Failure } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { Announcer } from './announcer.tsx';
import './chat.css';
import { Composer } from './composer.tsx';
import { ConversationHead } from './conversation-head.tsx';
import { ConversationList } from './conversation-list.tsx';
import { markSeen, readSeen, type Seen } from './kept.ts';
import { PendingApprovals } from './pending-approvals.tsx';
import { Thread, type View } from './thread.tsx';
import { type LiveChat, useChat } from './use-chat.ts';
import { type History, useHistory } from './use-history.ts';
import type { PastMessage } from './read-message.ts';
import { useMessageActs } from './use-message-acts.ts';

export function Chat(): ReactNode {
  const { chat } = useTexts();
  const { id } = useParams();
  const navigate = useNavigate();
  const live = useChat(id);
  const [isListOpen, setListOpen] = useState(false);
  const { conversationId } = live.state;
  const known = useRef(conversationId);
  useEffect(() => {
    // A new conversation has its address as soon as it has an id; one that is being left is not gone back to.
    if (id === undefined && known.current === undefined && conversationId !== undefined)
      void navigate(`/dashboard/chat/${conversationId}`, { replace: true });
    known.current = conversationId;
  }, [id, conversationId, navigate]);
  const open = conversationId ?? id;
  const seen = useSeen(open);
  return (
    <div
      className={isListOpen ? 'chat list-open' : 'chat'}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setListOpen(false);
      }}
    >
      <h1 className="unseen">{chat.title}</h1>
      <button type="button" className="list-button" aria-expanded={isListOpen} onClick={() => setListOpen(!isListOpen)}>
        {chat.history}
      </button>
      <ConversationList open={open} seen={seen} onChosen={() => setListOpen(false)} />
      <Talk key={live.state.opened} live={live} id={open} />
    </div>
  );
}

function Talk({ live, id }: { readonly live: LiveChat; readonly id: string | undefined }): ReactNode {
  const { chat } = useTexts();
  const may = useMay('user');
  const marked = useMarked();
  const [view, setView] = useState<View>({ from: 0, to: 0 });
  const [editing, setEditing] = useState<PastMessage>();
  const history = useHistory(id, view.from, view.to);
  const { acts, error } = useMessageActs(id, history, live.acts, setEditing);
  useHandover(live, history);
  // Only what is outside of what was asked for before is asked for.
  const onView = useCallback(
    (next: View) => setView((now) => (next.from >= now.from && next.to <= now.to ? now : next)),
    [],
  );
  return (
    <section className="talk" aria-label={chat.title}>
      {history.conversation === undefined ? null : <ConversationHead conversation={history.conversation} />}
      <Thread live={live} conversationId={id} history={history} acts={acts} marked={marked} onView={onView} />
      <div className="talk-end">
        {error === undefined ? null : <Failure error={error} />}
        {id === undefined ? null : <PendingApprovals conversationId={id} turns={live.state.turns} />}
        {may ? (
          <Composer
            live={live}
            conversationId={id}
            history={history}
            acts={acts}
            editing={editing}
            onEdited={() => setEditing(undefined)}
          />
        ) : null}
      </div>
      <Announcer turns={live.state.turns} />
    </section>
  );
}

/** A turn that ended gives way to what was written down of it; one that runs already is followed. */
function useHandover({ state, acts, connection }: LiveChat, { conversation }: History): void {
  const { turns } = state;
  useEffect(() => {
    if (conversation === undefined || turns.length === 0) return;
    const { running_turn: running } = conversation;
    const settled = conversation.turns.flatMap((turn) => (turn.id === running ? [] : [turn.id]));
    acts.settle(new Set(settled));
  }, [conversation, turns, acts]);
  const running = conversation?.running_turn ?? undefined;
  useEffect(() => {
    if (running !== undefined && connection === 'open') acts.follow(running);
  }, [running, connection, acts]);
}

/** The message that the address names: `#m12`. */
function useMarked(): number | undefined {
  const { hash } = useLocation();
  const seq = /^#m(\d{1,9})$/.exec(hash)?.[1];
  return seq === undefined ? undefined : Number(seq);
}

/** What was looked at here, and when. */
function useSeen(open: string | undefined): Seen {
  const [seen, setSeen] = useState(() => readSeen(Date.now()));
  useEffect(() => {
    if (open === undefined) return undefined;
    markSeen(open, Date.now());
    return () => setSeen(markSeen(open, Date.now()));
  }, [open]);
  return seen;
}
