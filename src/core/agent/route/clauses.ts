/** Owns how a person's text is taken apart before it is judged: quoted text becomes a mark, an instruction is split from the text it comes with, and the rest into clauses. Nothing is lost: what no rule knows stays a clause. */

export interface TakenApart {
  /** Lower case, without closing punctuation, greeting marks and courtesies kept. Quoted text is `Q`. */
  readonly clauses: readonly string[];
  /** Text given behind a colon or in the next line; empty without. */
  readonly given: string;
  readonly quotes: readonly string[];
}

/** Stands for quoted text in a clause; capital, so that no lower-case text can be it. */
const QUOTE = 'Q';

const QUOTED = /(?<=^|[\s:(])(?:"([^"\n]{1,600})"|'([^'\n]{1,600})')(?=$|[\s.,!?:;)]|[가-힣])/g;

export function takeApart(text: string): TakenApart {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[“”„«»「」『』]/g, '"')
    .replaceAll(/[‘’‚`]/g, "'")
    .replaceAll(/\p{Extended_Pictographic}|\ufe0f|\u200d|\u200b/gu, ' ')
    .trim();
  const quotes: string[] = [];
  const marked = plain.toLowerCase().replaceAll(QUOTED, (_whole, double?: string, single?: string) => {
    quotes.push(double ?? single ?? '');
    return QUOTE;
  });
  const split = /^([^:\n]{3,60}?)\s*(?::\s+|:?\s*\n\s*)([\s\S]+)$/.exec(marked);
  const [head, given] = split === null ? [marked, ''] : [split[1] ?? '', split[2] ?? ''];
  return { clauses: splitClauses(head), given: given.trim(), quotes };
}

/** At sentence marks and commas that end a word, not inside of numbers. */
function splitClauses(text: string): string[] {
  return text
    .replaceAll(/[ㅋㅎㅠㅜ]{2,}/g, ';$&;')
    .split(/[!?。？！…~;\n]+|[.,、]+(?=\s|$)/)
    .map((clause) =>
      clause
        .replaceAll(/\s+/g, ' ')
        .replace(/[\s\-:.^]+$/, '')
        .trim(),
    )
    .filter((clause) => clause !== '');
}
