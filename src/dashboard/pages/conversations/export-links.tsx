/** Owns the ways to take conversations along: a link for each form, which the browser saves. */
import type { ReactNode } from 'react';
import { useTexts } from '../../language/use-texts.ts';

const FORMATS = ['markdown', 'text', 'json'] as const;
/** Conversations that the API puts into one document. */
const MOST = 50;

type Exported = { readonly id: string } | { readonly ids: readonly string[] };

export function ExportLinks({ of: exported }: { readonly of: Exported }): ReactNode {
  const { conversations } = useTexts();
  const path =
    'id' in exported
      ? `/api/v1/conversations/${exported.id}/export?`
      : `/api/v1/conversations/export?ids=${exported.ids.slice(0, MOST).join(',')}&`;
  return (
    <details className="conversations-export">
      <summary className="button">{conversations.exportAs}</summary>
      <ul>
        {FORMATS.map((format) => (
          <li key={format}>
            <a href={`${path}format=${format}`} download>
              {conversations.formats[format]}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
