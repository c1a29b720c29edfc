/** Owns what the assistant looked at to learn from, and what came of it. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';

const MOST = 200;

export function Learned(): ReactNode {
  const { memory, words } = useTexts();
  const passes = useRead('GET /memories/learned', { query: { limit: MOST } });
  return (
    <>
      <p className="quiet">{memory.learnedLead}</p>
      <Loaded of={passes} empty={memory.learnedNone}>
        {(rows) => (
          <Table
            caption={memory.learnedTab}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.when, cell: ({ created_at: at }) => <When at={at} /> },
              {
                title: memory.conversation,
                cell: ({ conversation_id: id }) => <Link to={`/dashboard/conversations/${id}`}>{id.slice(0, 8)}</Link>,
              },
              {
                title: words.state,
                cell: ({ state }) => (
                  <Badge tone={state === 'done' || state === 'learned' ? 'good' : 'quiet'}>
                    {memory.states[state]}
                  </Badge>
                ),
              },
              { title: memory.learnedTab, cell: ({ learned }) => memory.learnedCount(learned) },
              { title: words.reason, cell: ({ reason }) => <span className="quiet">{reason}</span> },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}
