/** Owns what this process counts, and its form for Prometheus (text format 0.0.4). Label values are few: whatever comes after the hundredth value of a label that others choose is counted as `other`. */

export type Labels = Readonly<Record<string, string>>;

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** The label whose values others choose. */
  readonly open?: string;
  /** Upper bounds of a histogram, ascending. */
  readonly buckets?: readonly number[];
  /** What is counted is divided by this when it is shown. */
  readonly scale?: number;
}

/** Values of a gauge that is read when it is asked for. */
export interface Reading {
  readonly family: Family;
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

export interface Meters {
  /** Adds `by` to a counter, or to a gauge that goes up and down. */
  add(family: Family, labels?: Labels, by?: number): void;
  /** Puts a value into a histogram. */
  observe(family: Family, labels: Labels, value: number): void;
  /** What was counted of a family, of the series that have these labels; buckets as they stand in its text. */
  total(
    family: Family,
    labels?: Labels,
  ): { readonly value: number; readonly count: number; readonly buckets: readonly number[] };
  /** Every family, those of which nothing was counted too, and `readings`. */
  text(families: readonly Family[], readings: readonly Reading[]): string;
}

const MAX_VALUES = 100;
const MAX_VALUE_CHARS = 64;

interface Series {
  readonly labels: Labels;
  value: number;
  count: number;
  readonly buckets: number[];
}

export function createMeters(): Meters {
  const series = new Map<string, Map<string, Series>>();
  const values = new Map<string, Set<string>>();
  const bounded = ({ name, open }: Family, labels: Labels): Labels => {
    const value = open === undefined ? undefined : labels[open];
    if (open === undefined || value === undefined) return labels;
    const known = values.get(name) ?? new Set();
    values.set(name, known);
    const isFine = value.length <= MAX_VALUE_CHARS && (known.has(value) || known.size < MAX_VALUES);
    if (!isFine) return { ...labels, [open]: 'other' };
    known.add(value);
    return labels;
  };
  const seriesOf = (family: Family, wanted: Labels): Series => {
    const labels = bounded(family, wanted);
    const key = JSON.stringify(labels);
    const ofFamily = series.get(family.name) ?? new Map<string, Series>();
    series.set(family.name, ofFamily);
    const found = ofFamily.get(key) ?? { labels, value: 0, count: 0, buckets: (family.buckets ?? []).map(() => 0) };
    ofFamily.set(key, found);
    return found;
  };
  return {
    add(family, labels = {}, by = 1) {
      seriesOf(family, labels).value += by;
    },
    observe(family, labels, value) {
      const found = seriesOf(family, labels);
      found.value += value;
      found.count += 1;
      for (const [at, bound] of (family.buckets ?? []).entries()) {
        if (value <= bound) found.buckets[at] = (found.buckets[at] ?? 0) + 1;
      }
    },
    total(family, labels = {}) {
      const wanted = Object.entries(labels);
      const all = [...(series.get(family.name)?.values() ?? [])].filter((each) =>
        wanted.every(([name, value]) => each.labels[name] === value),
      );
      const sum = (of: (each: Series) => number): number => all.reduce((total, each) => total + of(each), 0);
      return {
        value: sum(({ value }) => value) / (family.scale ?? 1),
        count: sum(({ count }) => count),
        buckets: (family.buckets ?? []).map((_, at) => sum(({ buckets }) => buckets[at] ?? 0)),
      };
    },
    text(families, readings) {
      const counted = families.flatMap((family) => [
        ...head(family),
        ...[...(series.get(family.name)?.values() ?? [])].flatMap((each) => lines(family, each)),
      ]);
      const read = readings.flatMap(({ family, samples }) => [
        ...head(family),
        ...samples.map(([labels, value]) => line(family.name, labels, value)),
      ]);
      return `${[...counted, ...read].join('\n')}\n`;
    },
  };
}

const head = ({ name, help, type }: Family): string[] => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];

function lines(family: Family, { labels, value, count, buckets }: Series): string[] {
  const { name, type, scale = 1 } = family;
  if (type !== 'histogram') return [line(name, labels, value / scale)];
  const bounds = family.buckets ?? [];
  return [
    ...bounds.map((bound, at) => line(`${name}_bucket`, { ...labels, le: String(bound) }, buckets[at] ?? 0)),
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${name}_sum`, labels, value / scale),
    line(`${name}_count`, labels, count),
  ];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
