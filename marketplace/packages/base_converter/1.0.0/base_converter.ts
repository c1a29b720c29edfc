import { defineTool, z } from 'claw/tool';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const PREFIXES: Readonly<Record<string, number>> = { '0b': 2, '0o': 8, '0x': 16 };
const NAMES: Readonly<Record<number, string>> = { 2: 'binary', 8: 'octal', 10: 'decimal', 16: 'hexadecimal' };

/** A number as a fraction: exact in every base. */
interface Fraction {
  isNegative: boolean;
  numerator: bigint;
  denominator: bigint;
}

/** Sign, then digits of `base`, then perhaps a point and more, of which the last may repeat in brackets: 0.1(6). `_` and spaces group digits. */
function read(text: string, base: number | undefined): { value: Fraction; base: number } {
  const plain = text.toLowerCase().replace(/[\s_]/g, '');
  const isNegative = plain.startsWith('-') || plain.startsWith('−');
  const unsigned = plain.replace(/^[+−-]/, '');
  const prefix = PREFIXES[unsigned.slice(0, 2)];
  // 0b1 in base 16 is a number of its own.
  const hasPrefix = prefix !== undefined && (base === undefined || base === prefix);
  const used = base ?? prefix ?? 10;
  const digits = hasPrefix ? unsigned.slice(2) : unsigned;
  const match = /^([0-9a-z]*)(?:\.([0-9a-z]*)(?:\(([0-9a-z]+)\))?)?$/.exec(digits);
  const [, whole = '', fixed = '', repeated = ''] = match ?? [];
  if (match === null || whole + fixed + repeated === '')
    throw new Error(`${JSON.stringify(text)} is no number: digits, at most one point, no exponent`);
  for (const digit of whole + fixed + repeated)
    if (DIGITS.indexOf(digit) >= used)
      throw new Error(
        `${JSON.stringify(digit)} is no digit of base ${used}${NAMES[used] === undefined ? '' : ` (${NAMES[used]})`}`,
      );
  const radix = BigInt(used);
  const scale = radix ** BigInt(fixed.length);
  const start = parse(whole + fixed, radix);
  if (repeated === '') return { value: reduce({ isNegative, numerator: start, denominator: scale }), base: used };
  const nines = radix ** BigInt(repeated.length) - 1n;
  return {
    value: reduce({ isNegative, numerator: start * nines + parse(repeated, radix), denominator: scale * nines }),
    base: used,
  };
}

/** Halves at a time: long numbers cost little more than their length. */
function parse(digits: string, radix: bigint): bigint {
  if (digits.length <= 8) return [...digits].reduce((sum, digit) => sum * radix + BigInt(DIGITS.indexOf(digit)), 0n);
  const half = digits.length >> 1;
  const tail = digits.slice(half);
  return parse(digits.slice(0, half), radix) * radix ** BigInt(tail.length) + parse(tail, radix);
}

function reduce({ isNegative, numerator, denominator }: Fraction): Fraction {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { isNegative: isNegative && numerator !== 0n, numerator: numerator / a, denominator: denominator / a };
}

/** Digits after the point until they end or repeat, at most `limit`. */
function fractionDigits(
  rest: bigint,
  denominator: bigint,
  radix: bigint,
  limit: number,
): { digits: string; isCut: boolean } {
  const seen = new Map<bigint, number>();
  let digits = '';
  for (let left = rest; left !== 0n;) {
    const start = seen.get(left);
    if (start !== undefined) return { digits: `${digits.slice(0, start)}(${digits.slice(start)})`, isCut: false };
    if (digits.length >= limit) return { digits, isCut: true };
    seen.set(left, digits.length);
    digits += DIGITS.charAt(Number((left * radix) / denominator));
    left = (left * radix) % denominator;
  }
  return { digits, isCut: false };
}

function write(
  { isNegative, numerator, denominator }: Fraction,
  base: number,
  limit: number,
): { value: string; is_exact: boolean } {
  const whole = (numerator / denominator).toString(base);
  const { digits, isCut } = fractionDigits(numerator % denominator, denominator, BigInt(base), limit);
  return { value: `${isNegative ? '-' : ''}${whole}${digits === '' ? '' : `.${digits}`}`, is_exact: !isCut };
}

/** The pattern of `bits` bits that stands for the number in two's complement. */
function twosComplement({ isNegative, numerator, denominator }: Fraction, base: number, bits: number): string {
  if (denominator !== 1n) throw new Error("two's complement is for whole numbers");
  const value = isNegative ? -numerator : numerator;
  const [least, beyond] = [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits)];
  if (value < least || value >= beyond) throw new Error(`${value} does not fit into ${bits} bits`);
  const width = base === 2 ? bits : base === 16 ? Math.ceil(bits / 4) : base === 8 ? Math.ceil(bits / 3) : 0;
  return (isNegative ? beyond + value : value).toString(base).padStart(width, '0');
}

export default defineTool({
  name: 'base_converter',
  description:
    "Converts numbers of any length between bases 2 to 36, exactly, with fractions (repeating digits in brackets) and two's complement.",
  input: z.object({
    value: z.string().min(1).max(2000).describe('ff, 0b1010, -3.14, 0.1(6); _ groups digits.'),
    from: z.int().min(2).max(36).optional().describe('By the prefix 0b, 0o, 0x, else 10.'),
    to: z.int().min(2).max(36).default(10),
    digits: z.int().min(1).max(1000).default(100).describe('After the point, at most.'),
    bits: z.int().min(2).max(1024).optional().describe("Answer as a two's complement pattern of this width."),
  }),
  idempotent: true,
  examples: [
    { input: { value: '255', to: 16 }, output: { value: 'ff', base: 16, is_exact: true } },
    { input: { value: '0.1', to: 2 }, output: { value: '0.0(0011)', base: 2, is_exact: true } },
    {
      input: { value: '0xdeadbeef', to: 2 },
      output: { value: '11011110101011011011111011101111', base: 2, is_exact: true },
    },
    { input: { value: '-1', to: 16, bits: 8 }, output: { value: 'ff', base: 16, is_exact: true } },
  ],
  run({ value, from, to, digits, bits }) {
    const number = read(value, from).value;
    if (bits !== undefined) return { value: twosComplement(number, to, bits), base: to, is_exact: true };
    const { value: text, is_exact } = write(number, to, digits);
    return { value: text, base: to, is_exact };
  },
});
