/** Owns what is said of a turn below its answer: what it used and cost, why it ended early, and a way to try again. */
import type { ReactNode } from 'react';
import { count, money } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import type { PastTurn } from './use-history.ts';

interface TurnFootProps {
  readonly turn: PastTurn;
  /** It is the last of its conversation. */
  readonly isNewest: boolean;
  readonly onRetry: () => void;
}

export function TurnFoot({ turn, isNewest, onRetry }: TurnFootProps): ReactNode {
  const { chat, state } = useTexts();
  const may = useMay('user');
  const { error, stop_reason: reason, model } = turn;
  const isTroubled = error !== null || turn.state === 'abandoned' || turn.state === 'failed';
  const tokens = turn.input_tokens + turn.output_tokens;
  return (
    <div className="chat-foot">
      {isTroubled ? (
        <div className="notice bad">
          <p>{error === null ? chat.abandoned : state.failed(error.message)}</p>
          {isNewest && may ? (
            <button type="button" onClick={onRetry}>
              {state.retry}
            </button>
          ) : null}
        </div>
      ) : null}
      {!isTroubled && reason !== null && reason !== 'complete' ? (
        <p className="quiet">{stopWords(chat.stops, reason)}</p>
      ) : null}
      {tokens === 0 ? null : (
        <p className="quiet">
          <Usage tokens={tokens} costUsd={turn.cost_usd} model={model} />
        </p>
      )}
    </div>
  );
}

interface UsageProps {
  readonly tokens: number;
  /** Null when a price is unknown. */
  readonly costUsd: number | null;
  readonly model: string | undefined;
}

export function Usage({ tokens, costUsd, model }: UsageProps): ReactNode {
  const { chat } = useTexts();
  return (
    <>
      {chat.usage(count(tokens), costUsd === null ? chat.unpriced : money(costUsd))}
      {model === undefined ? null : <> · {model}</>}
    </>
  );
}

/** A reason by its words; one that is new here as it is. */
export function stopWords(words: Readonly<Record<string, string>>, reason: string): string {
  return words[reason] ?? reason;
}
