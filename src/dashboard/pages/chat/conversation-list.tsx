/** Owns the list of conversations beside the chat: found as one types, by day, with more as one reads on, and on a small screen behind a button. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { type ApiError, ask, type Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Loaded, Loading, Nothing } from '../../components/states.tsx';
import { monthName } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { type DayGroup, groupByDay } from './group-by-day.ts';
import type { Seen } from './kept.ts';

type Row = Result<'GET /conversations'>[number];
const PAGE = 50;

interface ConversationListProps {
  readonly open: string | undefined;
  readonly seen: Seen;
  /** The list is behind a button on a small screen: something was chosen. */
  readonly onChosen: () => void;
}

export function ConversationList({ open, seen, onChosen }: ConversationListProps): ReactNode {
  const { chat } = useTexts();
  const [typed, setTyped] = useState('');
  const [tag, setTag] = useState('');
  const wanted = useDeferredValue(typed.trim());
  const tags = useRead('GET /tags', {});
  return (
    <nav className="history" aria-label={chat.history}>
      <Link className="button main" to="/dashboard/chat" onClick={onChosen}>
        {chat.fresh}
      </Link>
      <div className="history-find">
        <input
          type="search"
          aria-label={chat.findConversation}
          placeholder={chat.findConversation}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        {tags.data === undefined || tags.data.length === 0 ? null : (
          <select aria-label={chat.tag} value={tag} onChange={({ target }) => setTag(target.value)}>
            <option value="">{chat.allTags}</option>
            {tags.data.map((each) => (
              <option key={each.tag} value={each.tag}>
                {each.tag} ({each.conversations})
              </option>
            ))}
          </select>
        )}
      </div>
      <div className="history-rows">
        <Rows title={wanted} tag={tag} open={open} seen={seen} onChosen={onChosen} />
        {wanted.length < 2 ? null : <Said words={wanted} tag={tag} onChosen={onChosen} />}
      </div>
    </nav>
  );
}

interface RowsProps extends ConversationListProps {
  readonly title: string;
  readonly tag: string;
}

function Rows({ title, tag, open, seen, onChosen }: RowsProps): ReactNode {
  const { chat, state } = useTexts();
  const filter = { ...(title === '' ? {} : { title }), ...(tag === '' ? {} : { tag }) };
  const list = useInfiniteQuery<readonly Row[], ApiError>({
    // By its route first, so that it is asked again when conversations change.
    queryKey: ['GET /conversations', 'chat', filter],
    queryFn: ({ pageParam, signal }) =>
      ask('GET /conversations', { query: { ...filter, limit: PAGE, offset: Number(pageParam) } }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.length < PAGE ? undefined : pages.length * PAGE),
    placeholderData: (before) => before,
  });
  if (list.data === undefined)
    return list.error === null ? <Loading /> : <p className="bad-text">{state.failed(list.error.message)}</p>;
  const rows = list.data.pages.flat();
  if (rows.length === 0) return <Nothing>{title === '' && tag === '' ? chat.noneYet : chat.noneFound}</Nothing>;
  return (
    <>
      {groupByDay(rows, ({ updated_at: at }) => Date.parse(at), list.dataUpdatedAt).map(({ group, rows: members }) => (
        <section key={group.kind === 'month' ? group.at : group.kind} className="history-day">
          <h2>{dayTitle(group, chat)}</h2>
          <ul>
            {members.map((row) => (
              <ConversationLink key={row.id} row={row} isOpen={row.id === open} seen={seen} onChosen={onChosen} />
            ))}
          </ul>
        </section>
      ))}
      {list.hasNextPage ? (
        <MoreButton isBusy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
      ) : null}
    </>
  );
}

function dayTitle(
  group: DayGroup,
  chat: { readonly today: string; readonly yesterday: string; readonly week: string },
): string {
  return group.kind === 'month' ? monthName(group.at) : chat[group.kind];
}

interface LinkProps {
  readonly row: Row;
  readonly isOpen: boolean;
  readonly seen: Seen;
  readonly onChosen: () => void;
}

function ConversationLink({ row, isOpen, seen, onChosen }: LinkProps): ReactNode {
  const { chat } = useTexts();
  const { id, title, running, origin, tags, parent_id: parent, updated_at: at } = row;
  const isUnread = !isOpen && Date.parse(at) > (seen.at[id] ?? seen.since);
  const element = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isOpen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return (
    <li>
      <Link
        ref={element}
        to={`/dashboard/chat/${id}`}
        aria-current={isOpen ? 'page' : undefined}
        className={isUnread ? 'unread' : undefined}
        title={title}
        onClick={onChosen}
      >
        <span className="history-title">{title === '' ? chat.untitled : title}</span>
        {parent === null ? null : (
          <span className="quiet" title={chat.isBranch}>
            ⑂
          </span>
        )}
        {origin === 'terminal' || origin === 'http' ? null : <Badge tone="info">{origin}</Badge>}
        {tags.slice(0, 2).map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
        {running ? (
          <span className="chat-dots" role="img" aria-label={chat.running} />
        ) : isUnread ? (
          <span className="history-dot" role="img" aria-label={chat.unread} />
        ) : null}
      </Link>
    </li>
  );
}

/** Presses itself when it comes into view. */
function MoreButton({ isBusy, onMore }: { readonly isBusy: boolean; readonly onMore: () => void }): ReactNode {
  const { chat, state } = useTexts();
  const element = useRef<HTMLButtonElement>(null);
  const more = useRef(onMore);
  useEffect(() => {
    more.current = onMore;
  });
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) more.current();
    });
    if (element.current !== null) seen.observe(element.current);
    return () => seen.disconnect();
  }, []);
  return (
    <button ref={element} type="button" className="plain-button" disabled={isBusy} onClick={onMore}>
      {isBusy ? state.loading : chat.more}
    </button>
  );
}

/** What was said in them, besides their titles. */
function Said({
  words,
  tag,
  onChosen,
}: {
  readonly words: string;
  readonly tag: string;
  readonly onChosen: () => void;
}): ReactNode {
  const { chat } = useTexts();
  const hits = useRead('GET /search', { query: { query: words, limit: 20, ...(tag === '' ? {} : { tag }) } });
  return (
    <section className="history-day">
      <h2>{chat.inMessages}</h2>
      <Loaded of={hits} empty={chat.noneFound}>
        {(rows) => (
          <ul>
            {rows.map(({ conversation_id: id, message, title, snippet }) => (
              <li key={`${id} ${message}`}>
                <Link to={`/dashboard/chat/${id}#m${message}`} className="history-hit" onClick={onChosen}>
                  <span className="history-title">{title === '' ? chat.untitled : title}</span>
                  <span className="quiet">
                    <Snippet text={snippet} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

/** Hits stand between « and ». */
export function Snippet({ text }: { readonly text: string }): ReactNode {
  return text.split(/«([^»]*)»/).map((piece, at) => (at % 2 === 1 ? <mark key={at}>{piece}</mark> : piece));
}
