/** Owns the messages of a conversation on the page: only what is seen is drawn, who reads at the end stays there, and the first message is one key away. */
import { type Virtualizer, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Failure, Loading } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { LiveTurnRow } from './live-turn-row.tsx';
import type { LiveTurn } from './live-turn.ts';
import { Row, Sized } from './placed.tsx';
import { MessageRow } from './message-row.tsx';
import { pastCount, type PastMessage } from './read-message.ts';
import type { LiveChat } from './use-chat.ts';
import type { History } from './use-history.ts';

import type { MessageActs } from './use-message-acts.ts';
import { Welcome } from './welcome.tsx';

/** Pixels of a row that was not measured yet. */
const USUAL_HEIGHT = 88;
/** How near to the end somebody reads at the end, in pixels. */
const AT_END = 120;

type Rows = Virtualizer<HTMLDivElement, Element>;

export interface View {
  readonly from: number;
  readonly to: number;
}

interface ThreadProps {
  readonly live: LiveChat;
  readonly conversationId: string | undefined;
  readonly history: History;
  readonly acts: MessageActs;
  /** The message that is to be seen first, by its number. */
  readonly marked: number | undefined;
  /** The numbers of the messages in view. */
  readonly onView: (view: View) => void;
}

export function Thread({ live, conversationId, history, acts, marked, onView }: ThreadProps): ReactNode {
  const { chat } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const { turns } = live.state;
  const running = useMemo(
    () => new Set(turns.flatMap(({ turnId }) => (turnId === undefined ? [] : [turnId]))),
    [turns],
  );
  const past = useMemo(() => pastCount(history.message, history.count, running), [history, running]);
  const total = past + turns.length;
  const rows = useVirtualizer<HTMLDivElement, Element>({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL_HEIGHT,
    getItemKey: (index) => (index < past ? index : (turns[index - past]?.frameId ?? index)),
    overscan: 6,
    onChange: ({ range }) => {
      if (range !== null) onView({ from: range.startIndex - 5, to: range.endIndex + 7 });
    },
  });
  const end = useEnd(rows, scroller, { total, count: history.count, marked, asked: askedHere(turns) });
  const { error } = history;
  if (conversationId !== undefined && history.conversation === undefined && turns.length === 0)
    return error === null ? <Loading /> : <Failure error={error} onRetry={history.retry} />;
  const items = rows.getVirtualItems();
  return (
    <div className="thread-frame">
      <div
        className="thread"
        ref={scroller}
        onScroll={end.onScroll}
        onKeyDown={(event) => jumpByKey(event, end)}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={chat.thread}
      >
        {total === 0 ? <Welcome /> : null}
        <Sized className="rows" height={rows.getTotalSize()}>
          {items.map(({ index, key, start }) => (
            <Row key={key} index={index} start={start} measure={rows.measureElement}>
              <Entry
                message={index < past ? history.message(index + 1) : undefined}
                turn={turns[index - past]}
                conversationId={conversationId}
                history={history}
                acts={acts}
                marked={marked}
                past={past}
                live={live}
              />
            </Row>
          ))}
        </Sized>
      </div>
      <Jumps
        first={items[0]?.index ?? 0}
        isAtEnd={end.isAtEnd}
        fresh={end.fresh}
        onStart={end.toStart}
        onEnd={end.toEnd}
      />
    </div>
  );
}

/** The browser's own keys stop where nothing is drawn yet. */
function jumpByKey(event: KeyboardEvent, { toStart, toEnd }: End): void {
  if (event.altKey || event.shiftKey || event.target instanceof HTMLSelectElement) return;
  if (event.key !== 'Home' && event.key !== 'End') return;
  event.preventDefault();
  if (event.key === 'Home') toStart();
  else toEnd();
}

interface EntryProps extends Omit<ThreadProps, 'onView'> {
  readonly message: PastMessage | undefined;
  readonly turn: LiveTurn | undefined;
  readonly past: number;
}

/** A message of the past, or a turn that runs. */
function Entry({ message, turn, conversationId, history, acts, marked, past, live }: EntryProps): ReactNode {
  if (turn !== undefined)
    return <LiveTurnRow turn={turn} isAskedAbove={isAskedAbove(turn, past, history)} acts={live.acts} />;
  if (message === undefined || conversationId === undefined) return <p className="quiet unread-yet">…</p>;
  const isMarked = message.seq === marked;
  return (
    <MessageRow conversationId={conversationId} message={message} history={history} acts={acts} isMarked={isMarked} />
  );
}

function isAskedAbove({ turnId }: LiveTurn, past: number, history: History): boolean {
  const last = history.message(past);
  return turnId !== undefined && last?.turn_id === turnId && last.role === 'user';
}

interface End {
  readonly isAtEnd: boolean;
  /** Messages that came while somebody read elsewhere. */
  readonly fresh: number;
  onScroll(): void;
  toStart(): void;
  toEnd(): void;
}

interface Ends {
  /** Rows. */
  readonly total: number;
  /** Messages that are written down. */
  readonly count: number;
  readonly marked: number | undefined;
  /** How many messages were said here. */
  readonly asked: number;
}

function askedHere(turns: readonly LiveTurn[]): number {
  return turns.reduce((sum, { isFound, joining }) => sum + (isFound ? 0 : 1) + joining.length, 0);
}

/** Who reads at the end stays there while it grows, and whoever reads elsewhere is left alone. */
function useEnd(
  rows: Rows,
  scroller: { readonly current: HTMLDivElement | null },
  { total, count, marked, asked }: Ends,
): End {
  const [isAtEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(count);
  const stays = useRef(true);
  const hasGone = useRef<number>(undefined);
  const height = rows.getTotalSize();
  const before = useRef(asked);
  useLayoutEffect(() => {
    // Who says something wants to see the answer.
    if (asked > before.current) stays.current = true;
    before.current = asked;
  }, [asked]);
  useEffect(() => {
    if (marked === undefined || marked === hasGone.current || count === 0) return;
    hasGone.current = marked;
    stays.current = false;
    rows.scrollToIndex(Math.min(marked, count) - 1, { align: 'start' });
  }, [rows, marked, count]);
  useLayoutEffect(() => {
    if (stays.current && total > 0 && height > 0) rows.scrollToIndex(total - 1, { align: 'end' });
  }, [rows, total, height]);
  return {
    isAtEnd,
    fresh: Math.max(0, count - seen),
    onScroll() {
      const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
      const isNear = scrollHeight - scrollTop - clientHeight < AT_END;
      stays.current = isNear;
      if (isNear === isAtEnd) return;
      setAtEnd(isNear);
      setSeen(count);
    },
    toStart() {
      stays.current = false;
      rows.scrollToIndex(0, { align: 'start' });
    },
    toEnd() {
      stays.current = true;
      rows.scrollToIndex(total - 1, { align: 'end' });
    },
  };
}

interface JumpsProps {
  /** The first row that is drawn. */
  readonly first: number;
  readonly isAtEnd: boolean;
  readonly fresh: number;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

function Jumps({ first, isAtEnd, fresh, onStart, onEnd }: JumpsProps): ReactNode {
  const { chat } = useTexts();
  if (isAtEnd && first === 0) return null;
  return (
    <div className="jumps">
      {first === 0 ? null : (
        <button type="button" onClick={onStart} aria-label={chat.toStart} title={chat.toStart}>
          <span aria-hidden="true">↑</span>
        </button>
      )}
      {isAtEnd ? null : (
        <button type="button" onClick={onEnd} aria-label={chat.toEnd(fresh)} title={chat.toEnd(fresh)}>
          <span aria-hidden="true">↓{fresh === 0 ? '' : ` ${fresh}`}</span>
        </button>
      )}
    </div>
  );
}
