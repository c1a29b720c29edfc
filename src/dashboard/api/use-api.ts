/** Owns how components read and change what the API has: cached, shared, asked again after a change. */
import {
  keepPreviousData,
  QueryClient,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { ApiError, ask, type Endpoint, type Parts, type Result } from './client.ts';
import { type Guess, showGuesses } from './guess.ts';

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The server may be on this very machine: a browser without a network says nothing about it.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < 2 && mayWork(error),
        retryDelay: (count, error) => Math.max(1_000 * 2 ** count, waitOf(error)),
      },
    },
  });
}

/** What was refused is refused again; what was not reached, or came too often, may be answered. */
function mayWork(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

function waitOf(error: Error): number {
  return error instanceof ApiError ? error.waitSeconds * 1_000 : 0;
}

interface ReadOptions {
  readonly isEnabled?: boolean;
  /** Shows what the last question came to until this one is answered: for lists that are asked anew while somebody types. */
  readonly keepsLast?: boolean;
  /** Milliseconds for which an answer that costs the server much is good enough. */
  readonly freshMs?: number;
}

/** What a GET route answers; its parts are the key under which it is kept. */
export function useRead<Name extends Endpoint & `GET ${string}`>(
  name: Name,
  parts: Parts<Name>,
  { isEnabled = true, keepsLast = false, freshMs }: ReadOptions = {},
): UseQueryResult<Result<Name>, ApiError> {
  return useQuery<Result<Name>, ApiError>({
    queryKey: [name, parts],
    queryFn: ({ signal }) => ask(name, parts, signal),
    enabled: isEnabled,
    ...(freshMs === undefined ? {} : { staleTime: freshMs }),
    ...(keepsLast ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Changes something by a route; what the `touches` routes answered is asked again afterwards. What `guesses` say is shown at once, and taken back when it failed. */
export function useChange<Name extends Endpoint>(
  name: Name,
  touches: readonly Endpoint[] = [],
  guesses: readonly Guess<Name>[] = [],
): UseMutationResult<Result<Name>, ApiError, Parts<Name>> {
  const queries = useQueryClient();
  return useMutation<Result<Name>, ApiError, Parts<Name>>({
    // All in one: what is shown at once may give the button another route, and this one is still on its way.
    mutationFn: async (parts) => {
      const takeBack = await showGuesses(queries, guesses, parts);
      try {
        return await ask(name, parts);
      } catch (error) {
        takeBack();
        throw error;
      }
    },
    onSuccess: async () => {
      await Promise.all(touches.map((each) => queries.invalidateQueries({ queryKey: [each] })));
    },
  });
}
