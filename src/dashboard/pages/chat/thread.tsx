/** Owns the messages of a conversation on the page: only what is seen is drawn, and who reads at the end stays there. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Loading, Nothing } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { LiveTurnRow } from './live-turn-row.tsx';
import { MessageRow } from './message-row.tsx';
import type { LiveChat } from './use-chat.ts';
import { useHistory } from './use-history.ts';

/** Pixels of a row that was not measured yet. */
const USUAL_HEIGHT = 88;
/** How near to the end somebody reads at the end, in pixels. */
const AT_END = 120;

interface ThreadProps {
  readonly live: LiveChat;
  /** The conversation that was opened by its address. */
  readonly openedId: string | undefined;
}

export function Thread({ live, openedId }: ThreadProps): ReactNode {
  const { chat, state: texts } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // What this page itself began has no past but its live turns.
  const [pastId] = useState(openedId);
  const [seen, setSeen] = useState({ from: 0, to: 0 });
  const history = useHistory(pastId, seen.from, seen.to);
  const { turns } = live.state;
  const count = history.count + turns.length;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL_HEIGHT,
    overscan: 6,
    onChange: ({ range }) => {
      if (range !== null && (range.startIndex < seen.from || range.endIndex > seen.to || seen.to === 0))
        setSeen({ from: range.startIndex, to: range.endIndex });
    },
  });
  const last = turns.at(-1);
  useEffect(() => {
    if (isAtEnd.current && count > 0) rows.scrollToIndex(count - 1, { align: 'end' });
  }, [rows, count, last]);
  const onScroll = (): void => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < AT_END;
  };
  if (!history.isReady) return <Loading />;
  return (
    <div className="thread" ref={scroller} onScroll={onScroll} tabIndex={0} role="log" aria-label={chat.title}>
      {count === 0 ? <Nothing>{chat.empty}</Nothing> : null}
      <div className="rows" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const past = index < history.count ? history.at(index) : undefined;
          const turn = turns[index - history.count];
          return (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className="row"
              style={{ transform: `translateY(${start}px)` }}
            >
              {turn === undefined ? null : <LiveTurnRow turn={turn} onAnswer={live.answer} />}
              {past === undefined ? null : <MessageRow message={past} />}
              {turn === undefined && past === undefined ? <p className="quiet waiting">{texts.loading}</p> : null}
            </div>
          );
        })}
      </div>
    </div>
  );
}
