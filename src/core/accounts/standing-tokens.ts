/** Owns the taking over of tokens that people put where claw finds them: the `.env` of the home, where the renewed one is written back, and the secret store, from which it moves into the account. */
import { ClawError } from '../kernel/errors.ts';
import type { Store } from '../store/store.ts';
import type { AccountService } from './account-service.ts';
import type { MetaPlatform } from './meta/meta-account.ts';

/** Places that the mirror of an adapter knows. */
export const ENV_PLACE = '.env';
export const STORE_PLACE = 'secret store';

export interface StandingTokensDeps {
  readonly store: Store;
  readonly service: Pick<AccountService, 'importFrom'>;
  /** Where a token for the account stands now, one of the two places. */
  readonly placeOf: (name: MetaPlatform) => Promise<string | undefined>;
}

/** Takes over what stands there for `name`: from the store whenever something is there, from the `.env` when there is no account yet. */
export async function takeOver({ store, service, placeOf }: StandingTokensDeps, name: MetaPlatform): Promise<void> {
  const place = await placeOf(name);
  if (place === undefined || (place === ENV_PLACE && (await store.accounts.find(name)) !== undefined)) return;
  try {
    await service.importFrom(name, place, { by: undefined, isAgreed: false });
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof ClawError) || error.code !== 'not-found') throw error;
  }
}
