/** Vectors for the URL wall, from the IANA special-purpose registries, the WHATWG URL standard and published SSRF lists. Names resolve to a public address unless said. */

export const PUBLIC = '93.184.216.34';

/** First, last and a middle address of blocks that are not the public internet. */
export const CLOSED_IPV4 = [
  '0.0.0.0', '0.1.2.3', '0.255.255.255', '10.0.0.0', '10.0.0.1', '10.255.255.255', '100.64.0.0', '100.100.100.200', '100.127.255.255',
  '127.0.0.0', '127.0.0.1', '127.1.2.3', '127.255.255.255', '169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255',
  '172.16.0.0', '172.17.0.1', '172.31.255.255', '192.0.0.0', '192.0.0.8', '192.0.0.170', '192.0.0.192', '192.0.0.255', '192.0.2.1',
  '192.0.2.255', '192.31.196.1', '192.52.193.1', '192.88.99.1', '192.168.0.0', '192.168.1.1', '192.168.255.255', '192.175.48.1',
  '198.18.0.0', '198.19.255.255', '198.51.100.1', '203.0.113.1', '203.0.113.255', '224.0.0.1', '239.255.255.250', '240.0.0.1',
  '255.255.255.254', '255.255.255.255', '168.63.129.16',
];

/** The addresses just outside those blocks. */
export const OPEN_IPV4 = [
  '1.0.0.0', '1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '93.184.216.34', '100.63.255.255', '100.128.0.0', '126.255.255.255',
  '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0', '192.0.3.0', '192.167.255.255',
  '192.169.0.0', '198.17.255.255', '198.20.0.0', '198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255',
  '168.63.129.15', '168.63.129.17',
];

export const CLOSED_IPV6 = [
  '::', '::1', '0:0:0:0:0:0:0:1', '0000:0000:0000:0000:0000:0000:0000:0001', '::2', '::ffff', '0::', '::127.0.0.1', '::10.0.0.1',
  '::7f00:1', '::8.8.8.8', '::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8', '64:ff9b:1::1', '64:ff9b:1::8.8.8.8', '64:ff9b:1:ffff::1',
  '64:ff9b:2::1', '64:ff9c::1', '100::', '100::1', '100:0:0:1::1', '1::', '200::1', '400::1', '800::1', '1000::1', '1fff::1',
  '2001::1', '2001::8.8.8.8', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:0:7f00:1::', '2001:1::1', '2001:1::2', '2001:2::1',
  '2001:3::1', '2001:4:112::1', '2001:10::1', '2001:1f:ffff::1', '2001:20::1', '2001:2f::1', '2001:30::1', '2001:100::1',
  '2001:1ff:ffff::1', '2001:db8::1', '2001:db8:ffff::1', '2002::1', '2002:7f00:1::', '2002:7f00:1::1', '2002:a00:1::1', '2002:a9fe:a9fe::',
  '2002:c0a8:101::1', '2002:808:808::1', '2620:4f:8000::1', '3ffe::1', '3fff::1', '3fff:fff::1', '4000::1', '5f00::1', '6000::1',
  '8000::1', 'a000::1', 'c000::1', 'e000::1', 'f000::1', 'f800::1', 'fc00::', 'fc00::1', 'fd00::1', 'fd00:ec2::254', 'fd20:ce::254',
  'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe00::1', 'fe80::', 'fe80::1', 'fe80::a9fe:a9fe', 'febf::1', 'fec0::1', 'feff::1', 'ff00::1',
  'ff01::1', 'ff02::1', 'ff02::fb', 'ff05::2', 'ff0e::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  // ISATAP below public prefixes, with the universal bit and without.
  '2606:4700::5efe:127.0.0.1', '2606:4700::5efe:10.0.0.1', '2606:4700::5efe:a9fe:a9fe', '2606:4700:1:2:200:5efe:192.168.0.1',
  '2a00:1450:4001::200:5efe:172.16.0.1', '2606:4700::5efe:0.0.0.0',
];

export const OPEN_IPV6 = [
  '2606:4700:4700::1111', '2001:4860:4860::8888', '2001:200::1', '2001:db7::1', '2001:db9::1', '2003::1', '2400:cb00::1',
  '2620:fe::fe', '2620:4f:8001::1', '2a00:1450:4001:80b::200e', '2c0f:f248::1', '::ffff:8.8.8.8', '::ffff:808:808', '64:ff9b::8.8.8.8',
  '64:ff9b::808:808', '2606:4700::5efe:8.8.8.8', '2606:4700::1:5efe:a00:1',
];

/** Other spellings of an IPv4 address that a URL parser, a resolver or a careless check may read. */
export function spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const whole = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const hex = (n: number, width = 0): string => n.toString(16).padStart(width, '0');
  const oct = (n: number): string => `0${n.toString(8)}`;
  const quads = [a, b, c, d];
  return [
    address,
    `${address}.`,
    `${whole}`,
    `0x${hex(whole, 8)}`,
    `0X${hex(whole).toUpperCase()}`,
    oct(whole),
    `0${oct(whole)}`,
    quads.map((n) => `0x${hex(n)}`).join('.'),
    quads.map((n) => `0x000${hex(n)}`).join('.'),
    quads.map(oct).join('.'),
    quads.map((n) => `000${oct(n)}`).join('.'),
    `${a}.${b * 65_536 + c * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `0x${hex(a)}.${b * 65_536 + c * 256 + d}`,
    `${oct(a)}.${b}.0x${hex(c * 256 + d)}`,
    `${oct(a)}.0x${hex(b)}.${c}.${d}`,
    quads.join('。'),
    quads.join('．'),
    quads.join('｡'),
    address.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    address.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))),
    address.replaceAll('.', '%2e'),
    address.replaceAll('.', '%2E'),
    [...address].map((char) => `%${hex(char.charCodeAt(0), 2)}`).join(''),
    address.replaceAll('.', '.\u00ad'),
    address.replaceAll('.', '\u200b.'),
    `[::ffff:${address}]`,
    `[::FFFF:${address}]`,
    `[0:0:0:0:0:ffff:${address}]`,
    `[::ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
    `[0000:0000:0000:0000:0000:ffff:${hex(a * 256 + b, 4)}:${hex(c * 256 + d, 4)}]`,
    `[::${address}]`,
    `[::ffff:0:${address}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b::${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
    `[64:ff9b:1::${address}]`,
    `[2002:${hex(a * 256 + b)}:${hex(c * 256 + d)}::]`,
    `[2002:${hex(a * 256 + b)}:${hex(c * 256 + d)}::1]`,
    `[2001:0:${hex(a * 256 + b)}:${hex(c * 256 + d)}::]`,
    `[2001::${hex((a ^ 255) * 256 + (b ^ 255))}:${hex((c ^ 255) * 256 + (d ^ 255))}]`,
    `[fe80::5efe:${address}]`,
    `[2606:4700::5efe:${address}]`,
    `[2606:4700::200:5efe:${address}]`,
  ];
}

/** Refused whatever the resolver answers. */
export const CLOSED_URLS = [
  // Schemes
  'file:///etc/passwd', 'file://localhost/etc/passwd', 'FILE:///etc/passwd', 'ftp://a.example/', 'ftps://a.example/', 'gopher://a.example:70/_x',
  'dict://a.example:11211/stats', 'ldap://a.example/', 'ldaps://a.example/', 'tftp://a.example/x', 'sftp://a.example/', 'scp://a.example/',
  'ssh://a.example', 'telnet://a.example', 'smb://a.example/share', 'nfs://a.example/', 'jar:http://a.example!/', 'javascript:alert(1)',
  'data:text/html,<b>x</b>', 'data:,x', 'blob:http://a.example/1', 'about:blank', 'ws://a.example/', 'wss://a.example/', 'mailto:a@a.example',
  'view-source:http://a.example', 'chrome://settings', 'php://filter', 'phar://x', 'netdoc:///etc/passwd', 'unix:/run/docker.sock',
  'http+unix://%2Frun%2Fdocker.sock/', 'httpx://a.example/', 'https+x://a.example', 'htt p://a.example/', 'h\u200bttp://a.example/',
  'ｈttp://a.example/', 'url:http://a.example/', '\\\\a.example\\share', 'C:\\Windows\\win.ini', '/etc/passwd', '//a.example/', 'a.example', '', ' ',
  'http', 'http:', 'http:/', 'http://', 'http:///', 'http:////a.example', 'http:a.example', 'http:/a.example', 'http:\\\\a.example', 'http:/\\a.example',
  'http://?x', 'http://#x', 'http:// a.example/', ' http://a.example/', '\thttp://a.example/', 'http://a.example\n/', 'http://a.exa\nmple/',
  'ht\ntp://a.example/', 'http://a.exa\tmple/', 'http://a.example/\r\nHost: b', 'http://a.example/\0', 'http://a.ex\u0000ample/', 'http://a\u2028.example/',
  // Credentials and confusions of host
  'http://user@a.example/', 'http://user:pass@a.example/', 'http://@a.example/', 'http://:@a.example/', 'http://a.example@127.0.0.1/',
  'http://127.0.0.1@a.example/', 'http://a.example:80@127.0.0.1/', 'http://a.example%40127.0.0.1/', 'http://a.example\\@127.0.0.1/',
  'http://a.example\\.b.example/', 'http://127.0.0.1\\@a.example/', 'http://a.example/\\@127.0.0.1', 'http://1.1.1.1 &@2.2.2.2# @3.3.3.3/',
  'http://a.example&@127.0.0.1', 'http://127.0.0.1:80\\@a.example:80/', 'http://a.example:@127.0.0.1/', 'https://user%40a.example@127.0.0.1/',
  // Hosts that are no hosts
  'http://a..example/', 'http://.a.example/', 'http://a.example../', 'http://-/', 'http://[/', 'http://]/', 'http://[::1/', 'http://::1/', 'http://[]/',
  'http://[:]/', 'http://[:::1]/', 'http://[::1%25lo]/', 'http://[::1%lo]/', 'http://[fe80::1%25eth0]/', 'http://[fe80::1%eth0]/', 'http://[v1.a]/',
  'http://[::ffff:127.0.0.1%25]/', 'http://[::ffff:0x7f.0.0.1]/', 'http://[::ffff:127.1]/', 'http://[127.0.0.1]/', 'http://[::127.0.0.1.]/',
  'http://256.256.256.256/', 'http://127.0.0.256/', 'http://4294967296/', 'http://0x100000000/', 'http://1.2.3.4.5/', 'http://1.2.3.08/', 'http://09.1.1.1/',
  'http://a.example.1/', 'http://a.0x7f/', 'http://foo.127/', 'http://a b/', 'http://a<b/', 'http://a|b/', 'http://a^b/',
  'http://a%00b/', 'http://a%20b/', 'http://a%2fb/', 'http://a%23b/', 'http://a%5cb/', 'http://a%/', 'http://$(id).example/', 'http://`id`.example/',
  "http://a'b.example/", 'http://a;b.example/', 'http://a,b.example/', 'http://a!b.example/', 'http://{a,b}.example/', 'http://*.example/', 'http://a*b/',
  'http://xn--/', 'http://-a.example/', 'http://a-.example/', `http://${'a'.repeat(64)}.example/`, `http://${'a.'.repeat(130)}example/`, `http://a.example/${'a'.repeat(9000)}`,
  // Names of this machine, its network and clouds
  'http://localhost/', 'http://LOCALHOST/', 'http://LocalHost:8080/', 'http://localhost./', 'https://localhost:443/', 'http://a.localhost/',
  'http://a.b.localhost./', 'http://loc%61lhost/', 'http://loc\u00adalhost/', 'http://ｌｏｃａｌｈｏｓｔ/', 'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/', 'http://localhoſt/', 'http://lo\u200bcalhost/',
  'http://localhost。/', 'http://localhost4/', 'http://localhost6/', 'http://localhost.localdomain/', 'http://localhost6.localdomain6/', 'http://ip6-localhost/',
  'http://ip6-loopback/', 'http://loopback/', 'http://broadcasthost/', 'http://printer.local/', 'http://nas.LOCAL./', 'http://router.home.arpa/',
  'http://metadata/', 'http://metadata/computeMetadata/v1/', 'http://metadata.google.internal/', 'http://METADATA.google.internal./', 'http://instance-data/',
  'http://instance-data.ec2.internal/', 'http://host.docker.internal/', 'http://gateway.docker.internal:2375/', 'http://kubernetes/', 'http://kubernetes.default/',
  'http://kubernetes.default.svc/', 'http://kubernetes.default.svc.cluster.local/', 'http://vault.internal/', 'http://db.svc/', 'http://x.onion/',
  'http://1.0.0.127.in-addr.arpa/', 'http://internal/', 'http://local/',
  // Ports of other protocols
  ...[0, 1, 7, 9, 19, 21, 22, 23, 25, 53, 69, 110, 111, 135, 137, 139, 143, 161, 389, 465, 512, 514, 587, 636, 993, 995, 2049, 5060, 6000, 6667, 6697, 10080].map(
    (port) => `http://a.example:${port}/`,
  ),
  'http://a.example:022/', 'http://a.example:65536/', 'http://a.example:-1/', 'http://a.example:80a/', 'http://a.example:0x50/', 'http://a.example:80:80/',
];

/** Ordinary addresses that must stay reachable. */
export const OPEN_URLS = [
  'http://a.example', 'https://a.example/', 'HTTPS://A.EXAMPLE/Path', 'http://a.example:80/', 'https://a.example:443/', 'http://a.example:8080/x', 'https://a.example:8443/',
  'http://a.example:3000/', 'http://a.example:/', 'http://a.example./', 'https://api.example/v1/things?id=1&x=%20#frag', 'https://a.example/a@b', 'https://a.example/?u=user:pass@host',
  'https://a.example/%2e%2e/x', 'https://a.example/../x', 'https://a.example/a\u00a0b', 'https://a.example/?q=a\\b', 'https://a.example/#\\', 'https://a.example/?next=http://127.0.0.1/',
  'https://a.example/127.0.0.1', 'https://127.0.0.1.a.example/', 'https://localhost.a.example/', 'https://notlocalhost/', 'https://mylocal/', 'https://internal.a.example/',
  'https://metadata.a.example/', 'https://a_b.example/', 'https://a-b.example/', 'https://xn--bcher-kva.example/', 'https://bücher.example/', 'https://한국.example/', 'https://例え.example/',
  'https://1.a.example/', 'https://0x7f.a.example/', 'https://a.example/;p=1', "https://a.example/it's", 'https://a.example/(x)', 'https://a.example/~user/', 'https://a.example/*',
  `https://${'a'.repeat(63)}.example/`, `https://a.example/${'a'.repeat(4000)}`, 'https://8.8.8.8/', 'https://1.1.1.1:443/', 'http://134744072/', 'http://8.8.8.8./',
];
