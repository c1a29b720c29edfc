/** Owns the port to a service that people sign in to: how its tokens are renewed and how somebody signs in. Adapters know nothing of the store; no value of a token may appear in an error. */
import { ClawError } from '../kernel/errors.ts';
import type { Credential } from '../llm/credential.ts';

/** Services whose tokens claw renews. */
export const ACCOUNT_NAMES = ['claude', 'copilot', 'threads', 'instagram'] as const;
export type AccountName = (typeof ACCOUNT_NAMES)[number];

export function isAccountName(name: string): name is AccountName {
  return ACCOUNT_NAMES.some((each) => each === name);
}

/** Throws `usage-invalid` for what is no account. */
export function accountNamed(text: string): AccountName {
  if (isAccountName(text)) return text;
  throw new ClawError('usage-invalid', `There is no account ${JSON.stringify(text)}.`, {
    hint: `One of: ${ACCOUNT_NAMES.join(', ')}.`,
  });
}

/** The secret part of an account, one JSON secret `ACCOUNT_<NAME>`. Members whose names end in `token`, `secret` or `verifier` are hidden by the masker, those of `extra` too. Instants in ms since 1970 UTC, by the clock of this machine: an answer's lifetime counts from when it came. */
export interface AccountTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly expiresAt?: number;
  readonly issuedAt: number;
  readonly scopes?: readonly string[];
  readonly extra?: Readonly<Record<string, string>>;
}

export interface AccountProvider {
  readonly name: AccountName;
  /** The instant from which on a refresh is due and may be made; undefined: never. */
  refreshAt(tokens: AccountTokens): number | undefined;
  /** Before this instant no refresh is made, whoever asks; absent: any time. */
  refreshableFrom?(tokens: AccountTokens): number | undefined;
  /** New tokens; an absent new refresh token keeps the old one. Throws `AccountFailure`: `rejected` needs a new log-in, everything else leaves the tokens good. */
  refresh(tokens: AccountTokens, signal: AbortSignal): Promise<AccountTokens>;
}

/** What somebody is shown to sign in with. */
export interface LoginStart {
  /** Where they go. */
  readonly url: string;
  /** What they type there (device flow). */
  readonly userCode?: string;
  /** After this the log-in must begin anew. */
  readonly expiresAt: number;
  /** How often to ask whether they are done, in ms (device flow); undefined: they bring an answer. */
  readonly pollMs?: number;
  /** What `finish` needs; kept sealed until then. */
  readonly pending: Readonly<Record<string, string>>;
}

export type LoginEnd =
  | { readonly kind: 'done'; readonly tokens: AccountTokens }
  | { readonly kind: 'waiting'; readonly pollMs: number };

/** A way to sign in that outlives the process it began in. */
export interface AccountLogin {
  start(signal: AbortSignal): Promise<LoginStart>;
  /** `answer`: what the person brings back, a code or the address they were sent to. Throws `usage-invalid` for one that is not of this log-in (it stays open), `AccountFailure` when the service refuses. */
  finish(pending: Readonly<Record<string, string>>, answer: string | undefined, signal: AbortSignal): Promise<LoginEnd>;
}

/** A place outside of the secret store where the same tokens stand: another program's file, a `.env`. The newer of the two counts, and both are written. */
export interface TokenMirror {
  /** For people: a path, or the name of a variable. */
  readonly label: string;
  /** Whether what stands there is taken over without being asked. */
  readonly isTakenUp?: true;
  /** Undefined when there are none. Throws `data-invalid` for what cannot be read. */
  read(): Promise<AccountTokens | undefined>;
  write(tokens: AccountTokens): Promise<void>;
  /** Runs `work` while nobody else who respects the lock changes the place. */
  locked<T>(work: () => Promise<T>): Promise<T>;
}

/** Everything claw knows of one service: what wiring makes of its settings. */
export interface AccountAdapter {
  /** For people: `Claude`. */
  readonly title: string;
  readonly provider: AccountProvider;
  readonly login: AccountLogin;
  /** The provider of models whose calls the tokens are good for, and the call's credential made of them. */
  readonly models?: { readonly provider: string; credential(tokens: AccountTokens): Credential };
  /** Where else the tokens stand; `place`: what was named when the mirror was asked for, null when nothing was. */
  mirror?(place: string | null): TokenMirror | undefined;
  /** Why people must agree before the first use, in plain words; undefined: they need not. */
  readonly risk?: string;
}

export type AccountAdapters = (name: AccountName) => Promise<AccountAdapter>;
