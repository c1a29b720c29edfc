/** Owns the quiet word on whether the page hears of changes by itself. */
import type { ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { useSocketState } from '../live/live.tsx';
import './connection.css';

export function Connection(): ReactNode {
  const { live } = useTexts();
  const state = useSocketState();
  const shown = state === 'closed' ? 'connecting' : state;
  return <p className={`connection ${shown}`}>{live[shown]}</p>;
}
