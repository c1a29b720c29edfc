/** Owns the taking over of tokens that people put where claw finds them: the `.env` of the home, where the renewed one is written back, and the secret store, from which it moves into the account. */
import { ClawError } from '../kernel/errors.ts';
import type { AccountService } from './account-service.ts';
import type { MetaPlatform } from './meta/meta-account.ts';
import type { AccountDeps } from './refresher.ts';

/** Places that the mirror of an adapter knows. */
export const ENV_PLACE = '.env';
export const STORE_PLACE = 'secret store';

export interface StandingTokensDeps {
  readonly account: Pick<AccountDeps, 'store' | 'vault' | 'adapters'>;
  readonly service: Pick<AccountService, 'importFrom'>;
  /** Where a token for the account stands now, one of the two places. */
  readonly placeOf: (name: MetaPlatform) => Promise<string | undefined>;
}

/** Takes over what stands there for `name`, when it is not the account's own already. */
export async function takeOver({ account, service, placeOf }: StandingTokensDeps, name: MetaPlatform): Promise<void> {
  const place = await placeOf(name);
  if (place === undefined || (place === ENV_PLACE && !(await isNew(account, name)))) return;
  try {
    await service.importFrom(name, place, { by: undefined, isAgreed: false });
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof ClawError) || error.code !== 'not-found') throw error;
  }
}

/** Whether somebody put another token into the `.env` after the account got its own. An older one is what could not be written over. */
async function isNew({ store, vault, adapters }: StandingTokensDeps['account'], name: MetaPlatform): Promise<boolean> {
  if ((await store.accounts.find(name)) === undefined) return true;
  const [own, other] = [await vault.read(name, undefined), await (await adapters(name)).mirror?.(ENV_PLACE)?.read()];
  if (own === undefined || other === undefined) return other !== undefined;
  return other.accessToken !== own.accessToken && other.issuedAt > own.issuedAt;
}
