/** Owns which secrets tools may have sent to a host: those of the store, and the current access token of an account under the name of its setting. What claw keeps for itself is none of them. */
import type { MetaPlatform } from './meta/meta-account.ts';

export interface ToolSecret {
  readonly value: string;
  /** Hosts it may go to; none: those that its tool was granted. */
  readonly hosts: readonly string[];
}

export interface ToolSecretDeps {
  /** A secret of the environment, a `.env` or the store. */
  readonly resolve: (name: string) => Promise<ToolSecret | undefined>;
  /** The access token of an account, renewed when it is due; undefined when nobody is logged in. Throws `auth-rejected`. */
  readonly token: (account: MetaPlatform) => Promise<string | undefined>;
  /** Host of an account's API. */
  readonly host: (account: MetaPlatform) => string;
}

const ACCOUNT_OF: Readonly<Record<string, MetaPlatform>> = {
  THREADS_ACCESS_TOKEN: 'threads',
  INSTAGRAM_ACCESS_TOKEN: 'instagram',
};

/** Finds a secret for a tool; the token of an account is bound to the host of its API. */
export function createToolSecrets({ resolve, token, host }: ToolSecretDeps) {
  return async (name: string): Promise<ToolSecret | undefined> => {
    if (name.startsWith('ACCOUNT_')) return undefined;
    const account = ACCOUNT_OF[name];
    if (account === undefined) return resolve(name);
    const value = (await token(account)) ?? (await resolve(name))?.value;
    return value === undefined ? undefined : { value, hosts: [host(account)] };
  };
}
