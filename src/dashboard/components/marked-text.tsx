/** Owns how a place that was found looks: what hit stands between « and » in the answer of a search, and becomes an element. */
import type { ReactNode } from 'react';

/** The text in pieces, every second of which hit. */
function piecesOf(snippet: string): readonly string[] {
  return snippet.split(/[«»]/);
}

export function MarkedText({ text }: { readonly text: string }): ReactNode {
  return piecesOf(text).map((piece, at) =>
    at % 2 === 1 ? <mark key={at}>{piece}</mark> : <span key={at}>{piece}</span>,
  );
}
