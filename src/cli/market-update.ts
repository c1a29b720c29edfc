/** Owns the updating of one or all packages from the command line: each shown, asked for and done by itself. */
import { ClawError, toError } from '../core/kernel/errors.ts';
import { safeText } from '../core/kernel/terminal-text.ts';
import type { Offer } from '../core/marketplace/find-updates.ts';
import { offerJson, planJson } from '../core/marketplace/marketplace-json.ts';
import type { Marketplace } from '../core/marketplace/marketplace-service.ts';
import type { Doer } from '../core/store/audit-table.ts';
import { askConsent } from './market-flags.ts';
import { printErr } from './print.ts';
import { table } from './table.ts';

interface UpdateWish {
  /** Undefined: all of them. */
  readonly name: string | undefined;
  readonly flags: Parameters<typeof askConsent>[1] & { readonly 'dry-run': boolean };
  readonly by: Doer;
  readonly signal: AbortSignal;
}

interface UpdateResult {
  readonly name: string;
  readonly from: string;
  readonly to: string | null;
  /** `available`: of a dry run. `current`, `unavailable` and `refused` have a reason. */
  readonly status: string;
  readonly reason: string | null;
  readonly permissions_added: readonly string[];
  readonly permissions_removed: readonly string[];
  readonly source_lines: { readonly added: number; readonly removed: number };
}

/** Throws `usage-invalid` unless either a name or --all was given. */
export function requireOne(name: string | undefined, isAll: boolean | undefined): void {
  if ((name === undefined) === (isAll === true)) return;
  throw new ClawError('usage-invalid', 'Name one package, or say --all.', { hint: 'claw tool update --all' });
}

/** What came of each. A refusal of the one that was named is thrown; with all of them it is a result, and sets the exit code. */
export async function updatePackages(marketplace: Marketplace, wish: UpdateWish): Promise<UpdateResult[]> {
  const { offers, remarks } = await marketplace.updates(wish.name, wish.signal);
  for (const remark of remarks) printErr(safeText(remark));
  const results: UpdateResult[] = [];
  for (const offer of offers) {
    try {
      results.push(await updateOne(marketplace, offer, wish));
    } catch (error) {
      if (!(error instanceof ClawError) || error.code === 'cancelled' || wish.name !== undefined) throw error;
      process.exitCode = error.exitCode;
      results.push({ ...unchanged(offer), status: 'refused', reason: toError(error).message });
    }
  }
  return results;
}

export function updateText(results: readonly UpdateResult[]): string {
  if (results.length === 0) return 'No package is installed.';
  const rows = results.map(({ name, from, to, status, reason, permissions_added: added }) => ({
    name,
    from,
    to: to ?? '',
    status,
    remark: [...(reason === null ? [] : [reason]), ...added.map((word) => `may also ${word}`)].join('; '),
  }));
  return safeText(table(rows));
}

async function updateOne(
  marketplace: Marketplace,
  offer: Offer,
  { flags, by, signal }: UpdateWish,
): Promise<UpdateResult> {
  if (offer.kind !== 'newer') return unchanged(offer);
  const { entry, from } = offer.listed;
  const what = `${entry.name}@${entry.version}`;
  const { plan } = await marketplace.plan({ what, registry: from.location, by, signal });
  const { permissions_added, permissions_removed, source_lines } = planJson(plan);
  const change = { permissions_added, permissions_removed, source_lines };
  if (flags['dry-run']) return { ...offerJson(offer), ...change };
  await marketplace.install(plan, await askConsent(plan, flags), by);
  return { ...offerJson(offer), ...change, status: 'updated' };
}

function unchanged(offer: Offer): UpdateResult {
  const none = { permissions_added: [], permissions_removed: [], source_lines: { added: 0, removed: 0 } };
  return { ...offerJson(offer), ...none };
}
