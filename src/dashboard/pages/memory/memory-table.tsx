/** Owns the rows of memories: what is remembered, why and for how long, and what can be done about it. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import type { Said } from './said.ts';
import { EditMemory, type MemoryRow } from './memory-form.tsx';
import { MemoryHistory } from './memory-history.tsx';
import { TOUCHED } from './touched.ts';

interface MemoryTableProps {
  readonly rows: readonly MemoryRow[];
  readonly room: string;
  readonly state: 'active' | 'archived';
  readonly onSaid: (said: Said) => void;
}

export function MemoryTable({ rows, room, state, onSaid }: MemoryTableProps): ReactNode {
  const { nav, memory, words } = useTexts();
  const acts = (row: MemoryRow): ReactNode =>
    state === 'active' ? (
      <InUse row={row} room={room} onSaid={onSaid} />
    ) : (
      <Removed row={row} room={room} onSaid={onSaid} />
    );
  const columns: readonly Column<MemoryRow>[] = [
    {
      title: memory.key,
      cell: ({ key, category }) => (
        <>
          <strong>
            <bdi>{key}</bdi>
          </strong>
          <br />
          <span className="quiet">{memory.categories[category]}</span>
        </>
      ),
    },
    { title: words.value, cell: (row) => <Value row={row} /> },
    {
      title: memory.importance,
      cell: ({ importance }) => <Badge tone={importance > 3 ? 'info' : 'quiet'}>{memory.levels[importance]}</Badge>,
    },
    { title: words.expires, cell: ({ expires_at: at }) => (at === null ? words.never : <When at={at} />) },
    {
      title: state === 'active' ? words.updated : memory.archived,
      cell: (row) => <Since row={row} />,
    },
    { title: words.actions, cell: (row) => <div className="actions">{acts(row)}</div> },
  ];
  return <Table caption={nav.memory} rows={rows} keyOf={({ id }) => id} columns={columns} />;
}

function Value({ row: { value, why, conversation_id: conversation, score } }: { readonly row: MemoryRow }): ReactNode {
  const { memory } = useTexts();
  return (
    <div className="memory-value">
      {value}
      <br />
      <span className="quiet">
        {why}
        {score === null ? null : (
          <>
            {' '}
            · {memory.score} {score.toFixed(2)}
          </>
        )}
      </span>{' '}
      {conversation === null ? null : <Link to={`/dashboard/conversations/${conversation}`}>{memory.source}</Link>}
    </div>
  );
}

function Since({ row: { state, reason, updated_at: updated, archived_at: archived } }: { readonly row: MemoryRow }) {
  const { memory } = useTexts();
  const at = state === 'active' ? updated : archived;
  const words: Readonly<Record<string, string>> = memory.reasons;
  return (
    <>
      {at === null ? null : <When at={at} />}
      {reason === null ? null : (
        <>
          <br />
          <span className="quiet">{words[reason] ?? reason}</span>
        </>
      )}
    </>
  );
}

interface ActProps {
  readonly row: MemoryRow;
  readonly room: string;
  readonly onSaid: (said: Said) => void;
}

const whose = (room: string): { readonly room?: string } => (room === '' ? {} : { room });

function InUse({ row, room, onSaid }: ActProps): ReactNode {
  const { memory, words } = useTexts();
  const { id, key } = row;
  return (
    <>
      <MemoryHistory id={id} name={key} room={room} />
      <EditMemory row={row} room={room} onSaid={(text) => onSaid({ text })} />
      <ActionButton
        route="DELETE /memories/{id}"
        parts={{ params: { id }, query: whose(room) }}
        touches={TOUCHED}
        question={memory.removeQuestion(key)}
        onDone={() => onSaid({ text: memory.removed(key), undo: { id, key } })}
      >
        {words.remove}
      </ActionButton>
    </>
  );
}

function Removed({ row: { id, key }, room, onSaid }: ActProps): ReactNode {
  const { memory } = useTexts();
  return (
    <>
      <MemoryHistory id={id} name={key} room={room} />
      <ActionButton
        route="DELETE /memories/{id}"
        parts={{ params: { id }, query: { ...whose(room), erase: 'true' } }}
        touches={TOUCHED}
        question={memory.eraseQuestion(key)}
        onDone={() => onSaid({ text: memory.erased(key) })}
      >
        {memory.erase}
      </ActionButton>
      <ActionButton
        route="POST /memories/{id}/restore"
        parts={{ params: { id }, query: whose(room) }}
        touches={TOUCHED}
        onDone={() => onSaid({ text: memory.restored(key) })}
      >
        {memory.restore}
      </ActionButton>
    </>
  );
}
