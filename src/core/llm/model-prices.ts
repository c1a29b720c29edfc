/** Owns what a token costs at a provider: the catalog's price, nothing at a server on this machine, nothing where nobody is called. */
import type { CataloguedModel, ModelPrice } from './models/model-info.ts';

export const FREE: ModelPrice = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
/** Providers that call nobody. */
export const CALLS_NOBODY: ReadonlySet<string> = new Set(['offline', 'replay']);
/** The provider whose server may be on this machine. */
const OWN_SERVER = 'openai-compatible';

type Addresses = Readonly<Record<string, string | undefined>>;

/** True for a server of the user's own at a loopback address. A provider that only has a loopback address set is none: it may be reached through a proxy. */
export function isLocalServer(provider: string, addresses: Addresses): boolean {
  const address = addresses[provider];
  if (provider !== OWN_SERVER || address === undefined) return false;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Null when it is not known. */
export function priceOf(info: CataloguedModel | undefined, provider: string, addresses: Addresses): ModelPrice | null {
  if (CALLS_NOBODY.has(provider)) return FREE;
  return info?.price ?? (isLocalServer(provider, addresses) ? FREE : null);
}
