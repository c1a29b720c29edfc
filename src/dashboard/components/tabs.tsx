/** Owns parts of a page of which one is seen at a time: which one stands in the address, so that a link and the way back lead to it. */
import { type ReactNode, useId } from 'react';
import { useSearchParams } from 'react-router';

export interface Tab {
  readonly id: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps {
  /** What the tabs are parts of, for those who hear it. */
  readonly label: string;
  readonly tabs: readonly Tab[];
}

export function Tabs({ label, tabs }: TabsProps): ReactNode {
  const [search, setSearch] = useSearchParams();
  const base = useId();
  const open = tabs.find(({ id }) => id === search.get('tab')) ?? tabs[0];
  const choose = (id: string): void => {
    const next = new URLSearchParams(search);
    next.set('tab', id);
    setSearch(next, { replace: true });
    document.getElementById(`${base}-${id}`)?.focus();
  };
  const onKey = (key: string): void => {
    const at = tabs.findIndex(({ id }) => id === open?.id);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next !== undefined) choose(next.id);
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={({ key }) => onKey(key)}>
        {tabs.map(({ id, label: name }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            aria-selected={id === open?.id}
            aria-controls={id === open?.id ? `${base}-panel` : undefined}
            tabIndex={id === open?.id ? 0 : -1}
            onClick={() => choose(id)}
          >
            {name}
          </button>
        ))}
      </div>
      <div id={`${base}-panel`} role="tabpanel" aria-labelledby={`${base}-${open?.id ?? ''}`}>
        {open?.content}
      </div>
    </>
  );
}
