import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const hash = openTool('hash_generator');
const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

describe.each(ALGORITHMS)('%s', (algorithm) => {
  test('is that of the platform for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (text) => {
        await expect(hash({ text, algorithm })).resolves.toBe(createHash(algorithm).update(text).digest('hex'));
      }),
      { numRuns: 8 },
    );
  });

  test('is that of the platform at every edge of a block', async () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 1000]) {
      const text = 'a'.repeat(length);
      expect(await hash({ text, algorithm }), `${length}`).toBe(createHash(algorithm).update(text).digest('hex'));
    }
  });

  test('as HMAC is that of the platform, whatever the length of the key', async () => {
    for (const key of ['', 'k', 'k'.repeat(64), 'k'.repeat(65), 'k'.repeat(128), 'k'.repeat(129), '열쇠']) {
      const expected = createHmac(algorithm, key).update('text 한글').digest('base64');
      expect(await hash({ text: 'text 한글', algorithm, key, output_encoding: 'base64' })).toBe(expected);
    }
  });
});

test('bytes are given as hexadecimal or base64', async () => {
  const bytes = Buffer.from([0, 255, 128, 1]);
  const expected = createHash('sha256').update(bytes).digest('hex');
  await expect(hash({ text: bytes.toString('hex'), input_encoding: 'hex' })).resolves.toBe(expected);
  await expect(hash({ text: bytes.toString('base64'), input_encoding: 'base64' })).resolves.toBe(expected);
});

test('CRC-32 is that of zlib', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      await expect(hash({ text, algorithm: 'crc32' })).resolves.toBe(crc32(text).toString(16).padStart(8, '0'));
    }),
    { numRuns: 8 },
  );
});

test('a text of the greatest length is hashed in time, with each algorithm', async () => {
  const text = 'x'.repeat(100_000);
  for (const algorithm of ALGORITHMS)
    expect(await hash({ text, algorithm })).toBe(createHash(algorithm).update(text).digest('hex'));
});

test('an expected hash is compared', async () => {
  const expected = createHash('sha256').update('abc').digest('hex');
  await expect(hash({ text: 'abc', expected: expected.toUpperCase() })).resolves.toEqual({
    hash: expected,
    matches: true,
  });
  await expect(hash({ text: 'abd', expected })).resolves.toMatchObject({ matches: false });
});

test.each([
  [{ text: 'xyz', input_encoding: 'hex' }, /no hexadecimal/],
  [{ text: 'abc', input_encoding: 'hex' }, /no hexadecimal/],
  [{ text: '!!!', input_encoding: 'base64' }, /base64/],
  [{ text: 'a', algorithm: 'crc32', key: 'k' }, /no HMAC with crc32/],
  [{ text: 'a', algorithm: 'md4' }, /algorithm/],
])('%j is refused', async (input, reason) => {
  await expect(hash(input)).rejects.toThrow(reason);
});
