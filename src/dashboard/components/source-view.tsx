/** Owns how a source is read: lines with their numbers, what the check noticed at its line, nothing hidden, and copied as it is by one press. */
import { Fragment, type ReactNode, useState } from 'react';
import { useTexts } from '../language/use-texts.ts';
import './difference.css';
import { VisibleText } from './visible-text.tsx';

export interface Finding {
  readonly rule: string;
  readonly line: number;
  readonly message: string;
}

interface SourceViewProps {
  readonly label: string;
  readonly code: string;
  readonly findings?: readonly Finding[];
}

export function SourceView({ label, code, findings }: SourceViewProps): ReactNode {
  const { chat, difference } = useTexts();
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(code).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const lines = code.replace(/\r?\n$/, '').split(/\r?\n/);
  return (
    <figure className="source-view">
      <figcaption>
        <span>{label}</span> <span className="quiet">{difference.lines(lines.length)}</span>
        <button type="button" onClick={copy}>
          {isCopied ? chat.copied : chat.copy}
        </button>
      </figcaption>
      <div className="source-lines" tabIndex={0} role="region" aria-label={label}>
        <table>
          <caption className="unseen">{label}</caption>
          <tbody>
            {lines.map((text, at) => {
              const noticed = (findings ?? []).filter(({ line }) => line === at + 1);
              return (
                <Fragment key={at}>
                  <tr className={noticed.length > 0 ? 'source-noticed' : undefined}>
                    <td className="difference-at">{at + 1}</td>
                    <td>
                      <code>
                        <VisibleText text={text} />
                      </code>
                    </td>
                  </tr>
                  {noticed.map(({ rule, message }) => (
                    <tr key={rule + message} className="source-note">
                      <td />
                      <td>
                        <VisibleText text={message} />
                      </td>
                    </tr>
                  ))}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
