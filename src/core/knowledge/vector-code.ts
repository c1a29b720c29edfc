/** Owns the two short forms of a vector: its signs, a bit each, which tell cheaply what may be near, and its values as bytes, which tell how near. Pure. */

export interface VectorCode {
  /** 32 signs a word, in whole words. */
  readonly code: Uint8Array;
  /** Each value as a signed byte, the greatest as 127. */
  readonly vector: Uint8Array;
}

/** Throws for a vector without a direction. */
export function encodeVector(values: Float32Array): VectorCode {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  if (!(most > 0) || !Number.isFinite(most)) throw new RangeError('a vector of nothing');
  const words = new Uint32Array(Math.ceil(values.length / 32));
  const bytes = new Int8Array(values.length);
  values.forEach((value, at) => {
    bytes[at] = Math.round((value / most) * 127);
    if (value > 0) words[at >> 5] = ((words[at >> 5] ?? 0) | (1 << (at & 31))) >>> 0;
  });
  return { code: new Uint8Array(words.buffer), vector: new Uint8Array(bytes.buffer) };
}

/** The words of a code; copied, because a blob may begin anywhere. */
export function wordsOf(code: Uint8Array): Int32Array {
  return new Int32Array(Uint8Array.from(code).buffer);
}

/** Cosine of two vectors in bytes, -1 to 1; undefined when they are of different lengths. */
export function similarity(a: Uint8Array, b: Uint8Array): number | undefined {
  if (a.length !== b.length || a.length === 0) return undefined;
  const [left, right] = [signed(a), signed(b)];
  let [dot, leftSize, rightSize] = [0, 0, 0];
  for (let at = 0; at < left.length; at += 1) {
    const x = left[at] ?? 0;
    const y = right[at] ?? 0;
    dot += x * y;
    leftSize += x * x;
    rightSize += y * y;
  }
  return dot / Math.sqrt(leftSize * rightSize);
}

const signed = ({ buffer, byteOffset, length }: Uint8Array): Int8Array => new Int8Array(buffer, byteOffset, length);

/** How many bits of a word are set (Warren, Hacker's Delight, 5-1). */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
