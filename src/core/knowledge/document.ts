/** Owns the shape of a document that has been read, whatever it was read from. */

export interface Block {
  readonly text: string;
  /** Headings above it, joined by ` > `; empty when there are none. */
  readonly heading: string;
  /** For a citation: `page 3`, `# Heading`, `line 120`, `$.users[3]`. */
  readonly place: string;
  /** `lines`: rows, code and the like: split between lines only, small neighbours of one group packed together. */
  readonly shape: 'prose' | 'lines';
  /** Neighbours of one group may share a chunk (`lines`) and a hit; a page, the text below a heading. */
  readonly group: string;
}

export interface ReadDocument {
  /** Empty when the content has none of its own. */
  readonly title: string;
  /** `text`, `markdown`, `pdf` … */
  readonly kind: string;
  readonly blocks: readonly Block[];
}

export interface Chunk {
  readonly text: string;
  readonly heading: string;
  readonly place: string;
  readonly section: number;
}
