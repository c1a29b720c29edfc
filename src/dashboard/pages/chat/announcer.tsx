/** Owns what is told to those who hear the page: that an answer is there, and how it begins; never its pieces. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTexts } from '../../language/use-texts.ts';
import { type LiveTurn, textOf } from './live-turn.ts';

const TOLD_CHARS = 300;

export function Announcer({ turns }: { readonly turns: readonly LiveTurn[] }): ReactNode {
  const { chat } = useTexts();
  const [told, setTold] = useState('');
  const known = useRef(new Set<string>());
  useEffect(() => {
    for (const turn of turns) {
      if (turn.state === 'sending' || turn.state === 'running' || known.current.has(turn.frameId)) continue;
      known.current.add(turn.frameId);
      setTold(turn.state === 'failed' ? chat.answerFailed : chat.answered(textOf(turn).slice(0, TOLD_CHARS)));
    }
  }, [turns, chat]);
  return (
    <p className="unseen" aria-live="polite">
      {told}
    </p>
  );
}
