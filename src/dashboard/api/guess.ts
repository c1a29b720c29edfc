/** Owns showing at once what a change will most likely come to, and taking it back when it did not. */
import type { QueryClient } from '@tanstack/react-query';
import type { Endpoint, Parts, Result } from './endpoints.ts';

/** What a change makes of the kept answers of a GET route; made by `guessOf`. */
export interface Guess<Name extends Endpoint> {
  readonly route: Endpoint;
  /** `answer` is what `route` answered. */
  readonly change: (answer: unknown, parts: Parts<Name>) => unknown;
}

/** Types a guess by the route it changes the answers of. */
export function guessOf<Name extends Endpoint, Read extends Endpoint & `GET ${string}`>(
  route: Read,
  change: (answer: Result<Read>, parts: Parts<Name>) => Result<Read>,
): Guess<Name> {
  return { route, change: (answer, parts) => change(answer, parts) };
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
    queries.setQueriesData({ queryKey: [route] }, (answer: unknown) =>
      answer === undefined ? undefined : change(answer, parts),
    );
  }
  return () => {
    for (const [key, answer] of before) {
      queries.setQueryData(key, answer);
      // It was true when it was kept; what is true now is asked for.
      void queries.invalidateQueries({ queryKey: key });
    }
  };
}
