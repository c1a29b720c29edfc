import { defineTool, z } from 'claw/tool';

interface Unit {
  symbol: string;
  names: readonly string[];
  dimension: string;
  /** How many base units one of these is; of an inverse unit, the product of the two. */
  scale: number;
  /** Added before scaling: temperatures. */
  offset?: number;
  /** The more of this unit, the less of the base unit: miles per gallon. */
  isInverse?: boolean;
  /** The least value there is. */
  least?: number;
}

type Row = readonly [symbol: string, scale: number, ...names: string[]];

const PREFIXES: Readonly<Record<string, readonly [number, string]>> = {
  n: [1e-9, 'nano'],
  µ: [1e-6, 'micro'],
  m: [1e-3, 'milli'],
  c: [1e-2, 'centi'],
  d: [1e-1, 'deci'],
  h: [1e2, 'hecto'],
  k: [1e3, 'kilo'],
  M: [1e6, 'mega'],
  G: [1e9, 'giga'],
  T: [1e12, 'tera'],
  P: [1e15, 'peta'],
};

function prefixed(prefixes: string, scale: number, symbol: string, ...names: string[]): Row[] {
  return [...prefixes].map((prefix) => {
    const [factor, word] = PREFIXES[prefix] ?? [1, ''];
    const more = prefix === 'µ' ? [`u${symbol}`, `μ${symbol}`] : [];
    return [`${prefix}${symbol}`, factor * scale, ...names.map((name) => `${word}${name}`), ...more];
  });
}

function binary(symbol: string, name: string, bits: number): Row[] {
  const words = ['kibi', 'mebi', 'gibi', 'tebi', 'pebi'];
  return ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'].map((prefix, index) => [
    `${prefix}${symbol}`,
    bits * 1024 ** (index + 1),
    `${words[index] ?? ''}${name}`,
  ]);
}

const [FOOT, MILE, POUND, GRAVITY] = [0.3048, 1609.344, 0.45359237, 9.80665];
const [US_GALLON, UK_GALLON] = [3.785411784, 4.54609];

/** Exact by definition wherever a definition exists (SI brochure, international yard and pound, Korean measures law). */
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  length: [
    ['m', 1, 'meter', 'metre', '미터'],
    ...prefixed('nµmcdk', 1, 'm', 'meter', 'metre'),
    ['in', FOOT / 12, 'inch', 'inches', '인치'],
    ['ft', FOOT, 'foot', 'feet', '피트'],
    ['yd', 3 * FOOT, 'yard', '야드'],
    ['mi', MILE, 'mile', '마일'],
    ['nmi', 1852, 'nautical mile', '해리'],
    ['ly', 9_460_730_472_580_800, 'light year', 'light-year', '광년'],
  ],
  mass: [
    ['g', 0.001, 'gram', 'gramme', '그램'],
    ...prefixed('nµmk', 0.001, 'g', 'gram'),
    ['t', 1000, 'tonne', 'metric ton', '톤'],
    ['lb', POUND, 'pound', 'lbs', '파운드'],
    ['oz', POUND / 16, 'ounce', '온스'],
    ['st', 14 * POUND, 'stone'],
    ['ton_us', 2000 * POUND, 'short ton'],
    ['ct', 0.0002, 'carat', '캐럿'],
    ['근', 0.6, 'geun'],
  ],
  area: [
    ['m²', 1, 'm2', 'square meter', 'square metre', '제곱미터'],
    ['cm²', 1e-4, 'cm2', 'square centimeter', 'square centimetre'],
    ['km²', 1e6, 'km2', 'square kilometer', 'square kilometre', '제곱킬로미터'],
    ['ha', 1e4, 'hectare', '헥타르'],
    ['ac', 43_560 * FOOT ** 2, 'acre', '에이커'],
    ['ft²', FOOT ** 2, 'ft2', 'square foot', 'square feet'],
    ['in²', (FOOT / 12) ** 2, 'in2', 'square inch', 'square inches'],
    ['평', 400 / 121, 'pyeong'],
  ],
  volume: [
    ['L', 1, 'l', 'liter', 'litre', '리터'],
    ...prefixed('µmcd', 1, 'L', 'liter', 'litre'),
    ['m³', 1000, 'm3', 'cubic meter', 'cubic metre', '세제곱미터'],
    ['cm³', 0.001, 'cm3', 'cc', 'cubic centimeter'],
    ['gal', US_GALLON, 'gallon', 'us gallon', '갤런'],
    ['gal_uk', UK_GALLON, 'imperial gallon', 'uk gallon'],
    ['qt', US_GALLON / 4, 'quart'],
    ['pt', US_GALLON / 8, 'pint'],
    ['cup', US_GALLON / 16, 'us cup', '컵'],
    ['fl_oz', US_GALLON / 128, 'fl oz', 'fluid ounce'],
    ['tbsp', US_GALLON / 256, 'tablespoon'],
    ['tsp', US_GALLON / 768, 'teaspoon'],
    ['ft³', 1000 * FOOT ** 3, 'ft3', 'cubic foot', 'cubic feet'],
  ],
  time: [
    ['s', 1, 'second', 'sec', '초'],
    ...prefixed('nµm', 1, 's', 'second'),
    ['min', 60, 'minute', '분'],
    ['h', 3600, 'hour', 'hr', '시간'],
    ['d', 86_400, 'day', '일'],
    ['wk', 604_800, 'week', '주'],
    ['yr', 31_557_600, 'year', 'julian year', '년'],
  ],
  speed: [
    ['m/s', 1, 'mps', 'meter per second', 'metre per second'],
    ['km/h', 1 / 3.6, 'kmh', 'kph', 'kilometer per hour', 'kilometre per hour', '시속'],
    ['mph', MILE / 3600, 'mi/h', 'mile per hour', 'miles per hour'],
    ['kn', 1852 / 3600, 'knot', '노트'],
  ],
  data: [
    ['bit', 1, 'b', '비트'],
    ...prefixed('kMGTP', 1, 'bit', 'bit').map(([symbol, scale, ...names]): Row => [
      symbol,
      scale,
      symbol.slice(0, 2),
      ...names,
    ]),
    ['B', 8, 'byte', '바이트'],
    ...prefixed('kMGTP', 8, 'B', 'byte').map(([symbol, ...rest]): Row => [
      symbol,
      ...rest,
      ...(symbol === 'kB' ? ['KB'] : []),
    ]),
    ...binary('bit', 'bit', 1),
    ...binary('B', 'byte', 8),
  ],
  pressure: [
    ['Pa', 1, 'pascal', '파스칼'],
    ...prefixed('hkM', 1, 'Pa', 'pascal'),
    ['bar', 1e5],
    ['atm', 101_325, 'atmosphere', '기압'],
    ['psi', (POUND * GRAVITY) / (FOOT / 12) ** 2],
    ['mmHg', 133.322387415, 'torr'],
  ],
  energy: [
    ['J', 1, 'joule', '줄'],
    ...prefixed('kMG', 1, 'J', 'joule'),
    ['cal', 4.184, 'calorie', '칼로리'],
    ['kcal', 4184, 'kilocalorie', '킬로칼로리'],
    ['Wh', 3600, 'watt hour'],
    ['kWh', 3.6e6, 'kilowatt hour'],
    ['BTU', 1055.05585262],
  ],
  power: [
    ['W', 1, 'watt', '와트'],
    ...prefixed('mkMG', 1, 'W', 'watt'),
    ['hp', 550 * FOOT * POUND * GRAVITY, 'horsepower'],
    ['PS', 75 * GRAVITY, 'metric horsepower', '마력'],
  ],
  angle: [
    ['rad', 1, 'radian', '라디안'],
    ['deg', Math.PI / 180, '°', 'degree'],
    ['arcmin', Math.PI / 10_800, 'arcminute'],
    ['turn', 2 * Math.PI, 'revolution'],
  ],
  frequency: [['Hz', 1, 'hertz', '헤르츠'], ...prefixed('kMGT', 1, 'Hz', 'hertz'), ['rpm', 1 / 60]],
  force: [
    ['N', 1, 'newton', '뉴턴'],
    ...prefixed('kM', 1, 'N', 'newton'),
    ['kgf', GRAVITY, 'kilogram-force'],
    ['lbf', POUND * GRAVITY, 'pound-force'],
  ],
};

function temperature(scale: number, offset: number, least: number): Omit<Unit, 'symbol' | 'names'> {
  return { dimension: 'temperature', scale, offset, least };
}

const UNITS: readonly Unit[] = [
  ...Object.entries(TABLE).flatMap(([dimension, rows]) =>
    rows.map(([symbol, scale, ...names]) => ({ symbol, names, dimension, scale })),
  ),
  { symbol: 'K', names: ['kelvin', '켈빈'], ...temperature(1, 0, 0) },
  { symbol: '°C', names: ['C', 'celsius', 'degc', '섭씨'], ...temperature(1, 273.15, -273.15) },
  { symbol: '°F', names: ['F', 'fahrenheit', 'degf', '화씨'], ...temperature(5 / 9, 459.67, -459.67) },
  { symbol: 'L/100km', names: ['l/100 km'], dimension: 'fuel consumption', scale: 1 },
  { symbol: 'km/L', names: ['kmpl'], dimension: 'fuel consumption', scale: 100, isInverse: true },
  { symbol: 'mpg', names: ['mpg_us'], dimension: 'fuel consumption', scale: (1e5 * US_GALLON) / MILE, isInverse: true },
  { symbol: 'mpg_uk', names: [], dimension: 'fuel consumption', scale: (1e5 * UK_GALLON) / MILE, isInverse: true },
];

/** By symbol as written, then by name in any case, then by symbol in any case when that leaves one. */
function findUnit(text: string): Unit {
  const wanted = text.trim();
  const lower = wanted.toLowerCase().replace(/\s+/g, ' ');
  const singular = new Set([lower, lower.replace(/s$/, ''), lower.replace(/s per /, ' per ')]);
  const exact = UNITS.find(({ symbol, names }) => symbol === wanted || names.includes(wanted));
  const named =
    exact ?? UNITS.find(({ names }) => names.some((name) => name.length > 2 && singular.has(name.toLowerCase())));
  if (named !== undefined) return named;
  const alike = UNITS.filter(({ symbol, names }) => [symbol, ...names].some((name) => name.toLowerCase() === lower));
  if (alike.length > 1) throw new Error(`${wanted} may be ${symbols(alike, ' or ')}: write it exactly`);
  const [only] = alike;
  if (only !== undefined) return only;
  const begins = (name: string): boolean => lower !== '' && name.toLowerCase().startsWith(lower.slice(0, 3));
  const near = UNITS.filter(({ symbol, names }) => [symbol, ...names].some(begins));
  const kinds = [...new Set(UNITS.map(({ dimension }) => dimension))].join(', ');
  const hint = near.length > 0 ? `Is it ${symbols(near.slice(0, 5), ', ')}?` : `Kinds: ${kinds}.`;
  throw new Error(`${JSON.stringify(wanted)} is no unit this tool knows. ${hint}`);
}

function symbols(units: readonly Unit[], between: string): string {
  return units.map(({ symbol }) => symbol).join(between);
}

function convert(value: number, from: Unit, to: Unit): number {
  if (from.symbol === to.symbol) return value;
  if (value === 0 && (from.isInverse === true || to.isInverse === true))
    throw new Error('nothing uses 0 fuel and moves');
  const base = from.isInverse === true ? from.scale / value : (value + (from.offset ?? 0)) * from.scale;
  const raw = to.isInverse === true ? to.scale / base : base / to.scale - (to.offset ?? 0);
  const result = Number(raw.toPrecision(12));
  // 12 digits of what was subtracted from, not of the small rest: 32 °F is 0 °C and not 5.6e-14.
  const rounded = to.offset === undefined ? result : Number(raw.toFixed(9));
  if (!Number.isFinite(rounded)) throw new Error('the result is too large for a number');
  return rounded;
}

export default defineTool({
  name: 'unit_converter',
  description:
    'Converts a value between units: length, mass, area, volume, time, speed, temperature, data, pressure, energy, power, angle, frequency, force, fuel.',
  input: z.object({
    value: z.number(),
    from: z.string().min(1).max(40).describe('Symbol or name: km, mile, °C, GiB, 평.'),
    to: z.string().min(1).max(40),
  }),
  idempotent: true,
  examples: [
    { input: { value: 100, from: 'km', to: 'mile' }, output: { value: 62.1371192237, unit: 'mi' } },
    { input: { value: 32, from: 'fahrenheit', to: 'celsius' }, output: { value: 0, unit: '°C' } },
    { input: { value: 1, from: 'GiB', to: 'MB' }, output: { value: 1073.741824, unit: 'MB' } },
  ],
  run({ value, from, to }) {
    const [source, target] = [findUnit(from), findUnit(to)];
    if (source.dimension !== target.dimension)
      throw new Error(
        `${source.symbol} is a unit of ${source.dimension} and ${target.symbol} of ${target.dimension}: they cannot be converted`,
      );
    if (source.least !== undefined && value < source.least)
      throw new Error(`${value} ${source.symbol} is below absolute zero (${source.least} ${source.symbol})`);
    return { value: convert(value, source, target), unit: target.symbol };
  },
});
