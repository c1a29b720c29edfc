/** Owns which channels would start and why the others do not. */
import { ClawError } from '../core/kernel/errors.ts';
import { nearestName } from '../core/kernel/nearest-name.ts';
import type { ChannelEntry } from './channels/registry.ts';

export interface PlannedChannel {
  readonly entry: ChannelEntry;
  readonly starts: boolean;
  /** Why it does not start; null when it does. */
  readonly reason: string | null;
  /** It was asked for, or half of its secrets are set: somebody wants it. */
  readonly isWanted: boolean;
}

export interface PlanDeps {
  readonly entries: readonly ChannelEntry[];
  readonly secret: (name: string) => Promise<string | undefined>;
}

/** Judges every channel of the registry. `only` are the names that were asked for, undefined for all. Throws `usage-invalid` for a name that does not exist. */
export async function planChannels(
  { entries, secret }: PlanDeps,
  only: readonly string[] | undefined,
): Promise<readonly PlannedChannel[]> {
  checkNames(entries, only ?? []);
  return Promise.all(
    entries.map(async (entry) => {
      const values = await Promise.all(entry.needs.map(secret));
      const missing = entry.needs.filter((_, index) => (values[index] ?? '') === '');
      const isAsked = only?.includes(entry.name) ?? false;
      const isLeftOut = only !== undefined && !isAsked;
      const isHalfSet = missing.length > 0 && missing.length < entry.needs.length;
      const reason = isLeftOut ? 'not asked for (--only)' : missingReason(missing);
      return { entry, starts: reason === null, reason, isWanted: isAsked || (isHalfSet && !isLeftOut) };
    }),
  );
}

function missingReason(missing: readonly string[]): string | null {
  if (missing.length === 0) return null;
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set`;
}

function checkNames(entries: readonly ChannelEntry[], only: readonly string[]): void {
  const names = entries.map(({ name }) => name);
  for (const name of only) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw new ClawError('usage-invalid', `There is no channel ${name}.`, {
      hint: nearest === undefined ? `Channels are: ${names.join(', ') || 'none'}.` : `Did you mean ${nearest}?`,
    });
  }
}
