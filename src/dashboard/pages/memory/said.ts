/** Owns what the page of memories says was done. */
export interface Said {
  readonly text: string;
  /** What was removed, if that can be taken back. */
  readonly undo?: { readonly id: string; readonly key: string };
}
