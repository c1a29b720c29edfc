/** Owns how the check of a source and the trials of its examples are told. */
import type { ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import type { Finding } from '../../components/source-view.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { wordOf } from './tool-words.ts';

export interface Trial {
  readonly input: unknown;
  readonly status: string;
  readonly result: string;
}

export function ToolFindings({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const { tools } = useTexts();
  if (findings.length === 0) return <p className="quiet">{tools.noFindings}</p>;
  return (
    <ul>
      {findings.map(({ rule, line, message }) => (
        <li key={`${line} ${rule} ${message}`}>
          <strong>{tools.line(line)}</strong> <VisibleText text={message} />
        </li>
      ))}
    </ul>
  );
}

export function ToolTrials({ trials }: { readonly trials: readonly Trial[] }): ReactNode {
  const { tools } = useTexts();
  if (trials.length === 0) return <p className="quiet">{tools.noTrials}</p>;
  return (
    <ul className="tools-trials">
      {trials.map(({ input, status, result }, at) => (
        <li key={at}>
          <Badge tone={status === 'ok' ? 'good' : status === 'refused' ? 'warn' : 'bad'}>
            {wordOf(tools.trialStates, status)}
          </Badge>
          <dl>
            <dt>{tools.given}</dt>
            <dd>
              <code>
                <VisibleText text={JSON.stringify(input)} />
              </code>
            </dd>
            <dt>{tools.came}</dt>
            <dd>
              <code>
                <VisibleText text={result} />
              </code>
            </dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}
