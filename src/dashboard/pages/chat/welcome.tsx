/** Owns what a conversation shows before its first word. */
import type { ReactNode } from 'react';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';

export function Welcome(): ReactNode {
  const { chat } = useTexts();
  const may = useMay('user');
  return (
    <div className="chat-welcome">
      <h2>{chat.welcome}</h2>
      <p className="quiet">{may ? chat.empty : chat.readsOnly}</p>
      {may ? <p className="quiet">{chat.welcomeMore}</p> : null}
    </div>
  );
}
