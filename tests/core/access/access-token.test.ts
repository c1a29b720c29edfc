import { createHmac, generateKeyPairSync, randomUUID, sign as signBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createAccessTokens } from '../../../src/core/access/access-token.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { SECRET } from './access-kit.ts';

const NOW = 1_790_000_000;
const clock = { ...systemClock, now: () => NOW * 1000 };
const tokens = createAccessTokens({ clock, secret: async () => SECRET });

const HEADER = { alg: 'HS256', typ: 'at+jwt' };
const CLAIMS = {
  iss: 'claw',
  aud: 'claw-api',
  sub: 'u1',
  sid: 'f1',
  jti: '0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d',
  iat: NOW,
  exp: NOW + 900,
};

const base64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token with a good signature over whatever header and payload. */
function signed(header: unknown, payload: unknown, { secret = SECRET, hash = 'sha256' } = {}): string {
  const input = `${base64(header)}.${base64(payload)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

const withHeader = (more: object): string => signed({ ...HEADER, ...more }, CLAIMS);
const withClaims = (more: object): string => signed(HEADER, { ...CLAIMS, ...more });
function without(name: string): string {
  return signed(HEADER, Object.fromEntries(Object.entries(CLAIMS).filter(([each]) => each !== name)));
}

const GOOD = signed(HEADER, CLAIMS);
const [head = '', body = '', mac = ''] = GOOD.split('.');

/** Another spelling of the same bytes: the last character holds bits that count for nothing. */
function respelled(part: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = letters.indexOf(part.at(-1) ?? '');
  return part.slice(0, -1) + (letters[last ^ 1] ?? '');
}

function rsaSigned(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const input = `${base64({ alg: 'RS256', typ: 'at+jwt' })}.${base64(CLAIMS)}`;
  return `${input}.${signBytes('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

const JWK = { kty: 'oct', k: Buffer.from('attacker'.repeat(4)).toString('base64url') };

/** What is wrong, and a token with just that. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['no text at all', ' '],
  ['one part', head],
  ['two parts', `${head}.${body}`],
  ['two parts and a dot', `${head}.${body}.`],
  ['four parts', `${GOOD}.${mac}`],
  ['five parts', `${head}.${body}.${mac}.${mac}.${mac}`],
  ['only dots', '..'],
  ['empty header', `.${body}.${mac}`],
  ['empty payload', `${head}..${mac}`],
  ['payload tampered with', `${head}.${base64({ ...CLAIMS, sub: 'u2' })}.${mac}`],
  ['signature cut', GOOD.slice(0, -1)],
  ['signature longer', `${GOOD}A`],
  ['signature of zeros', `${head}.${body}.${'A'.repeat(43)}`],
  ['first bit of the signature', `${head}.${body}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`],
  ['another spelling of the signature', `${head}.${body}.${respelled(mac)}`],
  ['padding', `${head}.${body}.${mac}=`],
  ['base64 of the other alphabet', `${head}.${body}.${mac.replaceAll('-', '+').replaceAll('_', '/')}+`],
  ['a space within', `${head}. ${body}.${mac}`],
  ['a line end after', `${GOOD}\n`],
  ['alg none', `${base64({ ...HEADER, alg: 'none' })}.${body}.`],
  ['alg none with a signature', withHeader({ alg: 'none' })],
  ['alg None', `${base64({ ...HEADER, alg: 'None' })}.${body}.`],
  ['alg NONE', `${base64({ ...HEADER, alg: 'NONE' })}.${body}.`],
  ['alg missing', signed({ typ: 'at+jwt' }, CLAIMS)],
  ['alg null', withHeader({ alg: null })],
  ['alg a list', withHeader({ alg: ['HS256'] })],
  ['alg in lower case', withHeader({ alg: 'hs256' })],
  ['HS384', signed({ ...HEADER, alg: 'HS384' }, CLAIMS, { hash: 'sha384' })],
  ['HS512', signed({ ...HEADER, alg: 'HS512' }, CLAIMS, { hash: 'sha512' })],
  ['HS512 said, HS256 done', withHeader({ alg: 'HS512' })],
  ['RS256', rsaSigned()],
  ['another key', signed(HEADER, CLAIMS, { secret: 'another-secret-of-32-characters!' })],
  ['an empty key', signed(HEADER, CLAIMS, { secret: '' })],
  ['key with a zero after', signed(HEADER, CLAIMS, { secret: `${SECRET}\u0001` })],
  ['jwk in the header', signed({ ...HEADER, jwk: JWK }, CLAIMS, { secret: 'attacker'.repeat(4) })],
  ['jwk beside a good signature', withHeader({ jwk: JWK })],
  ['jku', withHeader({ jku: 'http://127.0.0.1/keys' })],
  ['x5u', withHeader({ x5u: 'http://127.0.0.1/cert' })],
  ['x5c', withHeader({ x5c: ['AAAA'] })],
  ['kid', withHeader({ kid: '../../dev/null' })],
  ['kid with SQL', withHeader({ kid: "' or 1=1 --" })],
  ['crit', withHeader({ crit: ['exp'] })],
  ['crit and b64', withHeader({ crit: ['b64'], b64: false })],
  ['zip', withHeader({ zip: 'DEF' })],
  ['an unknown header', withHeader({ x: 1 })],
  ['a header twice', signed('{"alg":"none","alg":"HS256","typ":"at+jwt"}', CLAIMS)],
  ['headers in another order', signed('{"typ":"at+jwt","alg":"HS256"}', CLAIMS)],
  ['header with a space', signed('{"alg": "HS256","typ":"at+jwt"}', CLAIMS)],
  ['header that is no JSON', signed('alg=HS256', CLAIMS)],
  ['header that is a list', signed([HEADER], CLAIMS)],
  ['typ JWT', withHeader({ typ: 'JWT' })],
  ['typ missing', signed({ alg: 'HS256' }, CLAIMS)],
  ['payload that is no JSON', signed(HEADER, 'sub=u1')],
  ['payload that is a text', signed(HEADER, '"u1"')],
  ['payload that is a list', signed(HEADER, [CLAIMS])],
  ['payload that is null', signed(HEADER, 'null')],
  ['a claim twice', signed(HEADER, `{"sub":"u2",${JSON.stringify(CLAIMS).slice(1)}`)],
  ['an unknown claim', withClaims({ role: 'admin' })],
  ['__proto__', signed(HEADER, `${JSON.stringify(CLAIMS).slice(0, -1)},"__proto__":{"sub":"u2"}}`)],
  ...Object.keys(CLAIMS).map((name) => [`${name} missing`, without(name)] as const),
  ['another iss', withClaims({ iss: 'claw.example.com' })],
  ['iss a list', withClaims({ iss: ['claw'] })],
  ['another aud', withClaims({ aud: 'claw' })],
  ['aud a list', withClaims({ aud: ['claw-api'] })],
  ['aud empty', withClaims({ aud: '' })],
  ['sub empty', withClaims({ sub: '' })],
  ['sub a number', withClaims({ sub: 1 })],
  ['sub an object', withClaims({ sub: { id: 'u1' } })],
  ['jti no id', withClaims({ jti: '1' })],
  ['expired', withClaims({ iat: NOW - 900, exp: NOW })],
  ['expired long ago', withClaims({ iat: 0, exp: 900 })],
  ['exp before iat', withClaims({ exp: NOW - 1 })],
  ['exp a text', withClaims({ exp: String(NOW + 900) })],
  ['exp null', withClaims({ exp: null })],
  ['exp a fraction', withClaims({ exp: NOW + 0.5 })],
  ['exp negative', withClaims({ exp: -1 })],
  ['exp without end', signed(HEADER, JSON.stringify(CLAIMS).replace(/"exp":\d+/, '"exp":1e400'))],
  ['exp in milliseconds', withClaims({ exp: (NOW + 900) * 1000 })],
  ['good for longer than a day', withClaims({ exp: NOW + 86_401 })],
  ['iat in the future', withClaims({ iat: NOW + 1 })],
  ['iat a text', withClaims({ iat: String(NOW) })],
  ['nbf in the future', withClaims({ nbf: NOW + 100 })],
  ['nbf at all', withClaims({ nbf: NOW })],
  ['huge', withClaims({ sub: 'u'.repeat(100_000) })],
  ['a huge text', 'a.'.repeat(500_000)],
  ['JSON serialisation', JSON.stringify({ payload: body, protected: head, signature: mac })],
];

test('the token that every other differs from is good', async () => {
  expect(await tokens.verify(GOOD)).toEqual({ sub: 'u1', sid: 'f1' });
});

test.each(REFUSED)('B13: refused: %s', async (_what, token) => {
  expect(await tokens.verify(token)).toBeUndefined();
});

test('B13: no change of one character is good', async () => {
  for (let at = 0; at < GOOD.length; at += 1) {
    const other = GOOD[at] === 'x' ? 'y' : 'x';
    expect(await tokens.verify(GOOD.slice(0, at) + other + GOOD.slice(at + 1)), `at ${at}`).toBeUndefined();
  }
});

test('B12: a token is good for the time it was made for, and no longer', async () => {
  let now = NOW * 1000;
  const own = createAccessTokens({ clock: { ...systemClock, now: () => now }, secret: async () => SECRET });
  const token = await own.sign({ sub: 'u1', sid: randomUUID() }, 900);
  const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as typeof CLAIMS;
  expect(exp - iat).toBe(900);
  now += 899_999;
  expect(await own.verify(token)).toMatchObject({ sub: 'u1' });
  now += 1;
  expect(await own.verify(token)).toBeUndefined();
});
