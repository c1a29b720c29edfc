/** Owns the port to what proves a call's right at its provider: keys and sign-ins come through it, one for each call. The values are secrets: they go into headers and nowhere else. */
import type { ClawError } from '../kernel/errors.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import type { ModelFailure } from './language-model.ts';

export interface Credential {
  readonly kind: 'api-key' | 'bearer';
  readonly value: string;
  /** Where it is from, such as `account:claude` or `secret:ANTHROPIC_API_KEY`: shown in status, never the value. */
  readonly source: string;
  /** Address of the API that goes with it; absent: the provider's own. */
  readonly baseUrl?: string;
  /** To be told to the user: calls are made with another credential than before. */
  readonly notice?: { readonly code: string; readonly phrase: Phrase };
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came of telling that a call failed. */
export interface CredentialVerdict {
  /** Take once more and try again: another credential, or a refreshed one. */
  readonly again: boolean;
  /** What there is to tell the user. */
  readonly notice?: { readonly code: string; readonly phrase: Phrase };
}

export interface Credentials {
  /** For the next call; undefined when the provider needs none. Throws `auth-missing` and `auth-expired`. */
  take(provider: string): Promise<Credential | undefined>;
  /** A call with it failed, typed, before anything of an answer came. */
  failed(provider: string, credential: Credential, failure: ModelFailure): Promise<CredentialVerdict>;
  /** What the provider lacks to be used, as a sentence with the next step; undefined when it can be. */
  missing(provider: string): Promise<ClawError | undefined>;
}
