/** Owns the acts of this conversation that wait for a yes and were asked for elsewhere, or before the page was loaded. */
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { ApprovalQuestion } from './approval-question.tsx';
import type { LiveTurn } from './live-turn.ts';

interface PendingProps {
  readonly conversationId: string;
  readonly turns: readonly LiveTurn[];
}

export function PendingApprovals({ conversationId, turns }: PendingProps): ReactNode {
  const pending = useRead('GET /approvals', { query: {} });
  const shown = new Set(
    turns.flatMap(({ pieces }) => pieces.flatMap((piece) => (piece.kind === 'question' ? [piece.approvalId] : []))),
  );
  const rows = (pending.data ?? []).filter((row) => row.conversation_id === conversationId && !shown.has(row.id));
  return rows.map(({ id, act, reason, expires_at: expiresAt }) => (
    <ApprovalQuestion key={id} id={id} act={act} reason={reason} expiresAt={expiresAt} isOver={false} />
  ));
}
