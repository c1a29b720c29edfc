/** Owns what limits the list of conversations: words, channel, tag, time, order. All of it stands in the address. */
import { type ReactNode, useEffect, useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import { useTexts } from '../../language/use-texts.ts';

const FILTERS = ['q', 'origin', 'tag', 'from', 'to', 'who'] as const;
/** Milliseconds after the last key until the server is asked. */
const PAUSE_MS = 250;

/** Whether the list is a part of all. */
export function isFiltered(read: (name: string) => string): boolean {
  return FILTERS.some((name) => read(name) !== '');
}

export function ConversationFilters(): ReactNode {
  const { conversations, words } = useTexts();
  const [read, change] = useSearchState();
  const origins = useRead('GET /conversations/count', { query: {} });
  const tags = useRead('GET /tags', {});
  const choices = [
    {
      name: 'origin',
      label: conversations.channel,
      options: [['', words.all], ...(origins.data?.origins ?? []).map(({ origin }) => [origin, origin])],
    },
    {
      name: 'tag',
      label: conversations.tag,
      options: [['', words.all], ...(tags.data ?? []).map(({ tag, conversations: n }) => [tag, `${tag} (${n})`])],
    },
    {
      name: 'sort',
      label: conversations.sort,
      options: Object.entries(conversations.sorts).map(([value, label]) => [value === 'updated' ? '' : value, label]),
    },
  ];
  return (
    <div className="bar conversations-filters" role="search">
      <Find />
      {choices.map(({ name, label, options }) => (
        <label key={name} className="field">
          {label}
          <select value={read(name)} onChange={({ target }) => change({ [name]: target.value })}>
            {options.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label className="field">
        {conversations.from}
        <input type="date" value={read('from')} onChange={({ target }) => change({ from: target.value })} />
      </label>
      <label className="field">
        {conversations.to}
        <input type="date" value={read('to')} onChange={({ target }) => change({ to: target.value })} />
      </label>
      {isFiltered(read) ? (
        <button type="button" onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, ''])))}>
          {conversations.clear}
        </button>
      ) : null}
    </div>
  );
}

/** What is typed is searched when the typing pauses. */
function Find(): ReactNode {
  const { conversations } = useTexts();
  const [read, change] = useSearchState();
  const asked = read('q');
  const [typed, setTyped] = useState(asked);
  const [known, setKnown] = useState(asked);
  if (asked !== known) {
    setKnown(asked);
    setTyped(asked);
  }
  useEffect(() => {
    if (typed === asked) return;
    const timer = window.setTimeout(() => change({ q: typed }), PAUSE_MS);
    return () => window.clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return (
    <label className="field conversations-find">
      {conversations.find}
      <input
        type="search"
        value={typed}
        placeholder={conversations.findHint}
        onChange={({ target }) => setTyped(target.value)}
      />
    </label>
  );
}
