/** Owns the word that the server cannot be reached, for as long as that is so. */
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { useTexts } from '../language/use-texts.ts';

export function OfflineNotice(): ReactNode {
  const { shell } = useTexts();
  const queries = useQueryClient();
  // Draws again whenever a question begins or ends.
  useIsFetching();
  const isOffline = queries
    .getQueryCache()
    .getAll()
    .some((query) => query.isActive() && query.state.error instanceof ApiError && query.state.error.status === 0);
  return isOffline ? (
    <p className="notice bad" role="status">
      {shell.offline}
    </p>
  ) : null;
}
