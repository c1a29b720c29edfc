/** Owns reading a quantile out of the counts of a histogram. Pure. */

/** The value below which the share `q` of what was counted lies, taken as evenly spread within its bucket; null when nothing was counted. `buckets` counts what is at most each of the ascending `bounds`. */
export function quantileOf(
  q: number,
  bounds: readonly number[],
  { count, buckets }: { readonly count: number; readonly buckets: readonly number[] },
): number | null {
  if (count <= 0) return null;
  const wanted = q * count;
  const at = buckets.findIndex((each) => each >= wanted);
  // Beyond the last bound nothing is known but that it is beyond.
  if (at === -1) return bounds.at(-1) ?? null;
  const lower = bounds[at - 1] ?? 0;
  const below = buckets[at - 1] ?? 0;
  const inside = (buckets[at] ?? 0) - below;
  return lower + ((bounds[at] ?? lower) - lower) * (inside === 0 ? 1 : (wanted - below) / inside);
}
