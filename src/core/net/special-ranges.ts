/** Owns the address blocks that are not the public internet. Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and updates) and the IPv6 global unicast assignment (2000::/3). A block that is globally reachable but holds no ordinary web host (AS112, AMT, anycast services) counts as special. */

/** CIDR block and what it is, as said to the user. */
export type SpecialRange = readonly [cidr: string, meaning: string];

export const SPECIAL_IPV4: readonly SpecialRange[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private use'],
  ['100.64.0.0/10', 'shared address space of carriers'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local, where clouds serve instance metadata'],
  ['172.16.0.0/12', 'private use'],
  ['192.0.0.0/24', 'IETF protocol assignments'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'AS112'],
  ['192.52.193.0/24', 'automatic multicast tunnelling'],
  ['192.88.99.0/24', '6to4 relay anycast'],
  ['192.168.0.0/16', 'private use'],
  ['192.175.48.0/24', 'AS112'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved, broadcast included'],
  // Public by number, but every Azure machine reaches its platform's control service there.
  ['168.63.129.16/32', 'cloud platform service'],
];

/** Inside 2000::/3. Everything outside it is refused without a table. */
export const SPECIAL_IPV6: readonly SpecialRange[] = [
  ['2001::/32', 'Teredo tunnel'],
  ['2001::/23', 'IETF protocol assignments'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4 tunnel'],
  ['2620:4f:8000::/48', 'AS112'],
  ['3ffe::/16', 'retired 6bone'],
  ['3fff::/20', 'documentation'],
];

/** Named blocks outside 2000::/3, only to give a better reason. */
export const NAMED_IPV6: readonly SpecialRange[] = [
  ['::/128', 'the unspecified address'],
  ['::1/128', 'loopback'],
  ['::ffff:0:0:0/96', 'IPv4-translated'],
  ['::/96', 'IPv4-compatible'],
  ['64:ff9b:1::/48', 'local-use NAT64'],
  ['100::/64', 'discard-only'],
  ['5f00::/16', 'segment routing'],
  ['fc00::/7', 'unique local, where clouds serve instance metadata'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
];

/** Names that mean this machine, this network or a cloud's metadata service, whatever a resolver answers. A leading dot stands for every name below. Sources: RFC 6761, RFC 6762, RFC 7686, RFC 8375, ICANN's `.internal`, hosts files of common systems. */
export const LOCAL_NAMES: readonly string[] = [
  'localhost',
  '.localhost',
  'localhost4',
  'localhost6',
  'loopback',
  'ip6-localhost',
  'ip6-loopback',
  'broadcasthost',
  '.localdomain',
  '.localdomain4',
  '.localdomain6',
  'local',
  '.local',
  'internal',
  '.internal',
  '.home.arpa',
  '.in-addr.arpa',
  '.ip6.arpa',
  '.onion',
  '.svc',
  'metadata',
  'metadata.goog',
  'metadata.tencentyun.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'rancher-metadata',
  'instance-data',
  'kubernetes',
  'kubernetes.default',
];

/** Ports of other protocols, which a web request could be made to speak: "bad port" of the WHATWG Fetch standard. */
const BAD_PORTS =
  '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080';

/** Ports that databases, desktops and control planes listen on; a public one is open by mistake. */
const SERVICE_PORTS =
  '445 1433 1521 2181 2375 2376 2379 2380 3306 3389 5432 5672 5900 5985 5986 6379 9042 10250 10255 11211 27017';

export const BLOCKED_PORTS: ReadonlySet<number> = new Set(`${BAD_PORTS} ${SERVICE_PORTS}`.split(' ').map(Number));
