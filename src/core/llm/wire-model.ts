/** Owns what every adapter to a provider is made from. */
import type { Clock } from '../kernel/clock.ts';
import type { Credential } from './credential.ts';

export interface WireModelOptions {
  /** The name under which the provider is known to claw. */
  readonly provider: string;
  readonly model: string;
  /** Where the API is; with or without its version segment. */
  readonly baseUrl: string;
  /** Asked before each request; undefined when the server wants none. */
  readonly credential: () => Promise<Credential | undefined>;
  /** The most tokens this model can write; a higher limit of a request is lowered to it. */
  readonly maxOutputTokens?: number;
  /** Milliseconds a provider may be silent; 240,000 when not given. */
  readonly idleMs?: number;
  readonly clock?: Clock;
}

/** The SDKs count their own time-out up to the headers; the watch over the wire ends a silent call long before this. */
export const SDK_TIMEOUT_MS = 3_600_000;

/** The limit to send: what the request asks for, as far as the model can. */
export function outputLimit(options: WireModelOptions, asked: number): number {
  return Math.min(asked, options.maxOutputTokens ?? asked);
}

/** `url` without a slash at its end, and without `version` when its path ends with that. */
export function withoutVersion(url: string, version: string): string {
  const bare = url.replace(/\/+$/, '');
  return bare.endsWith(`/${version}`) ? bare.slice(0, -version.length - 1) : bare;
}
