/** Owns what a search found in what was said: the places with their hits marked, each leading to its conversation. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { MarkedText } from '../../components/marked-text.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { useSearchState } from '../../components/use-search-state.ts';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';

const FIRST = 10;
const MOST = 100;
const DAY_MS = 86_400_000;

/** The instant at which a day (`2027-01-31`) is over; empty for none. */
export function endOfDay(day: string): string {
  const at = Date.parse(day);
  return Number.isNaN(at) ? '' : new Date(at + DAY_MS).toISOString();
}

export function SearchHits({ query }: { readonly query: string }): ReactNode {
  const { conversations } = useTexts();
  const [read, change] = useSearchState();
  const [limit, setLimit] = useState(FIRST);
  const who = (['user', 'assistant'] as const).find((each) => each === read('who'));
  const hits = useRead(
    'GET /search',
    {
      query: {
        query,
        limit,
        channel: read('origin'),
        tag: read('tag'),
        from: read('from'),
        to: endOfDay(read('to')),
        ...(who === undefined ? {} : { who }),
      },
    },
    { keepsLast: true },
  );
  const speaker = (
    <label className="field line">
      {conversations.who}
      <select value={who ?? ''} onChange={({ target }) => change({ who: target.value })}>
        <option value="">{conversations.anybody}</option>
        <option value="user">{conversations.byUser}</option>
        <option value="assistant">{conversations.byAssistant}</option>
      </select>
    </label>
  );
  return (
    <Section title={conversations.hits} actions={speaker}>
      <Loaded of={hits} empty={conversations.none}>
        {(rows) => (
          <ol className="conversations-hits">
            {rows.map(({ conversation_id: id, message, title, role, created_at: at, snippet }) => (
              <li key={`${id} ${message}`}>
                <Link to={`/dashboard/conversations/${id}`}>
                  <bdi>{conversations.titleOf(title)}</bdi>
                </Link>{' '}
                <Badge>{role === 'user' ? conversations.byUser : conversations.byAssistant}</Badge>{' '}
                <span className="quiet">
                  <When at={at} />
                </span>
                <p className="plain">
                  <MarkedText text={snippet} />
                </p>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
      {(hits.data?.length ?? 0) === limit && limit < MOST ? (
        <button type="button" onClick={() => setLimit(MOST)}>
          {conversations.more}
        </button>
      ) : null}
    </Section>
  );
}
