import { defineTool, z } from 'claw/tool';

/** MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), HMAC (RFC 2104), CRC-32 (ISO 3309): written out, for there is no crypto library here. */

type Hash = (bytes: Uint8Array) => Uint8Array;

const MASK = (1n << 64n) - 1n;

function primes(count: number): bigint[] {
  const found: number[] = [];
  for (let next = 2; found.length < count; next += 1) if (found.every((prime) => next % prime !== 0)) found.push(next);
  return found.map(BigInt);
}

/** The first 64 bits after the point of the root of `value`. */
function rootBits(value: bigint, degree: 2n | 3n): bigint {
  const shifted = value << (64n * degree);
  let [low, high] = [0n, 1n << 70n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= shifted) low = middle;
    else high = middle;
  }
  return low & MASK;
}

/** FIPS 180-4, 4.2.2 and 4.2.3; those of SHA-256 are the upper halves. */
const cubeRoots = (): bigint[] => primes(80).map((prime) => rootBits(prime, 3n));
const squareRoots = (count: number, from = 0): bigint[] =>
  primes(from + count)
    .slice(from)
    .map((prime) => rootBits(prime, 2n));
const upper = (value: bigint): number => Number(value >> 32n);
const lower = (value: bigint): number => Number(value & 0xffffffffn);

/** The message with its 1 bit, zeros and length in bits. */
function padded(bytes: Uint8Array, block: 64 | 128, isLittle = false): DataView {
  const lengthBytes = block / 8;
  const total = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block;
  const out = new Uint8Array(total);
  out.set(bytes);
  out[bytes.length] = 0x80;
  const view = new DataView(out.buffer);
  view.setBigUint64(isLittle ? total - lengthBytes : total - 8, BigInt(bytes.length) * 8n, isLittle);
  return view;
}

function words32(values: readonly number[], isLittle = false): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, isLittle);
  return new Uint8Array(view.buffer);
}

const left = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const right = (value: number, by: number): number => (value >>> by) | (value << (32 - by));

const MD5_TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

function md5(bytes: Uint8Array): Uint8Array {
  const sines = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32));
  const view = padded(bytes, 64, true);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as [number, number, number, number];
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a, b, c, d] = state;
    for (let step = 0; step < 64; step += 1) {
      const round = step >> 4;
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round] ?? 0;
      const word = [step, 5 * step + 1, 3 * step + 5, 7 * step][round] ?? 0;
      const sum = (a + mixed + (sines[step] ?? 0) + view.getUint32(at + (word % 16) * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + left(sum, MD5_TURNS[round * 4 + (step % 4)] ?? 0)) | 0];
    }
    for (const [index, value] of [a, b, c, d].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
  }
  return words32(state, true);
}

function sha1(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 64);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words = new Int32Array(80);
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let step = 0; step < 80; step += 1)
      words[step] =
        step < 16
          ? view.getInt32(at + step * 4)
          : left(
              (words[step - 3] ?? 0) ^ (words[step - 8] ?? 0) ^ (words[step - 14] ?? 0) ^ (words[step - 16] ?? 0),
              1,
            );
    let [a, b, c, d, e] = state as [number, number, number, number, number];
    for (let step = 0; step < 80; step += 1) {
      const round = Math.floor(step / 20);
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round] ?? 0;
      const sum = (left(a, 5) + mixed + e + constant + (words[step] ?? 0)) | 0;
      [e, d, c, b, a] = [d, c, left(b, 30), a, sum];
    }
    for (const [index, value] of [a, b, c, d, e].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
  }
  return words32(state);
}

function sha256With(start: readonly number[], length: number): Hash {
  return (bytes) => {
    const constants = cubeRoots().map(upper);
    const view = padded(bytes, 64);
    const state = [...start];
    const words = new Int32Array(64);
    for (let at = 0; at < view.byteLength; at += 64) {
      for (let step = 0; step < 64; step += 1) {
        const [near, far] = [words[step - 2] ?? 0, words[step - 15] ?? 0];
        const small = right(far, 7) ^ right(far, 18) ^ (far >>> 3);
        const large = right(near, 17) ^ right(near, 19) ^ (near >>> 10);
        words[step] =
          step < 16 ? view.getInt32(at + step * 4) : large + (words[step - 7] ?? 0) + small + (words[step - 16] ?? 0);
      }
      let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
      for (let step = 0; step < 64; step += 1) {
        const large = right(e, 6) ^ right(e, 11) ^ right(e, 25);
        const first = (h + large + ((e & f) ^ (~e & g)) + (constants[step] ?? 0) + (words[step] ?? 0)) | 0;
        const second = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
      }
      for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
    }
    return words32(state).subarray(0, length);
  };
}

const turn = (value: bigint, by: bigint): bigint => (value >> by) | ((value << (64n - by)) & MASK);

function sha512With(start: readonly bigint[], length: number): Hash {
  return (bytes) => {
    const constants = cubeRoots();
    const view = padded(bytes, 128);
    const state = [...start];
    for (let at = 0; at < view.byteLength; at += 128) {
      const words: bigint[] = Array.from({ length: 16 }, (_, index) => view.getBigUint64(at + index * 8));
      for (let step = 16; step < 80; step += 1) {
        const [near, far] = [words[step - 2] ?? 0n, words[step - 15] ?? 0n];
        const small = turn(far, 1n) ^ turn(far, 8n) ^ (far >> 7n);
        const large = turn(near, 19n) ^ turn(near, 61n) ^ (near >> 6n);
        words.push((large + (words[step - 7] ?? 0n) + small + (words[step - 16] ?? 0n)) & MASK);
      }
      let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
      for (let step = 0; step < 80; step += 1) {
        const large = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
        const first = h + large + ((e & f) ^ ((e ^ MASK) & g)) + (constants[step] ?? 0n) + (words[step] ?? 0n);
        const second = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & MASK, c, b, a, (first + second) & MASK];
      }
      for (const [index, value] of [a, b, c, d, e, f, g, h].entries())
        state[index] = ((state[index] ?? 0n) + value) & MASK;
    }
    const out = new DataView(new ArrayBuffer(64));
    for (const [index, value] of state.entries()) out.setBigUint64(index * 8, value);
    return new Uint8Array(out.buffer).subarray(0, length);
  };
}

function crc32(bytes: Uint8Array): Uint8Array {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return words32([~sum]);
}

const HASHES: Readonly<Record<string, { block: number; make: () => Hash }>> = {
  md5: { block: 64, make: () => md5 },
  sha1: { block: 64, make: () => sha1 },
  sha224: { block: 64, make: () => sha256With(squareRoots(8, 8).map(lower), 28) },
  sha256: {
    block: 64,
    make: () => sha256With(squareRoots(8).map(upper), 32),
  },
  sha384: { block: 128, make: () => sha512With(squareRoots(8, 8), 48) },
  sha512: { block: 128, make: () => sha512With(squareRoots(8), 64) },
  crc32: { block: 0, make: () => crc32 },
};

function hmac(hash: Hash, block: number, key: Uint8Array, message: Uint8Array): Uint8Array {
  const full = new Uint8Array(block);
  full.set(key.length > block ? hash(key) : key);
  const padded = (byte: number): Uint8Array => full.map((value) => value ^ byte);
  return hash(joined(padded(0x5c), hash(joined(padded(0x36), message))));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

function decode(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(text);
  if (encoding === 'base64') return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new Error('the text is no hexadecimal: two digits a byte');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function encode(bytes: Uint8Array, encoding: string): string {
  if (encoding === 'base64') return btoa(String.fromCharCode(...bytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export default defineTool({
  name: 'hash_generator',
  description:
    'The MD5, SHA-1, SHA-2 or CRC-32 of a text, or its HMAC with a key. MD5, SHA-1 and CRC-32 are no protection.',
  input: z.object({
    text: z.string().max(100_000),
    algorithm: z.enum(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'crc32']).default('sha256'),
    key: z.string().max(1000).optional().describe('Makes an HMAC. UTF-8.'),
    input_encoding: z.enum(['utf8', 'hex', 'base64']).default('utf8').describe('What text is.'),
    output_encoding: z.enum(['hex', 'base64']).default('hex'),
    expected: z.string().max(200).optional().describe('A hash to compare with.'),
  }),
  idempotent: true,
  examples: [
    { input: { text: 'abc' }, output: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    { input: { text: 'abc', algorithm: 'md5' }, output: '900150983cd24fb0d6963f7d28e17f72' },
    {
      input: { text: 'what do ya want for nothing?', key: 'Jefe', algorithm: 'md5' },
      output: '750c783e6ab0b503eaa86e310a5db738',
    },
    {
      input: { text: '123456789', algorithm: 'crc32', expected: 'CBF43926' },
      output: { hash: 'cbf43926', matches: true },
    },
  ],
  run({ text, algorithm, key, input_encoding, output_encoding, expected }) {
    const { block, make } = HASHES[algorithm] ?? { block: 0, make: () => crc32 };
    if (key !== undefined && block === 0) throw new Error(`there is no HMAC with ${algorithm}`);
    const [hash, bytes] = [make(), decode(text, input_encoding)];
    const made = encode(
      key === undefined ? hash(bytes) : hmac(hash, block, new TextEncoder().encode(key), bytes),
      output_encoding,
    );
    if (expected === undefined) return made;
    const wanted = output_encoding === 'hex' ? expected.trim().toLowerCase() : expected.trim();
    return { hash: made, matches: made === wanted };
  },
});
