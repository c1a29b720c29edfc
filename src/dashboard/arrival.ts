/** Owns how somebody comes here by a link that is good once: what stands behind the # is taken out of the address before anything else happens, and kept in memory alone. */

export interface Arrival {
  readonly kind: 'set-up' | 'sign-in';
  /** Empty when the page was loaded again. */
  readonly secret: string;
}

const KINDS: Readonly<Record<string, Arrival['kind']>> = {
  '/dashboard/setup': 'set-up',
  '/dashboard/enter': 'sign-in',
};

/** Undefined for every other address. */
export function takeArrival(): Arrival | undefined {
  const { pathname, hash } = window.location;
  const kind = KINDS[pathname];
  if (kind === undefined) return undefined;
  if (hash !== '') window.history.replaceState(null, '', pathname);
  return { kind, secret: hash.slice(1) };
}
