/** Owns the page of what was said: found by words and filters, tagged, with all that happened to each message, and what could not be delivered. */
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useMay } from '../session-gate.tsx';
import { useTexts } from '../language/use-texts.ts';

type Found = Result<'GET /search'>[number];
const TOUCHED = ['GET /conversations', 'GET /conversations/{id}/tags', 'GET /tags'] as const;

export function Conversations(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <ConversationList /> : <Story key={id} id={id} />;
}

function ConversationList(): ReactNode {
  const isAdmin = useMay('admin');
  const { nav, conversations, words } = useTexts();
  const [query, setQuery] = useState('');
  const list = useRead('GET /conversations', { query: { limit: 100 } });
  return (
    <>
      <div className="bar">
        <h1>{nav.conversations}</h1>
        <label className="field">
          {conversations.find}
          <input type="search" value={query} onChange={({ target }) => setQuery(target.value)} />
        </label>
      </div>
      {query.trim() === '' ? null : <SearchHits query={query} />}
      <Loaded of={list}>
        {(rows) => (
          <Table
            caption={nav.conversations}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.title, cell: ({ id, title }) => <Link to={`/dashboard/chat/${id}`}>{title || id}</Link> },
              { title: words.source, cell: ({ origin }) => origin },
              { title: conversations.messages, cell: ({ messages }) => messages, isNumber: true },
              { title: words.updated, cell: ({ updated_at: at }) => instant(at) },
              {
                title: words.actions,
                cell: ({ id }) => (
                  <div className="actions">
                    <Link className="button" to={`/dashboard/conversations/${id}`}>
                      {conversations.story}
                    </Link>
                    <ActionButton
                      route="DELETE /conversations/{id}"
                      parts={{ params: { id } }}
                      touches={TOUCHED}
                      question={conversations.removeQuestion}
                    >
                      {conversations.remove}
                    </ActionButton>
                  </div>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {isAdmin ? <DeadLetters /> : null}
    </>
  );
}

function SearchHits({ query }: { readonly query: string }): ReactNode {
  const { conversations } = useTexts();
  const hits = useRead('GET /search', { query: { query, limit: 20 } });
  return (
    <section>
      <Loaded of={hits} empty={conversations.none}>
        {(rows) => (
          <ol>
            {rows.map((hit) => (
              <Hit key={`${hit.conversation_id} ${hit.message}`} hit={hit} />
            ))}
          </ol>
        )}
      </Loaded>
    </section>
  );
}

function Hit({ hit: { conversation_id: id, title, snippet, created_at: at } }: { readonly hit: Found }): ReactNode {
  return (
    <li>
      <Link to={`/dashboard/chat/${id}`}>{title || id}</Link> <time className="quiet">{instant(at)}</time>
      <p className="plain">{snippet}</p>
    </li>
  );
}

function Story({ id }: { readonly id: string }): ReactNode {
  const { conversations } = useTexts();
  const story = useRead('GET /conversations/{id}/story', { params: { id }, query: {} });
  return (
    <>
      <div className="bar">
        <h1>{conversations.story}</h1>
        <Link className="button" to={`/dashboard/chat/${id}`}>
          {conversations.open}
        </Link>
      </div>
      <Tags id={id} />
      <Loaded of={story}>
        {({ turns, messages, ...rest }) => (
          <>
            <Rows title={conversations.messages} rows={messages} />
            <Rows title={conversations.story} rows={turns} />
            <pre tabIndex={0}>{JSON.stringify(rest, null, 2)}</pre>
          </>
        )}
      </Loaded>
    </>
  );
}

function Rows({ title, rows }: { readonly title: string; readonly rows: readonly unknown[] }): ReactNode {
  return (
    <details>
      <summary>
        {title} ({rows.length})
      </summary>
      {rows.map((row, at) => (
        <pre key={at} tabIndex={0}>
          {JSON.stringify(row, null, 2)}
        </pre>
      ))}
    </details>
  );
}

function Tags({ id }: { readonly id: string }): ReactNode {
  const { conversations, words } = useTexts();
  const tags = useRead('GET /conversations/{id}/tags', { params: { id } });
  return (
    <section className="bar">
      <h2>{conversations.tags}</h2>
      {tags.data?.map((tag) => (
        <span key={tag}>
          <code>{tag}</code>{' '}
          <ActionButton route="DELETE /conversations/{id}/tags/{tag}" parts={{ params: { id, tag } }} touches={TOUCHED}>
            {words.remove}
          </ActionButton>
        </span>
      ))}
      <FormDialog
        title={conversations.tags}
        fields={[{ name: 'tag', label: words.name, isRequired: true }]}
        route="PUT /conversations/{id}/tags/{tag}"
        toParts={(typed) => ({ params: { id, tag: typed('tag') } })}
        touches={TOUCHED}
      />
    </section>
  );
}

function DeadLetters(): ReactNode {
  const { conversations, words } = useTexts();
  const letters = useRead('GET /dead-letters', { query: { limit: 50 } });
  return (
    <section>
      <h2>{conversations.failed}</h2>
      <Loaded of={letters}>
        {(rows) => (
          <Table
            caption={conversations.failed}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.when, cell: ({ at }) => instant(at) },
              { title: words.id, cell: ({ chat_id: chat }) => <code>{chat}</code> },
              { title: words.state, cell: ({ state }) => state },
              { title: words.reason, cell: ({ reason }) => reason ?? '' },
              {
                title: words.actions,
                cell: ({ id }) => (
                  <ActionButton
                    route="POST /dead-letters/{id}/resend"
                    parts={{ params: { id } }}
                    touches={['GET /dead-letters']}
                  >
                    {conversations.resend}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
