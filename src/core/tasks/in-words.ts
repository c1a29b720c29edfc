/** Owns how a schedule is said in words. */
import cronstrue from 'cronstrue';
import type { ScheduleSpec } from './schedule.ts';

/** Such as `At 09:00 AM, Monday through Friday (Asia/Seoul)`. The schedule must have been checked. */
export function scheduleInWords({ type, value, zone }: Pick<ScheduleSpec, 'type' | 'value' | 'zone'>): string {
  if (type === 'interval') return `Every ${/^[0-9]+$/.test(value.trim()) ? `${value.trim()} ms` : value.trim()}`;
  if (type === 'once') return `Once, at ${value.trim()} (${zone})`;
  return `${cronstrue.toString(value.trim(), { throwExceptionOnParseError: false, verbose: true })} (${zone})`;
}
