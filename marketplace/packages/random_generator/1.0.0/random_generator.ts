import { defineTool, z } from 'claw/tool';

/** Every draw comes from the generator of the system (crypto.getRandomValues), without bias. */

function bytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** Uniform in 0 … limit - 1, for limits up to 2^53: draws above the last whole multiple are thrown away. */
function below(limit: number): number {
  if (limit <= 1) return 0;
  const size = Math.ceil(Math.log2(limit) / 8) || 1;
  const span = 256 ** size;
  const usable = span - (span % limit);
  for (;;) {
    const value = bytes(size).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value < usable) return value % limit;
  }
}

/** Uniform in [0, 1) with 53 bits. */
function fraction(): number {
  const [high = 0, ...rest] = bytes(7);
  return rest.reduce((sum, byte) => sum * 256 + byte, high % 32) / 2 ** 53;
}

/** Fisher-Yates; `count` of them, in random order. */
function drawn<T>(list: readonly T[], count: number): T[] {
  const left = [...list];
  return Array.from({ length: count }, () => {
    const index = below(left.length);
    const [chosen] = left.splice(index, 1, left[left.length - 1] as T);
    left.pop();
    return chosen as T;
  });
}

interface Input {
  count: number;
  min?: number | undefined;
  max?: number | undefined;
  items?: string[] | undefined;
  dice?: string | undefined;
  length: number;
  symbols: boolean;
  unique: boolean;
}

function integers({ min = 1, max = 100, count, unique }: Input): number[] {
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max))
    throw new Error('min and max must be whole numbers below 2^53');
  if (min > max) throw new Error(`min (${min}) is above max (${max})`);
  const size = max - min + 1;
  if (size > Number.MAX_SAFE_INTEGER) throw new Error('the range is larger than 2^53');
  if (!unique) return Array.from({ length: count }, () => min + below(size));
  if (count > size) throw new Error(`there are only ${size} different numbers from ${min} to ${max}`);
  // Few of many are drawn again when they repeat; most of few are dealt like cards.
  if (size <= 4 * count)
    return drawn(
      Array.from({ length: size }, (_, index) => min + index),
      count,
    );
  const found = new Set<number>();
  while (found.size < count) found.add(min + below(size));
  return [...found];
}

function numbers({ min = 0, max = 1, count }: Input): number[] {
  if (min > max) throw new Error(`min (${min}) is above max (${max})`);
  if (!Number.isFinite(max - min)) throw new Error('the range is too large');
  return Array.from({ length: count }, () => Math.min(max, min + fraction() * (max - min)));
}

function choices({ items = [], count, unique }: Input): string[] {
  if (items.length === 0) throw new Error('items to choose from are needed');
  if (!unique) return Array.from({ length: count }, () => items[below(items.length)] ?? '');
  if (count > items.length) throw new Error(`there are only ${items.length} items to choose from`);
  return drawn(items, count);
}

interface Roll {
  rolls: number[];
  total: number;
}

/** `3d6`, `d20+5`, `2d10-1`. */
function roll(text: string): Roll {
  const match = /^\s*(\d{0,3})d(\d{1,6}|%)\s*(?:([+-])\s*(\d{1,6}))?\s*$/i.exec(text);
  if (match === null) throw new Error(`${JSON.stringify(text)} is no dice notation such as 3d6+2`);
  const [, count = '', sides = '', sign = '+', bonus = '0'] = match;
  const [dice, faces] = [count === '' ? 1 : Number(count), sides === '%' ? 100 : Number(sides)];
  if (dice < 1 || faces < 1) throw new Error('there must be at least one die with one side');
  const rolls = Array.from({ length: dice }, () => 1 + below(faces));
  const total = rolls.reduce((sum, each) => sum + each, 0) + (sign === '-' ? -1 : 1) * Number(bonus);
  return { rolls, total };
}

const LETTERS = 'abcdefghijkmnopqrstuvwxyz';
/** Without letters that look alike: l, I, O, 0, 1. */
const KINDS = [LETTERS, LETTERS.toUpperCase().replace(/[IO]/g, ''), '23456789', '!#$%&*+-=?@^_~'] as const;

/** At least one character of each kind; all places are equally likely for each. */
function password({ length, symbols: hasSymbols }: Input): string {
  const kinds = hasSymbols ? KINDS : KINDS.slice(0, 3);
  const all = [...kinds.join('')];
  const some = kinds.map((kind) => kind.charAt(below(kind.length)));
  const rest = Array.from({ length: length - some.length }, () => all[below(all.length)] ?? '');
  return drawn([...some, ...rest], length).join('');
}

function hex({ length }: Input): string {
  return Array.from(bytes(length), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function times<T>({ count }: Input, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

const GENERATORS: Readonly<Record<string, (input: Input) => unknown[]>> = {
  integer: integers,
  number: numbers,
  choice: choices,
  shuffle: ({ items = [] }) => drawn(items, items.length),
  dice: (input) => times(input, () => roll(input.dice ?? 'd6')),
  coin: (input) => times(input, () => (below(2) === 0 ? 'heads' : 'tails')),
  password: (input) => times(input, () => password(input)),
  uuid: (input) => times(input, () => crypto.randomUUID()),
  hex: (input) => times(input, () => hex(input)),
};

export default defineTool({
  name: 'random_generator',
  description:
    'Random values from the system: integers, numbers, choices, shuffles, dice, coins, passwords, UUIDs, hex bytes.',
  input: z.object({
    kind: z.enum(['integer', 'number', 'choice', 'shuffle', 'dice', 'coin', 'password', 'uuid', 'hex']),
    count: z.int().min(1).max(1000).default(1),
    min: z.number().optional().describe('Of integer (default 1) and number (0).'),
    max: z.number().optional().describe('Of integer (default 100, included) and number (1).'),
    unique: z.boolean().default(false).describe('No integer or item twice.'),
    items: z.array(z.string()).max(1000).optional().describe('For choice and shuffle.'),
    dice: z.string().max(30).optional().describe('3d6+2 (default d6).'),
    length: z.int().min(4).max(256).default(16).describe('Characters of a password, bytes of hex.'),
    symbols: z.boolean().default(true).describe('Passwords with signs.'),
  }),
  examples: [
    { input: { kind: 'integer', min: 7, max: 7, count: 3 }, output: [7, 7, 7] },
    { input: { kind: 'dice', dice: '2d1+3' }, output: [{ rolls: [1, 1], total: 5 }] },
    { input: { kind: 'integer', min: 1, max: 6, count: 2 }, output: [4, 2] },
    { input: { kind: 'password', length: 20 }, output: ['Vx7#mQe2_tGh9k?BzaW4'] },
    { input: { kind: 'uuid' }, output: ['3b241101-e2bb-4255-8caf-4136c566a962'] },
  ],
  run: ({ kind, ...input }) => GENERATORS[kind]?.(input),
});
