/** Owns plain arithmetic in English, Korean and symbols: finds an expression in a sentence and breaks it into steps of two numbers. */

export type Operator = '+' | '-' | '*' | '/';

/** An operand: a number, or the result of an earlier step by its place. */
export type Operand = { readonly number: number } | { readonly step: number };

export interface Step {
  readonly operator: Operator;
  readonly left: Operand;
  readonly right: Operand;
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/(?:sum|합)\s*of\s+(\S+)\s+and\s+(\S+)/g, ' $1 + $2 '],
  [/product\s+of\s+(\S+)\s+and\s+(\S+)/g, ' $1 * $2 '],
  [/\badd\s+(\S+)\s+(?:and|to)\s+(\S+)/g, ' $1 + $2 '],
  [/\bmultiply\s+(\S+)\s+(?:and|by)\s+(\S+)/g, ' $1 * $2 '],
  [/\bsubtract\s+(\S+)\s+from\s+(\S+)/g, ' $2 - $1 '],
  [/\bdivide\s+(\S+)\s+by\s+(\S+)/g, ' $1 / $2 '],
  [/([\d.,]+)\s*(?:와|과|하고|이랑|랑)\s*([\d.,]+)\s*(?:을|를|의)?\s*(?:더하면|더해(?:\s*줘)?|합은|합)/g, ' $1 + $2 '],
  [/([\d.,]+)\s*(?:와|과|하고|이랑|랑)\s*([\d.,]+)\s*(?:을|를|의)?\s*(?:곱하면|곱해(?:\s*줘)?|곱은|곱)/g, ' $1 * $2 '],
  [/([\d.,]+)\s*에서\s*([\d.,]+)\s*(?:을|를)?\s*빼(?:면|\s*줘)?/g, ' $1 - $2 '],
  [/([\d.,]+)\s*(?:을|를)\s*([\d.,]+)\s*(?:으로|로)\s*나누(?:면|기)/g, ' $1 / $2 '],
  [/([\d.,]+)\s*에\s*([\d.,]+)\s*(?:을|를)?\s*더하면/g, ' $1 + $2 '],
  [/([\d.,]+)\s*에\s*([\d.,]+)\s*(?:을|를)?\s*곱하면/g, ' $1 * $2 '],
  [/\bplus\b|더하기|플러스/g, ' + '],
  [/\bminus\b|\bless\b|빼기|마이너스/g, ' - '],
  [/\bmultiplied by\b|\btimes\b|곱하기|[×·✕]/g, ' * '],
  [/\bdivided by\b|\bover\b|나누기|÷/g, ' / '],
  [/(?<=\d)\s*x\s*(?=\d)/g, ' * '],
];

const NUMBER_WORDS: Readonly<Record<string, number>> = {
  zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  eleven: 11, twelve: 12, twenty: 20, hundred: 100, 영: 0, 일: 1, 이: 2, 삼: 3, 사: 4, 오: 5, 육: 6, 칠: 7, 팔: 8, 구: 9, 십: 10,
}; // oxfmt-ignore

const LEAD =
  /^(?:please\s+)?(?:hey\s+|so\s+)?(?:what\s+is|what['’]?s|how\s+much\s+is|can\s+you\s+(?:add|calculate|compute)|calculate|compute|calc|the|계산(?:해\s*(?:줘|주세요))?\s*:?)\s+/;
const TAIL =
  /(?:\s*(?:은|는|이|가|을|를|의))?\s*(?:값)?(?:은|는|이|가)?\s*(?:얼마(?:야|예요|인가요|입니까|지|니)?|뭐(?:야|예요|지)?|몇(?:이야|인가요|이에요)?|계산해\s*(?:줘|주세요|봐)|알려\s*(?:줘|주세요)|please)?\s*[?？!.=]*\s*$/;

/** The steps of the expression that `sentence` asks for; undefined when it asks for something else. */
export function readArithmetic(sentence: string): Step[] | undefined {
  let text = sentence.normalize('NFKC').toLowerCase().trim();
  for (let round = 0; round < 3; round += 1) text = text.replace(LEAD, '');
  for (const [pattern, symbol] of WORDS) text = text.replaceAll(pattern, symbol);
  text = text
    .replace(TAIL, '')
    .replaceAll(/[−–]/g, '-')
    .replaceAll(/(?<=\d),(?=\d{3}\b)/g, '');
  text = text.replaceAll(/[a-z가-힣]+/g, (word) => String(NUMBER_WORDS[word] ?? word));
  if (text.length > 200 || !/^[\d\s.+\-*/()]+$/.test(text)) return undefined;
  const tokens = text.match(/\d+(?:\.\d+)?|\.\d+|[+\-*/()]/g) ?? [];
  if (tokens.join('') !== text.replaceAll(/\s/g, '')) return undefined;
  const steps = parse(tokens);
  return steps === undefined || steps.length === 0 ? undefined : steps;
}

/** Precedence climbing over the tokens; undefined when they are no expression. */
function parse(tokens: readonly string[]): Step[] | undefined {
  const steps: Step[] = [];
  let at = 0;
  const combine = (operator: Operator, left: Operand, right: Operand): Operand => {
    steps.push({ operator, left, right });
    return { step: steps.length - 1 };
  };
  const atom = (): Operand | undefined => {
    const token = tokens[at];
    at += 1;
    if (token === '(') {
      const inner = sum();
      at += 1;
      return tokens[at - 1] === ')' ? inner : undefined;
    }
    if (token === '-') {
      const operand = atom();
      if (operand === undefined) return undefined;
      return 'number' in operand ? { number: -operand.number } : combine('*', operand, { number: -1 });
    }
    return token !== undefined && /^[\d.]/.test(token) ? { number: Number(token) } : undefined;
  };
  const chain = (operators: string, next: () => Operand | undefined) => (): Operand | undefined => {
    let left = next();
    while (left !== undefined && at < tokens.length && operators.includes(tokens[at] ?? '?')) {
      const operator = tokens[at] as Operator;
      at += 1;
      const right = next();
      left = right === undefined ? undefined : combine(operator, left, right);
    }
    return left;
  };
  const product = chain('*/', atom);
  const sum: () => Operand | undefined = chain('+-', product);
  const result = sum();
  return result === undefined || at !== tokens.length ? undefined : steps;
}
