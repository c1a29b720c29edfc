import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type PackageParts, verifyPackage } from '../../../src/core/marketplace/package-format.ts';
import { keyIdOf, rawPublicKey, readPublicKey, signBytes } from '../../../src/core/marketplace/signature.ts';
import { newKey, signedPackage } from './marketplace-kit.ts';

const key = newKey();

function spelled(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function withSignature(signature: object | string): PackageParts {
  const text = typeof signature === 'string' ? signature : spelled(signature);
  return { ...signedPackage(key), signature: Buffer.from(text) };
}

function refusal(parts: PackageParts): string {
  try {
    verifyPackage(parts);
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
}

test('a public key of its own is taken', () => {
  const raw = rawPublicKey(key);
  expect(readPublicKey(raw.toString('base64'))).toEqual(raw);
});

describe('a signature', () => {
  const good = JSON.parse(Buffer.from(signedPackage(key).signature).toString()) as Record<string, string>;
  const value = good['signature'] ?? '';

  test.each<[string, object | string, RegExp]>([
    [
      'of another key under the same id',
      { ...good, ...other(), key_id: good['key_id'] },
      /names the key .* and brings/,
    ],
    ['of another document', { ...signBytes(key, Buffer.from('x')) }, /does not fit/],
    ['in base64url', { ...good, signature: base64url(value) }, /not in plain base64/],
    ['without padding', { ...good, signature: value.replaceAll('=', '') }, /not in plain base64/],
    ['with spare bits in base64', { ...good, signature: spareBits(value) }, /not in plain base64/],
    [
      'with a line break in base64',
      { ...good, signature: `${value.slice(0, 40)}\n${value.slice(40)}` },
      /plain base64/,
    ],
    ['that is short', { ...good, signature: value.slice(0, 84) }, /63 bytes instead of 64/],
    ['with a high S', { ...good, signature: highS(value) }, /does not fit/],
    ['with another member', { ...good, algorithm: 'none' }, /Unrecognized key/],
    ['without a key', { ...good, public_key: undefined }, /at public_key/],
    ['with trailing bytes', `${spelled(good)}x`, /goes on after its end/],
  ])('%s is refused', (_, signature, reason) => {
    expect(refusal(withSignature(signature))).toMatch(reason);
  });

  // Encodings of the points of small order, and of numbers above the field's prime: with them one signature fits any text.
  test.each([
    '0100000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000080',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ])('under the key %s is refused', (hex) => {
    const raw = Buffer.from(hex, 'hex');
    const forged = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]);
    const signature = {
      key_id: keyIdOf(raw),
      public_key: raw.toString('base64'),
      signature: forged.toString('base64'),
    };
    expect(refusal(withSignature(signature))).toMatch(/under which anybody can sign|not in its one form/);
  });

  // RFC 8032, section 7.1, test 2: the key and signature of a program that is not ours.
  test('of the standard is made and found good', () => {
    const seed = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex');
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
    const known = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
    const { public_key, signature } = signBytes(known, Buffer.from([0x72]));
    expect(Buffer.from(public_key, 'base64').toString('hex')).toMatch(/^3d4017c3e843895a92b70aa74d1b7ebc/);
    expect(Buffer.from(signature, 'base64').toString('hex')).toMatch(/^92a009a9f0d4cab8720e820b5f642540/);
  });
});

function other(): { public_key: string; signature: string } {
  const stranger: KeyObject = newKey();
  const { public_key } = signBytes(stranger, Buffer.from('x'));
  return { public_key, signature: sign(null, signedPackage(key).manifest, stranger).toString('base64') };
}

function base64url(text: string): string {
  return Buffer.from(text, 'base64').toString('base64url');
}

/** The same bytes with bits set that base64 throws away. */
function spareBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const at = text.indexOf('=') - 1;
  return `${text.slice(0, at)}${alphabet[alphabet.indexOf(text[at] ?? 'A') + 1]}${text.slice(at + 1)}`;
}

/** The same signature with the order of the group added to S (RFC 8032 demands S below it). */
function highS(text: string): string {
  const raw = Buffer.from(text, 'base64');
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(raw.subarray(32).toReversed()).toString('hex')}`) + order;
  const bytes = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').toReversed();
  return Buffer.concat([raw.subarray(0, 32), bytes]).toString('base64');
}
