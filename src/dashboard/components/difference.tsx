/** Owns how the difference of two texts looks: what went and what came by sign, word and colour, what stayed the same folded away. */
import { Fragment, type ReactNode, useMemo, useState } from 'react';
import { useTexts } from '../language/use-texts.ts';
import './difference.css';
import { type DifferenceLine, foldSame, lineDifference } from './line-difference.ts';
import { VisibleText } from './visible-text.tsx';

interface DifferenceProps {
  /** What is compared, for those who hear it. */
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

export function Difference({ label, before, after }: DifferenceProps): ReactNode {
  const { difference } = useTexts();
  const lines = useMemo(() => lineDifference(before, after), [before, after]);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const count = (kind: DifferenceLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  if (lines.every(({ kind }) => kind === 'same')) return <p className="quiet">{difference.same}</p>;
  return (
    <figure className="difference">
      <figcaption>
        <span className="difference-added">{difference.added(count('added'))}</span>{' '}
        <span className="difference-removed">{difference.removed(count('removed'))}</span>
      </figcaption>
      <div className="difference-lines" tabIndex={0} role="region" aria-label={label}>
        <table>
          <caption className="unseen">{label}</caption>
          <tbody>
            {foldSame(lines).map((part, at) =>
              part.kind === 'lines' || opened.has(at) ? (
                <Fragment key={at}>
                  {part.lines.map((line, place) => (
                    <Line key={place} line={line} />
                  ))}
                </Fragment>
              ) : (
                <tr key={at} className="difference-fold">
                  <td colSpan={4}>
                    <button type="button" className="plain-button" onClick={() => setOpened(new Set([...opened, at]))}>
                      {difference.unfold(part.lines.length)}
                    </button>
                  </td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

const SIGNS = { same: ' ', added: '+', removed: '−' } as const;

function Line({ line: { kind, text, before, after } }: { readonly line: DifferenceLine }): ReactNode {
  const { difference } = useTexts();
  return (
    <tr className={`difference-${kind}`}>
      <td className="difference-at">{before}</td>
      <td className="difference-at">{after}</td>
      <td className="difference-sign">
        <span aria-hidden="true">{SIGNS[kind]}</span>
        {kind === 'same' ? null : <span className="unseen">{difference[kind === 'added' ? 'came' : 'went']}</span>}
      </td>
      <td>
        <code>
          <VisibleText text={text} />
        </code>
      </td>
    </tr>
  );
}
