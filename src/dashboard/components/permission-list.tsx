/** Owns how the permissions of a tool look: a sentence each, those that give much marked, and what changed said as such. */
import type { ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { Icon } from './icon.tsx';
import { permissionChange, type PermissionWord, permissionWords } from './permission-words.ts';
import './permission-list.css';

interface PermissionListProps {
  readonly permissions: unknown;
  /** So many at most; the rest is a number. */
  readonly most?: number;
}

export function PermissionList({ permissions, most = Infinity }: PermissionListProps): ReactNode {
  const { permissions: words } = useTexts();
  const all = permissionWords(permissions, words);
  if (all.length === 0) return <span className="quiet">{most === Infinity ? words.none : words.noneShort}</span>;
  return (
    <ul className="permissions">
      {all.slice(0, most).map((word) => (
        <Permission key={word.text} word={word} />
      ))}
      {all.length > most ? <li className="quiet">{words.more(all.length - most)}</li> : null}
    </ul>
  );
}

interface PermissionDifferenceProps {
  readonly before: unknown;
  readonly after: unknown;
}

/** What it may more and less than before. */
export function PermissionDifference({ before, after }: PermissionDifferenceProps): ReactNode {
  const { permissions: words } = useTexts();
  const { added, removed, kept } = permissionChange(before, after, words);
  if (added.length + removed.length === 0) return <p className="quiet">{words.unchanged}</p>;
  return (
    <ul className="permissions">
      {added.map((word) => (
        <Permission key={word.text} word={word} change="added" />
      ))}
      {removed.map((word) => (
        <Permission key={word.text} word={word} change="removed" />
      ))}
      {kept.map((word) => (
        <Permission key={word.text} word={word} />
      ))}
    </ul>
  );
}

function Permission({
  word: { text, isWide },
  change,
}: {
  readonly word: PermissionWord;
  readonly change?: 'added' | 'removed';
}): ReactNode {
  const { permissions: words } = useTexts();
  return (
    <li className={change === undefined ? undefined : `permission-${change}`}>
      {change === undefined ? null : <strong>{words[change]} </strong>}
      {text}
      {isWide && change !== 'removed' ? (
        <span className="permission-wide">
          <Icon name="warning" />
          <span className="unseen">{words.wide}</span>
        </span>
      ) : null}
    </li>
  );
}
