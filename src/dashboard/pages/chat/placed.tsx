/** Owns elements that stand where arithmetic says: placed by the object model of styles, because the page's policy knows no style attribute. */
import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface RowProps {
  readonly index: number;
  /** Where it stands, in pixels. */
  readonly start: number;
  readonly measure: (element: Element | null) => void;
  readonly children: ReactNode;
}

/** A row of the thread. */
export function Row({ index, start, measure, children }: RowProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current !== null) element.current.style.transform = `translateY(${start}px)`;
  }, [start]);
  useLayoutEffect(() => {
    if (element.current === null) return;
    // By it the virtualizer knows the element.
    element.current.dataset['index'] = String(index);
    measure(element.current);
  }, [index, measure]);
  return (
    <div ref={element} className="row">
      {children}
    </div>
  );
}

interface SizedProps {
  readonly className: string;
  /** In pixels. */
  readonly height: number;
  readonly children: ReactNode;
}

export function Sized({ className, height, children }: SizedProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current !== null) element.current.style.height = `${height}px`;
  }, [height]);
  return (
    <div ref={element} className={className}>
      {children}
    </div>
  );
}
