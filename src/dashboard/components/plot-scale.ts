/** Owns the arithmetic of plots: round steps of an axis, and places along it. Pure. */

/** Numbers from 0 to the first round one that is not below `most`, in at most `count` round steps; never none. */
export function axisTicks(most: number, count: number, isWhole = false): readonly number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const found = [1, 2, 2.5, 5, 10].map((each) => each * power).find((step) => step >= rough * 0.999999) ?? 10 * power;
  const step = isWhole ? Math.max(1, Math.ceil(found)) : found;
  const last = Math.ceil(most / step - 1e-9);
  return Array.from({ length: last + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** At most `count` places among `length` ones, evenly apart, the first among them. */
export function someOf(length: number, count: number): readonly number[] {
  const every = Math.max(1, Math.ceil(length / Math.max(1, count)));
  return Array.from({ length: Math.ceil(length / every) }, (_, at) => at * every);
}

/** The commands of a line through the points; it is broken where a value is missing. */
export function linePath(points: readonly (readonly [x: number, y: number | null])[]): string {
  let isDown = false;
  return points
    .flatMap(([x, y]) => {
      if (y === null) {
        isDown = false;
        return [];
      }
      const command = `${isDown ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      isDown = true;
      return [command];
    })
    .join('');
}
