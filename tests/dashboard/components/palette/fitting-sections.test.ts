import { expect, test } from 'vitest';
import type { Entry, Group } from '../../../../src/dashboard/components/palette/entry.ts';
import { fittingSections } from '../../../../src/dashboard/components/palette/fitting-sections.ts';

const entry = (group: Group, label: string, more: Partial<Entry> = {}): Entry => {
  return { id: `${group} ${label}`, group, label, act: () => {}, ...more };
};
const shown = (entries: readonly Entry[], query: string, recents: readonly string[] = []): readonly string[] =>
  fittingSections(entries, query, recents).flatMap((section) => [
    `# ${section.name}`,
    ...section.entries.map(({ label }) => label),
  ]);

const ALL = [
  entry('pages', '설정', { words: 'settings' }),
  entry('pages', 'Tools'),
  entry('actions', 'New task'),
  entry('tools', 'dice', { detail: 'rolls for settings of a game' }),
  entry('settings', 'SETTINGS_FILE'),
  entry('conversations', 'what was said of settings', { isFound: true }),
];

test('before anything is typed there are actions and pages, and first what was chosen lately', () => {
  expect(shown(ALL, '', ['tools dice', 'gone', 'pages Tools'])).toEqual([
    '# recent',
    'dice',
    'Tools',
    '# actions',
    'New task',
    '# pages',
    '설정',
  ]);
});

test('groups stand in the order of their best, a name before a description, what was found within at the end', () => {
  expect(shown(ALL, 'settings').filter((each) => each.startsWith('#'))).toEqual([
    '# settings',
    '# pages',
    '# tools',
    '# conversations',
  ]);
});

test('of one group no more than a few are shown, the best of them', () => {
  const many = Array.from({ length: 40 }, (_, number) => entry('tools', `tool number ${number}`));
  const found = shown([...many, entry('tools', 'number')], 'number');
  expect(found.slice(0, 2)).toEqual(['# tools', 'number']);
  expect(found).toHaveLength(7);
});
