/** Owns the word that the server cannot be reached, for as long as that is so. */
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { useTexts } from '../language/use-texts.ts';
import { useSocketState } from '../live/live.tsx';

export function OfflineNotice(): ReactNode {
  const { shell } = useTexts();
  const isUnreachable = useSocketState() === 'unreachable';
  const hasFailed = useHasFailed();
  return isUnreachable || hasFailed ? (
    <p className="notice bad" role="status">
      {shell.offline}
    </p>
  ) : null;
}

/** What the page asked for last was not answered at all. */
function useHasFailed(): boolean {
  const queries = useQueryClient();
  // Draws again whenever a question begins or ends.
  useIsFetching();
  return queries
    .getQueryCache()
    .getAll()
    .some((query) => query.isActive() && query.state.error instanceof ApiError && query.state.error.status === 0);
}
