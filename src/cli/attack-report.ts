/** Owns how the results of an attack on the walls are shown. */
import type { ProbeResult } from '../core/doctor/attack/run-attack.ts';
import { safeText } from '../core/kernel/terminal-text.ts';
import { table } from './table.ts';

/** One line while it runs. */
export function attackLine({ probe, runtime, result, ms }: ProbeResult): string {
  return `${result.padEnd(7)} ${runtime.padEnd(8)} ${probe} (${ms} ms)`;
}

export function attackText(results: readonly ProbeResult[]): string {
  const rows = results.map(({ probe, aim, runtime, result, ms, detail }) => ({
    result,
    aim,
    runtime,
    probe,
    ms,
    detail: safeText(detail).replaceAll('\n', ' ').slice(0, 60),
  }));
  const count = (wanted: ProbeResult['result']): number => results.filter(({ result }) => result === wanted).length;
  const missing =
    count('not-run') === 0 ? '' : `, ${count('not-run')} not run (no wall for such tools here: claw doctor)`;
  return `${table(rows)}\n\n${count('held')} held, ${count('BROKEN')} broken${missing}`;
}
