/** Owns the reading of a program's arguments by its grammar: a list of options that are known to be harmless. What is not listed, and every abbreviation, is refused. Checks form only; paths and URLs are handed out to be decided. */

/** What an argument may be: any text, a count, a path to read, a web address, or text of a form. */
export type ArgumentKind = 'text' | 'number' | 'path' | 'url' | RegExp;

export interface Grammar {
  /** Options as a man page lists them, split by blanks: `-a` and `--all` stand alone, `-n=number` and `--lines=number` take a value, `-U[=number]` and `--color[=text]` take one only attached, `-NUM` is a bare count. */
  readonly options: string;
  /** Forms of values that `options` names by a word of its own. */
  readonly kinds?: Readonly<Record<string, ArgumentKind>>;
  /** What the arguments that are no options are, in order; the last kind repeats. May depend on the options given. */
  readonly operands: readonly ArgumentKind[] | ((options: ReadonlyMap<string, string>) => readonly ArgumentKind[]);
  /** Most and least operands; unlimited and 0 when absent. */
  readonly maxOperands?: number;
  readonly minOperands?: number;
  /** What no table can say. Gives the reason of a refusal. */
  readonly check?: (call: ParsedCall) => string | undefined;
}

export interface ParsedCall {
  /** Options given, with their last value ('' without one). */
  readonly options: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
  /** Arguments to be decided as paths to read. */
  readonly paths: readonly string[];
  /** Arguments to be decided as URLs. */
  readonly urls: readonly string[];
}

interface OptionRule {
  readonly kind: ArgumentKind | undefined;
  readonly isOptional: boolean;
}

/** Reads `args` (without the program's name) by `grammar`; a string is the reason of a refusal. */
export function parseCall(args: readonly string[], grammar: Grammar): ParsedCall | string {
  const rules = readRules(grammar);
  const given: [name: string, value: string, kind: ArgumentKind | undefined][] = [];
  const operands: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const read = word.startsWith('--') ? readLong(word, rules) : readShort(word, rules);
    if (typeof read === 'string') return read;
    const last = read.at(-1);
    if (last !== undefined && last.value === undefined && last.rule.kind !== undefined && !last.rule.isOptional) {
      at += 1;
      const value = args[at];
      if (value === undefined) return `${last.name} lacks its value`;
      if (value.startsWith('-') && !isValue(value, last))
        return `the value of ${last.name} looks like an option; attach it`;
      given.push(...read.slice(0, -1).map(asGiven), [last.name, value, last.rule.kind]);
    } else {
      given.push(...read.map(asGiven));
    }
  }
  return finish(given, operands, grammar);
}

/** Whether a word that begins with a dash can only be meant as a value: `head -n -5`, `ps --sort -pid`. */
function isValue(word: string, { name, rule }: ReadOption): boolean {
  if (name === '--sort') return /^-[a-z%][a-z%:]+$/.test(word);
  if (rule.kind === 'text' && (name === '-e' || name === '--regexp')) return true;
  return word === '-' || (rule.kind === 'number' && /^-[0-9]+[A-Za-z]{0,3}$/.test(word));
}

interface ReadOption {
  readonly name: string;
  readonly rule: OptionRule;
  readonly value: string | undefined;
}

function asGiven({ name, rule, value }: ReadOption): [string, string, ArgumentKind | undefined] {
  return [name, value ?? '', value === undefined ? undefined : rule.kind];
}

function readLong(word: string, rules: ReadonlyMap<string, OptionRule>): ReadOption[] | string {
  const [name = '', ...rest] = word.split('=');
  const value = rest.length === 0 ? undefined : rest.join('=');
  const rule = rules.get(name);
  if (rule === undefined) return `the option ${name} is not allowed`;
  if (value !== undefined && rule.kind === undefined) return `the option ${name} takes no value`;
  return [{ name, rule, value }];
}

/** A cluster: flags, and at its end at most one option whose value is the rest of the word. */
function readShort(word: string, rules: ReadonlyMap<string, OptionRule>): ReadOption[] | string {
  const count = rules.get('-NUM');
  if (count !== undefined && /^-[0-9]+$/.test(word)) return [{ name: '-NUM', rule: count, value: undefined }];
  const read: ReadOption[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word.charAt(at)}`;
    const rule = rules.get(name);
    if (rule === undefined) return `the option ${name} is not allowed`;
    const rest = word.slice(at + 1);
    if (rule.kind === undefined || rest === '') read.push({ name, rule, value: undefined });
    else return [...read, { name, rule, value: rest }];
  }
  return read;
}

function finish(
  given: readonly (readonly [name: string, value: string, kind: ArgumentKind | undefined])[],
  operands: readonly string[],
  grammar: Grammar,
): ParsedCall | string {
  const options = new Map(given.map(([name, value]) => [name, value]));
  const kinds = typeof grammar.operands === 'function' ? grammar.operands(options) : grammar.operands;
  const most = kinds.length === 0 ? 0 : (grammar.maxOperands ?? Infinity);
  if (operands.length > most) return `it takes at most ${most} arguments besides its options`;
  if (operands.length < (grammar.minOperands ?? 0))
    return `it needs ${grammar.minOperands} arguments besides its options`;
  const values = [
    ...given.flatMap(([name, value, kind]) =>
      kind === undefined ? [] : [{ name: `the value of ${name}`, value, kind }],
    ),
    ...operands.map((value, at) => ({ name: 'the argument', value, kind: kinds[at] ?? kinds.at(-1) ?? /^\b$/ })),
  ];
  const wrong = values.find(({ value, kind }) => !hasForm(value, kind));
  if (wrong !== undefined) return `${wrong.name} ${JSON.stringify(wrong.value)} is not allowed`;
  const ofKind = (wanted: ArgumentKind): string[] =>
    values.filter(({ kind }) => kind === wanted).map(({ value }) => value);
  const call = { options, operands, paths: ofKind('path').filter((path) => path !== '-'), urls: ofKind('url') };
  return grammar.check?.(call) ?? call;
}

function hasForm(value: string, kind: ArgumentKind): boolean {
  if (kind instanceof RegExp) return kind.test(value);
  if (kind === 'number') return /^[+-]?[0-9]+(\.[0-9]+)?[A-Za-z%]{0,3}$/.test(value);
  return kind === 'text' || value !== '';
}

function readRules(grammar: Grammar): Map<string, OptionRule> {
  return new Map(
    grammar.options
      .split(/\s+/)
      .filter((text) => text !== '')
      .map((text) => readRule(text, grammar)),
  );
}

function readRule(text: string, grammar: Grammar): [string, OptionRule] {
  const [, name = '', optional, kind] = /^(-[^=[]+)(\[)?(?:=([a-z]+)\]?)?$/.exec(text) ?? [];
  if (name === '') throw new Error(`malformed option in a grammar: ${text}`);
  if (kind === undefined) return [name, { kind: undefined, isOptional: false }];
  const known =
    grammar.kinds?.[kind] ??
    (kind === 'text' || kind === 'number' || kind === 'path' || kind === 'url' ? kind : undefined);
  if (known === undefined) throw new Error(`unknown kind of value in a grammar: ${text}`);
  return [name, { kind: known, isOptional: optional !== undefined }];
}
