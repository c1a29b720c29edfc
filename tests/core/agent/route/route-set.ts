/** Owns the evaluation set of the router: requests with their labels, split into the half that rules are tuned on and the half that only counts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Labelled {
  readonly text: string;
  readonly isLight: boolean;
}

export interface RouteSet {
  readonly tuned: readonly Labelled[];
  readonly heldOut: readonly Labelled[];
}

/** The half is chosen by the text alone, so that no one chooses. */
export function routeSet(): RouteSet {
  const all = lines('route-set.txt').map((line): Labelled => {
    const [label, text = ''] = line.split('\t');
    return { text, isLight: label === 'L' };
  });
  const isTuned = ({ text }: Labelled): boolean => ((createHash('sha256').update(text).digest()[0] ?? 0) & 1) === 0;
  return { tuned: all.filter(isTuned), heldOut: all.filter((each) => !isTuned(each)) };
}

/** Requests that look light; none is. */
export function adversarial(): readonly string[] {
  return lines('route-adversarial.txt');
}

function lines(name: string): string[] {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}
