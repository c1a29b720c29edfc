/** Owns the page of one document: where it came from, and the passages it is found by. */
import { type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { WebAddress } from '../../components/web-address.tsx';
import { When } from '../../components/when.tsx';
import { bytes, count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { kindWord } from './document-list.tsx';
import { TOUCHED } from './use-uploads.ts';

type Shown = Result<'GET /knowledge/{id}'>;

/** Passages that are drawn at once. */
const STEP = 50;

export function DocumentDetail({ id }: { readonly id: string }): ReactNode {
  const document = useRead('GET /knowledge/{id}', { params: { id } });
  return (
    <Loaded of={document}>
      {(shown) => (
        <>
          <Head document={shown} />
          <Facts document={shown} />
          <Passages passages={shown.passages} />
        </>
      )}
    </Loaded>
  );
}

function Head({ document: { id, title, source, provenance } }: { readonly document: Shown }): ReactNode {
  const { knowledge, words } = useTexts();
  const goTo = useNavigate();
  const [said, setSaid] = useState('');
  const actions = (
    <div className="actions">
      {provenance === 'web' ? (
        <ActionButton
          route="POST /knowledge"
          parts={{ body: { url: source } }}
          touches={[...TOUCHED, 'GET /knowledge/{id}']}
          onDone={({ outcome }) => setSaid(`${knowledge.rereadDone} (${knowledge.outcomes[outcome]})`)}
        >
          {knowledge.reread}
        </ActionButton>
      ) : null}
      <ActionButton
        route="DELETE /knowledge/{id}"
        parts={{ params: { id } }}
        touches={TOUCHED}
        question={knowledge.removeQuestion(title)}
        onDone={() => void goTo('/dashboard/knowledge')}
      >
        {words.remove}
      </ActionButton>
    </div>
  );
  return (
    <>
      <p>
        <Link to="/dashboard/knowledge">{knowledge.back}</Link>
      </p>
      <PageHead title={title} actions={actions} />
      <p role="status">{said}</p>
    </>
  );
}

function Facts({ document }: { readonly document: Shown }): ReactNode {
  const { knowledge, words } = useTexts();
  const { source, provenance, kind, chunks, state, created_at: created, updated_at: updated } = document;
  const rows: readonly (readonly [name: string, value: ReactNode])[] = [
    [knowledge.from, <WebAddress key="from" address={source} />],
    [knowledge.came, knowledge.provenances[provenance]],
    [words.kind, kindWord(knowledge.kinds, kind)],
    [words.size, bytes(document.bytes)],
    [knowledge.passages, count(chunks)],
    [
      words.state,
      <Badge key="state" tone={state === 'ready' ? 'good' : 'info'}>
        {knowledge.states[state]}
      </Badge>,
    ],
    [words.created, <When key="created" at={created} />],
    [words.updated, <When key="updated" at={updated} />],
  ];
  return (
    <section className="card">
      <dl className="knowledge-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Passages({ passages }: { readonly passages: Shown['passages'] }): ReactNode {
  const { knowledge } = useTexts();
  const [shown, setShown] = useState(STEP);
  return (
    <Section title={knowledge.pages}>
      {passages.length === 0 ? <Nothing /> : null}
      <ol className="knowledge-passages">
        {passages.slice(0, shown).map(({ place, heading, text }, at) => (
          <li key={at}>
            <p className="quiet">
              {place} {heading === '' || place.includes(heading) ? '' : heading}
            </p>
            <p className="plain">{text}</p>
          </li>
        ))}
      </ol>
      {passages.length > shown ? (
        <button type="button" onClick={() => setShown(shown + STEP)}>
          {knowledge.more} ({count(passages.length - shown)})
        </button>
      ) : null}
    </Section>
  );
}
