/** Owns how English counts: "1 row", "2 rows". */
export function some(count: number | string, one: string, many = `${one}s`): string {
  return `${count} ${String(count) === '1' ? one : many}`;
}
