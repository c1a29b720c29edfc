/** Owns the page of what the assistant remembers: each with why it is there, what was archived, and a way to forget. */
import { type ReactNode, useState } from 'react';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

const CATEGORIES = ['user_info', 'preferences', 'facts', 'notes', 'reminders'] as const;
const TOUCHED = ['GET /memories'] as const;

export function Memory(): ReactNode {
  const { nav, memory, words } = useTexts();
  const [query, setQuery] = useState('');
  const [state, setState] = useState<'active' | 'archived'>('active');
  const list = useRead('GET /memories', { query: { state, limit: 200, ...(query === '' ? {} : { query }) } });
  return (
    <>
      <div className="bar">
        <h1>{nav.memory}</h1>
        <label className="field">
          {words.search}
          <input type="search" value={query} onChange={({ target }) => setQuery(target.value)} />
        </label>
        <label className="field">
          {words.state}
          <select
            value={state}
            onChange={({ target }) => setState(target.value === 'archived' ? 'archived' : 'active')}
          >
            <option value="active">{memory.active}</option>
            <option value="archived">{memory.archived}</option>
          </select>
        </label>
        <NewMemory />
      </div>
      <Loaded of={list}>
        {(rows) => (
          <Table
            caption={nav.memory}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: memory.category, cell: ({ category }) => category },
              { title: memory.key, cell: ({ key }) => key },
              { title: words.value, cell: ({ value }) => value },
              { title: memory.importance, cell: ({ importance }) => importance, isNumber: true },
              { title: memory.why, cell: ({ why }) => <span className="quiet">{why}</span> },
              { title: words.updated, cell: ({ updated_at: at }) => (at === null ? '' : instant(at)) },
              {
                title: words.actions,
                cell: ({ id }) =>
                  state === 'active' ? (
                    <ActionButton
                      route="DELETE /memories/{id}"
                      parts={{ params: { id }, query: {} }}
                      touches={TOUCHED}
                      question={memory.removeQuestion}
                    >
                      {words.remove}
                    </ActionButton>
                  ) : (
                    <ActionButton
                      route="POST /memories/{id}/restore"
                      parts={{ params: { id }, query: {} }}
                      touches={TOUCHED}
                    >
                      {memory.restore}
                    </ActionButton>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

function NewMemory(): ReactNode {
  const { memory, words } = useTexts();
  return (
    <FormDialog
      title={memory.add}
      isMain
      fields={[
        { name: 'category', label: memory.category, kind: 'select', options: CATEGORIES },
        { name: 'key', label: memory.key, isRequired: true },
        { name: 'value', label: words.value, kind: 'textarea', isRequired: true },
        { name: 'importance', label: memory.importance, kind: 'number', value: '3' },
      ]}
      route="POST /memories"
      toParts={(typed) => ({
        query: {},
        body: {
          category: CATEGORIES.find((each) => each === typed('category')) ?? 'facts',
          key: typed('key'),
          value: typed('value'),
          importance: Number(typed('importance')),
        },
      })}
      touches={TOUCHED}
    />
  );
}
