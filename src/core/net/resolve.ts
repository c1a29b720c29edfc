/** Owns the ways to turn a host name into addresses: the system's, and a fixed table that stands in for it. */
import { lookup } from 'node:dns/promises';
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

/** Every address of this machine's interfaces, without zones. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap(
    (entries) => entries?.map(({ address }) => address.replace(/%.*$/, '')) ?? [],
  );
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
