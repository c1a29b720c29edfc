/** Owns what a line or a row of bars in a plot is. */
export interface Series {
  readonly name: string;
  /** One for each place along the axis; null where nothing is known. */
  readonly values: readonly (number | null)[];
}
