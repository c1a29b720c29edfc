/** Owns the folders that the server keeps in step with the documents; they are chosen on the machine itself. */
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';

export function Folders(): ReactNode {
  const { knowledge, words } = useTexts();
  const folders = useRead('GET /knowledge/folders', {});
  return (
    <Section title={knowledge.folders}>
      <p className="quiet">
        {knowledge.foldersHint} <code>claw knowledge add ~/notes --watch</code>
      </p>
      <Loaded of={folders} empty={knowledge.noFolders}>
        {(rows) => (
          <ul>
            {rows.map(({ id, path, checked_at: at }) => (
              <li key={id}>
                <code>{path}</code>{' '}
                <span className="quiet">
                  {knowledge.checked}: {at === null ? words.never : <When at={at} />}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}
