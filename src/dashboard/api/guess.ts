/** Owns showing at once what a change will most likely come to, and taking it back when it did not. */
import type { QueryClient } from '@tanstack/react-query';
import type { Endpoint, Parts, Result } from './endpoints.ts';

/** What a change makes of the kept answers of a GET route; made by `guessOf`. */
export interface Guess<Name extends Endpoint> {
  readonly route: Endpoint;
  readonly change: (answer: unknown, parts: Parts<Name>, askedFor: unknown) => unknown;
}

type Read = Endpoint & `GET ${string}`;

/** Types a guess by the route it changes the answers of; `askedFor` are the parts that an answer was asked by. */
export function guessOf<Name extends Endpoint, From extends Read>(
  route: From,
  change: (answer: Result<From>, parts: Parts<Name>, askedFor: Parts<From>) => Result<From>,
): Guess<Name> {
  // Answers are kept under their route and parts: `useRead`.
  return { route, change: (answer, parts, askedFor) => change(answer, parts, askedFor as Parts<From>) };
}

/** Shows the guesses and gives what takes them back. What is on its way is left aside: it was asked before. */
export async function showGuesses<Name extends Endpoint>(
  queries: QueryClient,
  guesses: readonly Guess<Name>[],
  parts: Parts<Name>,
): Promise<() => void> {
  await Promise.all(guesses.map(({ route }) => queries.cancelQueries({ queryKey: [route] })));
  const before = guesses.flatMap(({ route }) => queries.getQueriesData({ queryKey: [route] }));
  for (const { route, change } of guesses) {
    for (const [key, answer] of queries.getQueriesData({ queryKey: [route] })) {
      if (answer !== undefined) queries.setQueryData(key, change(answer, parts, key[1]));
    }
  }
  return () => {
    for (const [key, answer] of before) {
      queries.setQueryData(key, answer);
      // It was true when it was kept; what is true now is asked for.
      void queries.invalidateQueries({ queryKey: key });
    }
  };
}
