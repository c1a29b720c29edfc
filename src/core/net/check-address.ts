/** Owns the answer to "is this address on the public internet?". Every IPv6 form that carries an IPv4 address is unpacked first. Must not resolve or connect. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { NAMED_IPV6, SPECIAL_IPV4, SPECIAL_IPV6, type SpecialRange } from './special-ranges.ts';

type IPv4 = ipaddr.IPv4;
type IPv6 = ipaddr.IPv6;

/** Why `address` (IPv4 dotted or IPv6 text, no brackets, no zone) may not be connected to; undefined when it is global unicast. */
export function refuseAddress(address: string): string | undefined {
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 4) return refuseIPv4(ipaddr.IPv4.parse(address));
  if (family === 6) return refuseIPv6(parseIPv6(address));
  return `${address} is not an IP address`;
}

/** One spelling per address: IPv4-mapped becomes IPv4, IPv6 is shortened. Throws for text that is no address. */
export function canonicalAddress(address: string): string {
  return isIP(address) === 6
    ? ipaddr.process(parseIPv6(address).toString()).toString()
    : ipaddr.IPv4.parse(address).toString();
}

/** By way of the URL standard's parser: ipaddr.js takes `::8.8.8.8` for IPv4-mapped. */
function parseIPv6(address: string): IPv6 {
  return ipaddr.IPv6.parse(new URL(`http://[${address}]/`).hostname.slice(1, -1));
}

function refuseIPv4(address: IPv4): string | undefined {
  const range = SPECIAL_IPV4.find(([cidr]) => address.match(ipaddr.IPv4.parseCIDR(cidr)));
  return range && describe(address.toString(), range);
}

function refuseIPv6(address: IPv6): string | undefined {
  const text = address.toString();
  const bytes = address.toByteArray();
  // RFC 4291 2.5.5.2 and the well-known prefix of RFC 6052: the packet goes to the IPv4 address inside.
  if (within(address, '::ffff:0:0/96')) return carried(text, 'IPv4-mapped', bytes.slice(12));
  if (within(address, '64:ff9b::/96')) return carried(text, 'NAT64', bytes.slice(12));
  if (!within(address, '2000::/3')) {
    return describe(text, findRange(address, NAMED_IPV6) ?? ['outside 2000::/3', 'not global unicast']);
  }
  const special = findRange(address, SPECIAL_IPV6);
  if (special !== undefined) return describe(text, special);
  // RFC 5214: interface identifier [02]00:5EFE, then the IPv4 address the packet is tunnelled to.
  const isatap = (bytes[8] ?? 0) & ~0x03;
  if (isatap === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe) {
    return carried(text, 'ISATAP', bytes.slice(12));
  }
  return undefined;
}

function carried(text: string, form: string, bytes: number[]): string | undefined {
  const reason = refuseIPv4(new ipaddr.IPv4(bytes));
  return reason && `${text} is ${form}: ${reason}`;
}

function within(address: IPv6, cidr: string): boolean {
  return address.match(ipaddr.IPv6.parseCIDR(cidr));
}

function findRange(address: IPv6, ranges: readonly SpecialRange[]): SpecialRange | undefined {
  return ranges.find(([cidr]) => within(address, cidr));
}

function describe(text: string, [cidr, meaning]: SpecialRange): string {
  return `${text} is not on the public internet (${cidr}: ${meaning})`;
}
