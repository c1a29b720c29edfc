/** Owns telling that something was done, to those who see the page and those who hear it. */
import type { ReactNode } from 'react';

export function Said({ children }: { readonly children: string | undefined }): ReactNode {
  return (
    <div role="status" aria-live="polite">
      {children === undefined ? null : <p className="notice good">{children}</p>}
    </div>
  );
}
