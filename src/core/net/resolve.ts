/** Owns the ways to turn a host name into addresses: the system's, and a fixed table that stands in for it. */
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Resolve } from './decide-url.ts';

/** The system's resolver, hosts file included: what a connection would use. */
export const resolveBySystem: Resolve = async (hostname) => {
  const answers = await lookup(hostname, { all: true, order: 'verbatim' });
  return answers.map((answer) => answer.address);
};

/** A resolver over `name -> addresses`; `*` answers for names that are not listed. Names are compared without case and final dot. */
export function resolveByTable(table: ReadonlyMap<string, readonly string[]>): Resolve {
  const byName = new Map([...table].map(([name, addresses]) => [plainName(name), addresses]));
  return async (hostname) => byName.get(plainName(hostname)) ?? byName.get('*') ?? [];
}

/** A lookup for a connection that never asks anyone: the answer is `addresses`, which were checked. */
export function lookupFixed(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_hostname, options, callback) => {
    const [first] = entries;
    if (first === undefined) callback(new Error('no checked address'), '', 4);
    else if (options.all === true) callback(null, entries);
    else callback(null, first.address, first.family);
  };
}

/** Every address of this machine's interfaces, without zones. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap(
    (entries) => entries?.map(({ address }) => address.replace(/%.*$/, '')) ?? [],
  );
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
