/** Owns the page of documents: added as text, as files or from the web, searched with places and scores, shown by their passages. */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { ApiError, sendFile } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Failure, Loaded, Nothing } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { bytes, instant } from '../format.ts';
import { useMay } from '../session-gate.tsx';
import { useTexts } from '../language/use-texts.ts';

const TOUCHED = ['GET /knowledge', 'GET /knowledge/stats', 'GET /knowledge/search'] as const;

export function Knowledge(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <Documents /> : <Passages key={id} id={id} />;
}

function Documents(): ReactNode {
  const may = useMay('user');
  const { nav, knowledge, words } = useTexts();
  const list = useRead('GET /knowledge', { query: { limit: 200 } });
  return (
    <>
      <div className="bar">
        <h1>{nav.knowledge}</h1>
        {may ? <Upload /> : null}
        <AddText />
        <AddUrl />
      </div>
      <SearchPreview />
      <Loaded of={list}>
        {(rows) => (
          <Table
            caption={nav.knowledge}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: words.title,
                cell: ({ id, title }) => <Link to={`/dashboard/knowledge/${encodeURIComponent(id)}`}>{title}</Link>,
              },
              { title: words.kind, cell: ({ kind }) => kind },
              { title: words.size, cell: (row) => bytes(row.bytes), isNumber: true },
              { title: knowledge.passages, cell: ({ chunks }) => chunks, isNumber: true },
              { title: words.state, cell: ({ state }) => state },
              { title: words.updated, cell: ({ updated_at: at }) => instant(at) },
              {
                title: words.actions,
                cell: ({ id }) => (
                  <ActionButton
                    route="DELETE /knowledge/{id}"
                    parts={{ params: { id } }}
                    touches={TOUCHED}
                    question={knowledge.removeQuestion}
                  >
                    {words.remove}
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

interface Progress {
  readonly done: number;
  readonly of: number;
  readonly failures: readonly ApiError[];
}

/** One file after the other; one that fails is named and does not stop the rest. */
function Upload(): ReactNode {
  const { knowledge } = useTexts();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const add = async (files: readonly File[]): Promise<void> => {
    let done = 0;
    const failures: ApiError[] = [];
    const tell = (): void => setProgress({ done, of: files.length, failures: [...failures] });
    tell();
    for (const file of files) {
      try {
        await sendFile('/knowledge/files', { name: file.name }, file);
        done += 1;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        failures.push(error);
      }
      tell();
    }
    await Promise.all(TOUCHED.map((each) => queries.invalidateQueries({ queryKey: [each] })));
  };
  return (
    <div className="field">
      <label className="button">
        {knowledge.upload}
        <input
          type="file"
          multiple
          className="unseen"
          onChange={({ target }) => {
            void add([...(target.files ?? [])]);
            target.value = '';
          }}
        />
      </label>
      {progress === undefined ? null : (
        <output>
          <progress value={progress.done + progress.failures.length} max={progress.of} aria-label={knowledge.upload} />{' '}
          {knowledge.uploaded(progress.done, progress.of)}
        </output>
      )}
      {progress?.failures.map((error, at) => (
        <Failure key={at} error={error} />
      ))}
    </div>
  );
}

function AddText(): ReactNode {
  const { knowledge, words } = useTexts();
  return (
    <FormDialog
      title={knowledge.add}
      fields={[
        { name: 'title', label: words.title, isRequired: true },
        { name: 'content', label: words.text, kind: 'textarea', isRequired: true },
      ]}
      route="POST /knowledge"
      toParts={(typed) => ({ body: { title: typed('title'), content: typed('content') } })}
      touches={TOUCHED}
    />
  );
}

function AddUrl(): ReactNode {
  const { knowledge } = useTexts();
  return (
    <FormDialog
      title={knowledge.addUrl}
      fields={[{ name: 'url', label: knowledge.url, isRequired: true, hint: 'https://example.com/page' }]}
      route="POST /knowledge"
      toParts={(typed) => ({ body: { url: typed('url') } })}
      touches={TOUCHED}
    />
  );
}

function SearchPreview(): ReactNode {
  const { knowledge, conversations } = useTexts();
  const [question, setQuestion] = useState('');
  const hits = useRead(
    'GET /knowledge/search',
    { query: { q: question, limit: 10 } },
    { isEnabled: question.trim() !== '' },
  );
  return (
    <section>
      <label className="field">
        {knowledge.question}
        <input type="search" value={question} onChange={({ target }) => setQuestion(target.value)} />
      </label>
      {question.trim() === '' ? null : (
        <Loaded of={hits} empty={conversations.none}>
          {(rows) => (
            <ol>
              {rows.map(({ id, title, place, text, score }) => (
                <li key={`${id} ${place}`}>
                  <strong>{title}</strong>, {place}{' '}
                  <span className="quiet">
                    {knowledge.score} {score.toFixed(3)}
                  </span>
                  <p className="plain">{text}</p>
                </li>
              ))}
            </ol>
          )}
        </Loaded>
      )}
    </section>
  );
}

function Passages({ id }: { readonly id: string }): ReactNode {
  const { knowledge } = useTexts();
  const document = useRead('GET /knowledge/{id}', { params: { id } });
  return (
    <Loaded of={document}>
      {({ title, source, passages }) => (
        <>
          <h1>{title}</h1>
          <p className="quiet">{source}</p>
          <h2>{knowledge.passages}</h2>
          {passages.length === 0 ? <Nothing /> : null}
          {passages.map(({ place, heading, text }, at) => (
            <article key={at} className="card">
              <p className="quiet">
                {place} {heading}
              </p>
              <p className="plain">{text}</p>
            </article>
          ))}
        </>
      )}
    </Loaded>
  );
}
