/** Owns how the audit commands say which rows are meant. */
import { Flags } from '@oclif/core';
import { ClawError } from '../core/kernel/errors.ts';
import type { AuditFilter } from '../core/store/audit-table.ts';

export const auditFilterFlags = {
  user: Flags.string({ description: 'Only what this user did.' }),
  action: Flags.string({ description: 'Only this action, or all of a noun: approval.approve, "user.*".' }),
  since: Flags.string({ description: 'From then on: 2026-01-31, 2026-01-31T08:00:00Z, or 7d, 12h, 30m ago.' }),
  until: Flags.string({ description: 'Before then; as --since.' }),
};

interface FilterFlags {
  readonly user?: string | undefined;
  readonly action?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Throws `usage-invalid` for an instant that cannot be read. */
export function auditFilter({ user, action, since, until }: FilterFlags, now: number): AuditFilter {
  return {
    ...(user === undefined ? {} : { username: user }),
    ...(action === undefined ? {} : { action }),
    ...(since === undefined ? {} : { since: instant(since, now) }),
    ...(until === undefined ? {} : { until: instant(until, now) }),
  };
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function instant(text: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (UNITS[unit] ?? 0);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new ClawError('usage-invalid', `${JSON.stringify(text)} is no point in time.`, {
    hint: 'Write 2026-01-31, 2026-01-31T08:00:00Z, 7d, 12h or 30m.',
  });
}
