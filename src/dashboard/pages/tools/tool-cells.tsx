/** Owns how the state of a tool and what it did lately are told. */
import type { ReactNode } from 'react';
import type { Result } from '../../api/client.ts';
import { Badge } from '../../components/badge.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { When } from '../../components/when.tsx';
import { count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { toneOf, wordOf } from './tool-words.ts';

type Use = Result<'GET /tool-use'>[number];

export function ToolState({ state, reason }: { readonly state: string; readonly reason: string | null }): ReactNode {
  const { tools } = useTexts();
  const isPlain = state === 'active' || reason === null;
  return (
    <>
      <Badge tone={toneOf(state)}>{wordOf(tools.states, state)}</Badge>
      {isPlain ? null : (
        <p className="tools-about">
          <VisibleText text={reason} />
        </p>
      )}
    </>
  );
}

export function UseCell({ use }: { readonly use: Omit<Use, 'name'> | undefined }): ReactNode {
  const { tools } = useTexts();
  if (use === undefined || use.calls === 0) return <span className="quiet">{tools.unused}</span>;
  return (
    <>
      <span className={use.failures > 0 ? 'bad-text' : undefined}>{tools.calls(count(use.calls), use.failures)}</span>
      <p className="tools-about">
        {use.mean_ms === null ? null : `${tools.meanTime(count(use.mean_ms))} · `}
        {use.last_at === null ? null : <When at={use.last_at} />}
      </p>
    </>
  );
}
