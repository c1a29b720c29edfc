/** Owns where the tokens of accounts are: one JSON secret each in the secret store, and a mirror where there is one. Log-ins that wait for their answer are kept there too. */
import { z } from 'zod';
import { ClawError } from '../kernel/errors.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { AccountName, AccountTokens, TokenMirror } from './account-provider.ts';

export interface VaultDeps {
  readonly secrets: () => Promise<Pick<SecretService, 'resolve' | 'set' | 'remove' | 'storedNames'>>;
  /** Hides a text from now on. */
  readonly hide: (text: string) => void;
  /** Runs work while no other process changes this account. */
  readonly lock: <T>(name: AccountName, work: () => Promise<T>) => Promise<T>;
}

const TOKENS = z.object({
  accessToken: z.string(),
  refreshToken: z.string().exactOptional(),
  expiresAt: z.number().exactOptional(),
  issuedAt: z.number(),
  scopes: z.array(z.string()).exactOptional(),
  extra: z.record(z.string(), z.string()).exactOptional(),
});

const PENDING = z.object({
  expiresAt: z.number(),
  pollMs: z.number().exactOptional(),
  pending: z.record(z.string(), z.string()),
});
export type PendingLogin = z.output<typeof PENDING>;

export class TokenVault {
  readonly #deps: VaultDeps;

  constructor(deps: VaultDeps) {
    this.#deps = deps;
  }

  /** Runs `work` while nobody else changes the account, in the mirror too. */
  locked<T>(name: AccountName, mirror: TokenMirror | undefined, work: () => Promise<T>): Promise<T> {
    return this.#deps.lock(name, () => (mirror === undefined ? work() : mirror.locked(work)));
  }

  /** The tokens; those of the mirror when they are newer. A mirror that cannot be read does not count. */
  async read(name: AccountName, mirror: TokenMirror | undefined): Promise<AccountTokens | undefined> {
    const own = await this.#readSecret(secretOf(name), TOKENS);
    const other = await mirror?.read().catch((error: unknown) => {
      if (error instanceof ClawError) return undefined;
      throw error;
    });
    if (other !== undefined) this.#hide(other);
    if (own === undefined || other === undefined || own.accessToken === other.accessToken) return own ?? other;
    if ((other.expiresAt ?? 0) <= (own.expiresAt ?? 0)) return own;
    return { ...(own.extra === undefined ? {} : { extra: own.extra }), ...other };
  }

  /** Keeps the tokens, first in the secret store. Returns what is wrong with the mirror, as a sentence. */
  async write(name: AccountName, tokens: AccountTokens, mirror: TokenMirror | undefined): Promise<string | undefined> {
    this.#hide(tokens);
    await (await this.#deps.secrets()).set(secretOf(name), { value: JSON.stringify(tokens), hosts: [] });
    try {
      await mirror?.write(tokens);
      return undefined;
    } catch (error) {
      if (!(error instanceof ClawError)) throw error;
      return `${error.message} The new tokens are in claw's own store only.`;
    }
  }

  async remove(name: AccountName): Promise<void> {
    await this.#remove(secretOf(name));
    await this.closeLogin(name);
  }

  /** The log-in that waits for its answer. */
  pendingLogin(name: AccountName): Promise<PendingLogin | undefined> {
    return this.#readSecret(loginOf(name), PENDING);
  }

  async openLogin(name: AccountName, login: PendingLogin): Promise<void> {
    await (await this.#deps.secrets()).set(loginOf(name), { value: JSON.stringify(login), hosts: [] });
  }

  async closeLogin(name: AccountName): Promise<void> {
    await this.#remove(loginOf(name));
  }

  async #remove(secret: string): Promise<void> {
    const secrets = await this.#deps.secrets();
    if ((await secrets.storedNames()).has(secret)) await secrets.remove(secret);
  }

  async #readSecret<T>(secret: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const found = await (await this.#deps.secrets()).resolve(secret);
    // A file of the working directory must not slip in somebody else's log-in.
    if (found === undefined || (found.source !== 'keychain' && found.source !== 'sealed-file')) return undefined;
    const parsed = schema.safeParse(parseJson(found.value));
    if (parsed.success) return parsed.data;
    throw new ClawError('data-invalid', `The secret ${secret} was not written by claw.`, {
      hint: `claw secret remove ${secret}, then log in again.`,
    });
  }

  #hide({ accessToken, refreshToken }: AccountTokens): void {
    this.#deps.hide(accessToken);
    if (refreshToken !== undefined) this.#deps.hide(refreshToken);
  }
}

const secretOf = (name: AccountName): string => `ACCOUNT_${name.toUpperCase()}`;
const loginOf = (name: AccountName): string => `${secretOf(name)}_LOGIN`;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
