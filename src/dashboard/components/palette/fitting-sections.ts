/** Owns what of all there is stands in the palette, and in which order. Pure. */
import { type Entry, type Group, GROUPS } from './entry.ts';
import { fitOf } from './match.ts';

export interface Section {
  readonly name: Group | 'recent';
  readonly entries: readonly Entry[];
}

/** Of each group, while something is looked for. */
const MOST = 6;
/** Without a query. */
const SHOWN_AT_ONCE: readonly Group[] = ['actions', 'pages'];

/** Groups by their best entry, each from the best down; before anything is typed, what was chosen lately, actions and pages. */
export function fittingSections(
  entries: readonly Entry[],
  query: string,
  recents: readonly string[],
): readonly Section[] {
  if (query.trim() === '') return restingSections(entries, recents);
  const scored = entries
    .map((entry) => ({ entry, fit: entryFit(entry, query) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((a, b) => b.fit - a.fit);
  const sections = GROUPS.map((name) => {
    const own = scored.filter(({ entry }) => entry.group === name).slice(0, MOST);
    return { name, best: own[0]?.fit ?? 0, entries: own.map(({ entry }) => entry) };
  });
  return sections.filter(({ best }) => best > 0).toSorted((a, b) => b.best - a.best);
}

function restingSections(entries: readonly Entry[], recents: readonly string[]): readonly Section[] {
  const lately = recents.flatMap((id) => entries.find((entry) => entry.id === id) ?? []);
  const rest = SHOWN_AT_ONCE.map((name) => ({
    name,
    entries: entries.filter((entry) => entry.group === name && !lately.includes(entry)),
  }));
  return [{ name: 'recent', entries: lately } as const, ...rest].filter((section) => section.entries.length > 0);
}

/** What was found within a text stands behind what is called so. */
const FOUND_WITHIN = 5;

function entryFit({ label, detail, words = '', isFound }: Entry, query: string): number {
  if (isFound === true) return FOUND_WITHIN;
  const byName = fitOf(label, query);
  if (byName > 0) return byName;
  return (fitOf(`${label} ${words}`, query) || fitOf(`${label} ${words} ${detail ?? ''}`, query) / 2) * 0.6;
}
