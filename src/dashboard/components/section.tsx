/** Owns a part of a page that has a name: a card with a head line. */
import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, actions, children }: SectionProps): ReactNode {
  const heading = useId();
  return (
    <section className="card" aria-labelledby={heading}>
      <div className="section-head">
        <h2 id={heading}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
