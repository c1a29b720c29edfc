/** Owns the messages of a conversation that are written down: the newest at once and kept current, older ones in pages as they come into view. */
import { useQueries, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type ApiError, ask, type Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import type { PastMessage } from './read-message.ts';

export type Conversation = Result<'GET /conversations/{id}'>;
export type PastTurn = Conversation['turns'][number];

export interface History {
  /** Undefined until it is there, and for a new conversation. */
  readonly conversation: Conversation | undefined;
  readonly error: ApiError | null;
  /** How many messages there are. */
  readonly count: number;
  /** By number, from 1; undefined while it is on its way. */
  message(seq: number): PastMessage | undefined;
  turn(id: string): PastTurn | undefined;
  retry(): void;
}

const PAGE = 100;
/** Messages that come with the first question. */
const NEWEST = 60;

/** `from` and `to` are the numbers in view. */
export function useHistory(id: string | undefined, from: number, to: number): History {
  const queries = useQueryClient();
  const head = useRead(
    'GET /conversations/{id}',
    { params: { id: id ?? '' }, query: { last: 'true', limit: NEWEST, pictures: 'false' } },
    { isEnabled: id !== undefined },
  );
  const count = id === undefined ? 0 : (head.data?.last_seq ?? 0);
  const covered = Math.max(0, count - NEWEST);
  const pages = id === undefined ? [] : pagesOf(from, Math.min(to, covered));
  const older = useQueries({
    queries: pages.map((page) => ({
      // A page that was not full when it was asked for is asked again when there is more of it.
      queryKey: ['history', id, page, Math.min(count, (page + 1) * PAGE)],
      queryFn: ({ signal }: { signal: AbortSignal }) => askPage(id ?? '', page, signal),
      staleTime: Infinity,
      placeholderData: () => queries.getQueriesData<Conversation>({ queryKey: ['history', id, page] }).at(-1)?.[1],
    })),
    combine: gather,
  });
  const newest = head.data;
  return useMemo(() => {
    const known = newest === undefined ? older : [...older, newest];
    const messages = new Map(known.flatMap((page) => page.messages).map((message) => [message.seq, message]));
    const turns = new Map(known.flatMap((page) => page.turns).map((turn) => [turn.id, turn]));
    return {
      conversation: id === undefined ? undefined : newest,
      error: head.error,
      count,
      message: (seq) => messages.get(seq),
      turn: (turnId) => turns.get(turnId),
      retry: () => void head.refetch(),
    };
    // oxlint-disable-next-line react/exhaustive-deps -- the query itself is another object each time
  }, [id, newest, older, count, head.error]);
}

function gather(answers: readonly UseQueryResult<Conversation>[]): readonly Conversation[] {
  return answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
}

function askPage(id: string, page: number, signal: AbortSignal): Promise<Conversation> {
  const query = { from: page * PAGE + 1, limit: PAGE, pictures: 'false' };
  return ask('GET /conversations/{id}', { params: { id }, query }, signal);
}

/** The pages in which the numbers stand. */
function pagesOf(from: number, to: number): readonly number[] {
  if (to < 1 || to < from) return [];
  const first = Math.floor((Math.max(1, from) - 1) / PAGE);
  return Array.from({ length: Math.floor((to - 1) / PAGE) - first + 1 }, (_, at) => first + at);
}
