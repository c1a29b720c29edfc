/** Owns filters that stand in the address, so that a link and the way back lead to the same list. */
import { useSearchParams } from 'react-router';

/** What stands there by name (empty when nothing does), and a way to change some; that begins at the first page unless it names one. */
export function useSearchState(): readonly [
  read: (name: string) => string,
  change: (changes: Readonly<Record<string, string>>) => void,
] {
  const [search, setSearch] = useSearchParams();
  const change = (changes: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(search);
    next.delete('page');
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    setSearch(next, { replace: true });
  };
  return [(name) => search.get(name) ?? '', change];
}
