/** Owns how money is shown. */

/** US dollars: two decimals from a dollar on, four below, null as unknown. */
export function money(usd: number | null): string {
  if (usd === null) return 'unknown';
  return `$${usd.toFixed(usd >= 1 || usd === 0 ? 2 : 4)}`;
}
