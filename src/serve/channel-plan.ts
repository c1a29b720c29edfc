/** Owns which channels would start and why the others do not. */
import { createHash } from 'node:crypto';
import { CHANNEL_SETTINGS } from '../core/config/channel-settings.ts';
import type { Settings } from '../core/config/load-settings.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import { nearestName } from '../core/kernel/nearest-name.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import type { ChannelEntry } from './channels/registry.ts';

export interface PlannedChannel {
  readonly entry: ChannelEntry;
  readonly starts: boolean;
  /** Why it does not start; null when it does. */
  readonly reason: string | null;
  /** It was asked for, or half of its secrets are set: somebody wants it. */
  readonly isWanted: boolean;
  /** Changes with every setting and secret that the channel is made from. */
  readonly fingerprint: string;
}

export interface PlanDeps {
  readonly entries: readonly ChannelEntry[];
  readonly secret: (name: string) => Promise<string | undefined>;
  readonly settings: Settings;
}

/** Judges every channel of the registry. `only` are the names that were asked for, undefined for all. Throws `usage-invalid` for a name that does not exist. */
export async function planChannels(
  { entries, secret, settings }: PlanDeps,
  only: readonly string[] | undefined,
): Promise<readonly PlannedChannel[]> {
  checkNames(entries, only ?? []);
  return Promise.all(
    entries.map(async (entry) => {
      const { values, problem } = await secretsOf(entry, secret);
      const missing = entry.needs.filter((_, index) => (values[index] ?? '') === '');
      const isAsked = only?.includes(entry.name) ?? false;
      const isLeftOut = only !== undefined && !isAsked;
      const isHalfSet = problem !== null || (missing.length > 0 && missing.length < entry.needs.length);
      const reason = isLeftOut ? 'not asked for (--only)' : (problem ?? missingReason(missing));
      const isWanted = isAsked || (isHalfSet && !isLeftOut);
      const fingerprint = fingerprintOf(entry, { entries, settings, values });
      return { entry, starts: reason === null, reason, isWanted, fingerprint };
    }),
  );
}

type Secrets = readonly (string | undefined)[];

/** A store that fails (a locked keychain) keeps its channel off and nothing else. */
async function secretsOf(
  { needs }: ChannelEntry,
  secret: PlanDeps['secret'],
): Promise<{ readonly values: Secrets; readonly problem: string | null }> {
  try {
    return { values: await Promise.all(needs.map(secret)), problem: null };
  } catch (error) {
    return { values: [], problem: toError(error).message };
  }
}

/** A hash of all settings of chat platforms but those named after another one, and of the secrets. */
function fingerprintOf(
  { name }: ChannelEntry,
  { entries, settings, values }: Pick<PlanDeps, 'entries' | 'settings'> & { readonly values: Secrets },
): string {
  const others = entries.filter((entry) => entry.name !== name).map((entry) => `${entry.name.toUpperCase()}_`);
  const names = (Object.keys(CHANNEL_SETTINGS) as (keyof typeof CHANNEL_SETTINGS)[]).filter(
    (setting) => !others.some((prefix) => setting.startsWith(prefix)),
  );
  const chosen = names.map((setting) => settings.resolve(setting).value ?? null);
  return createHash('sha256')
    .update(JSON.stringify([chosen, values]))
    .digest('hex');
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
    throw new ClawError('usage-invalid', phrase('noChannel', name), {
      hint: nearest === undefined ? `Channels are: ${names.join(', ') || 'none'}.` : `Did you mean ${nearest}?`,
    });
  }
}
