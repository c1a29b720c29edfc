/** Owns going through a list that is longer than a page: where one is, and the ways on. */
import type { ReactNode } from 'react';
import { count } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

interface PagerProps {
  /** 0 for the first. */
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

export function Pager({ page, pageSize, total, onPage }: PagerProps): ReactNode {
  const { paging } = useTexts();
  const last = Math.max(0, Math.ceil(total / pageSize) - 1);
  if (last === 0) return null;
  const from = page * pageSize + 1;
  const ways = [
    { name: paging.first, to: 0 },
    { name: paging.previous, to: page - 1 },
    { name: paging.next, to: page + 1 },
    { name: paging.last, to: last },
  ];
  return (
    <nav className="bar pager" aria-label={paging.label}>
      <span className="quiet">
        {paging.shown(count(from), count(Math.min(total, from + pageSize - 1)), count(total))}
      </span>
      <span className="actions">
        {ways.map(({ name, to }) => (
          <button key={name} type="button" disabled={to === page || to < 0 || to > last} onClick={() => onPage(to)}>
            {name}
          </button>
        ))}
      </span>
    </nav>
  );
}
