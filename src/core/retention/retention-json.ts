/** Owns the JSON of retention, the same on every surface. */
import type { Rule } from './limits.ts';
import type { RetentionReport } from './retention-service.ts';

export function reportJson({ isTrial, at, ms, gone }: RetentionReport) {
  return {
    dry_run: isTrial,
    at: new Date(at).toISOString(),
    ms,
    rows: gone.reduce((sum, { rows }) => sum + rows, 0),
    bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
    gone: gone.map(({ kind, rows, bytes }) => ({ kind, rows, bytes })),
  };
}

export function ruleJson({ setting, keep, unit, kinds }: Rule) {
  return { setting, keep, unit, kinds: [...kinds] };
}
