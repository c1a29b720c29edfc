/** Owns the head of a page: its name, what it is for, and what can be done on the whole of it. */
import type { ReactNode } from 'react';

interface PageHeadProps {
  readonly title: string;
  /** One sentence. */
  readonly lead?: string;
  /** Buttons and fields at the end of the line. */
  readonly actions?: ReactNode;
}

export function PageHead({ title, lead, actions }: PageHeadProps): ReactNode {
  return (
    <div className="bar page-head">
      <div>
        <h1>{title}</h1>
        {lead === undefined ? null : <p className="quiet">{lead}</p>}
      </div>
      {actions}
    </div>
  );
}
