/** Owns how a state is told in a list: a word on a colour, which never says more than the word. */
import type { ReactNode } from 'react';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

interface BadgeProps {
  readonly tone?: Tone;
  readonly children: ReactNode;
}

export function Badge({ tone = 'quiet', children }: BadgeProps): ReactNode {
  return <span className={`badge ${tone}`}>{children}</span>;
}
