/** Owns the messages of a conversation that were there when it was opened: asked for in pages, as they come into view. */
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { ask, type Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';

export type PastMessage = Result<'GET /conversations/{id}'>['messages'][number];

export interface History {
  /** How many there are. */
  readonly count: number;
  readonly isReady: boolean;
  /** By place, from 0; undefined while it is on its way. */
  at(place: number): PastMessage | undefined;
}

const PAGE = 100;
const NONE: History = { count: 0, isReady: true, at: () => undefined };

/** `from` and `to` are the places in view. */
export function useHistory(id: string | undefined, from: number, to: number): History {
  const first = useRead(
    'GET /conversations/{id}',
    { params: { id: id ?? '' }, query: { from: 1, limit: 1 } },
    { isEnabled: id !== undefined },
  );
  const count = first.data?.last_seq ?? 0;
  const pages = pagesOf(from, Math.min(to, count - 1));
  const answers = useQueries({
    queries: pages.map((page) => ({
      queryKey: ['history', id, page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask(
          'GET /conversations/{id}',
          { params: { id: id ?? '' }, query: { from: page * PAGE + 1, limit: PAGE } },
          signal,
        ),
      enabled: id !== undefined && count > 0,
      staleTime: Infinity,
      placeholderData: keepPreviousData,
    })),
  });
  if (id === undefined) return NONE;
  return {
    count,
    isReady: first.data !== undefined,
    at(place) {
      const page = answers[pages.indexOf(Math.floor(place / PAGE))]?.data;
      return page?.messages.find(({ seq }) => seq === place + 1);
    },
  };
}

function pagesOf(from: number, to: number): readonly number[] {
  if (to < from) return [];
  const first = Math.floor(Math.max(0, from) / PAGE);
  return Array.from({ length: Math.floor(to / PAGE) - first + 1 }, (_, at) => first + at);
}
