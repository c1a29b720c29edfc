/** Owns trying a question: the passages it finds, best first, each with its place, its score and what that is made of. */
import { type ReactNode, useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';

type Hit = Result<'GET /knowledge/search'>[number];

const WAYS = ['user', 'file', 'web'] as const;
const MOST = 10;

export function SearchPreview({ hasDocuments }: { readonly hasDocuments: boolean }): ReactNode {
  const { knowledge, words } = useTexts();
  const [question, setQuestion] = useState('');
  const [way, setWay] = useState('');
  const asked = useDeferredValue(question.trim());
  const provenance = WAYS.find((each) => each === way);
  const hits = useRead(
    'GET /knowledge/search',
    { query: { q: asked, limit: MOST, ...(provenance === undefined ? {} : { provenance }) } },
    { isEnabled: asked !== '', keepsLast: true },
  );
  return (
    <Section title={knowledge.preview}>
      <div className="bar knowledge-search" role="search">
        <label className="field">
          {knowledge.question}
          <input type="search" value={question} onChange={({ target }) => setQuestion(target.value)} />
        </label>
        <label className="field">
          {knowledge.came}
          <select value={way} onChange={({ target }) => setWay(target.value)}>
            <option value="">{words.all}</option>
            {WAYS.map((each) => (
              <option key={each} value={each}>
                {knowledge.provenances[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {asked === '' && hasDocuments ? (
        <p className="quiet knowledge-examples">
          {knowledge.examples}{' '}
          {knowledge.exampleQuestions.map((example) => (
            <button key={example} type="button" onClick={() => setQuestion(example)}>
              {example}
            </button>
          ))}
        </p>
      ) : null}
      {asked === '' ? null : (
        <Loaded of={hits} empty={knowledge.noHits}>
          {(rows) => (
            <ol className="knowledge-hits">
              {rows.map((hit) => (
                <HitRow key={`${hit.id} ${hit.place} ${hit.text.slice(0, 40)}`} hit={hit} />
              ))}
            </ol>
          )}
        </Loaded>
      )}
    </Section>
  );
}

function HitRow({ hit: { id, title, place, text, score, words, meaning } }: { readonly hit: Hit }): ReactNode {
  const { knowledge } = useTexts();
  const part = (name: string, value: number | null): string =>
    `${name} ${value === null ? knowledge.notFoundBy : value.toFixed(3)}`;
  return (
    <li>
      <div className="knowledge-hit-head">
        <Link to={`/dashboard/knowledge/${encodeURIComponent(id)}`}>
          <bdi>{title}</bdi>
        </Link>
        <span className="quiet">{place}</span>
        <span className="knowledge-score">
          <meter min={0} max={1} value={score} aria-label={knowledge.score} /> {score.toFixed(3)}{' '}
          <span className="quiet">
            ({part(knowledge.byWords, words)}
            {meaning === null && words === score ? null : `, ${part(knowledge.byMeaning, meaning)}`})
          </span>
        </span>
      </div>
      <p className="plain">{text}</p>
    </li>
  );
}
