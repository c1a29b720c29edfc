/** Owns how pages look that wait, failed or have nothing to show. */
import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ApiError } from '../api/client.ts';
import { useTexts } from '../language/use-texts.ts';

export function Loading(): ReactNode {
  const { state } = useTexts();
  return (
    <p className="quiet" role="status">
      {state.loading}
    </p>
  );
}

export function Failure({ error, onRetry }: { readonly error: ApiError; readonly onRetry?: () => void }): ReactNode {
  const { state } = useTexts();
  return (
    <div className="notice bad" role="alert">
      <p>{error.status === 0 ? state.unreachable : state.failed(error.message)}</p>
      {error.hint === undefined ? null : <p className="quiet">{error.hint}</p>}
      {onRetry === undefined ? null : (
        <button type="button" onClick={onRetry}>
          {state.retry}
        </button>
      )}
    </div>
  );
}

export function Nothing({ children }: { readonly children?: ReactNode }): ReactNode {
  const { state } = useTexts();
  return <p className="quiet empty">{children ?? state.nothing}</p>;
}

/** What a question to the API came to: its answer as `children` draws it, or how it stands. */
export function Loaded<Data>({
  of: query,
  isEmpty = Array.isArray,
  empty,
  children,
}: {
  readonly of: UseQueryResult<Data, ApiError>;
  /** Tells of an array whether it may be empty; a list without rows says so by itself. */
  readonly isEmpty?: (data: Data) => boolean;
  readonly empty?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}): ReactNode {
  if (query.data !== undefined) {
    const isBare = isEmpty(query.data) && Array.isArray(query.data) && query.data.length === 0;
    return isBare ? <Nothing>{empty}</Nothing> : children(query.data);
  }
  return query.error === null ? <Loading /> : <Failure error={query.error} onRetry={() => void query.refetch()} />;
}
