/** Owns the check for repetition inside repetition in a regular expression that is known to be well formed. It refuses more than it must: what one engine runs fast hangs another, and nobody needs such a trigger. Pure. */

interface Repeat {
  readonly min: number;
  readonly max: number;
}

/** What is known of a part of a pattern while it is read. */
interface Part {
  /** Something in it repeats without a bound. */
  isUnbounded: boolean;
  /** Something in it may be there or not, or a different number of times. */
  isVariable: boolean;
}

interface Group extends Part {
  /** The branches between `|`, as written. */
  branches: string[];
}

/** A group with this many repeats or more of something variable is refused. */
const MANY = 5;

/** What makes the pattern dangerous, or undefined. */
export function repetitionProblem(pattern: string): string | undefined {
  const open: Group[] = [newGroup()];
  let last: { part: Part; text: string; branches: readonly string[] } | undefined;
  let at = 0;
  while (at < pattern.length) {
    const group = open.at(-1) ?? newGroup();
    const token = tokenAt(pattern, at);
    at += token.length;
    const repeat = repeatOf(token);
    if (token.startsWith('(')) {
      open.push(newGroup());
      last = undefined;
    } else if (token === ')') {
      open.pop();
      last = { part: group, text: `(${group.branches.join('|')})`, branches: group.branches };
      append(open.at(-1), last.text, group);
    } else if (token === '|') {
      group.branches.push('');
      last = undefined;
    } else if (repeat !== undefined) {
      if (/^[?+]$/.test(pattern[at] ?? '')) at += 1; // lazy
      const problem = last === undefined ? undefined : problemOf(last, repeat);
      if (problem !== undefined) return problem;
      append(open.at(-1), token, {
        isUnbounded: repeat.max === Infinity,
        isVariable: repeat.min !== repeat.max,
      });
      last = undefined;
    } else {
      last = { part: { isUnbounded: false, isVariable: false }, text: token, branches: [token] };
      append(group, token, last.part);
    }
  }
  return undefined;
}

const newGroup = (): Group => ({ isUnbounded: false, isVariable: false, branches: [''] });

function append(group: Group | undefined, text: string, part: Part): void {
  if (group === undefined) return;
  group.branches.push(`${group.branches.pop() ?? ''}${text}`);
  group.isUnbounded ||= part.isUnbounded;
  group.isVariable ||= part.isVariable;
}

function problemOf(
  repeated: { part: Part; text: string; branches: readonly string[] },
  { max }: Repeat,
): string | undefined {
  if (max <= 1) return undefined;
  if (repeated.part.isUnbounded) return `a repeat inside a repeat at ${repeated.text}`;
  if (repeated.part.isVariable && max >= MANY) return `something optional inside a repeat at ${repeated.text}`;
  if (max >= MANY && overlap(repeated.branches)) return `a repeated choice of things that overlap at ${repeated.text}`;
  return undefined;
}

/** True when two branches may match the same text, as far as their first letters tell. */
function overlap(branches: readonly string[]): boolean {
  if (branches.length < 2) return false;
  if (branches.some((branch) => /^(?:$|[.[(\\^])/.test(branch))) return true;
  const literals = branches.map((branch) => branch.toLowerCase());
  return literals.some((branch, index) =>
    literals.some(
      (other, place) =>
        place !== index && (other.startsWith(branch) || /[.[(\\]/.test(other)) && other[0] === branch[0],
    ),
  );
}

/** One element of the pattern: an escape, a class, the head of a group, a repeat, or a character. */
function tokenAt(pattern: string, at: number): string {
  const rest = pattern.slice(at);
  const quoted = /^\\Q[\s\S]*?(?:\\E|$)/.exec(rest) ?? /^\\(?:[pP]\{[^}]*\}|x\{[^}]*\}|x..|[\s\S])/.exec(rest);
  if (quoted !== null) return quoted[0];
  const group = /^\((?:\?(?:P?<[^>]*>|[a-zA-Z-]*:|(?=[a-zA-Z-]+\))))?/.exec(rest);
  if (group !== null) return group[0];
  const set = /^\[\^?\]?(?:\[:\^?[a-z]+:\]|\\[\s\S]|[^\]\\])*\]/.exec(rest);
  if (set !== null) return set[0];
  const repeat = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(rest);
  return repeat?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
}

function repeatOf(token: string): Repeat | undefined {
  if (token === '*') return { min: 0, max: Infinity };
  if (token === '+') return { min: 1, max: Infinity };
  if (token === '?') return { min: 0, max: 1 };
  const counted = /^\{(\d+)(,?)(\d*)\}$/.exec(token);
  if (counted === null) return undefined;
  const min = Number(counted[1]);
  if (counted[2] === '') return { min, max: min };
  return { min, max: counted[3] === '' ? Infinity : Number(counted[3]) };
}
