/** Owns what credentials look like, as data. A shape is a sequence of steps that one pass can follow without going back; lengths are those of real keys or somewhat below. */

/** So many units of a set; then the next step. */
export interface Step {
  /** 1 for every ASCII unit of the set. */
  readonly table: Uint8Array;
  readonly min: number;
  readonly max: number;
  /** Undefined for the last step: the credential is complete when that has its `min`. */
  readonly next: Step | undefined;
  readonly shape: Shape;
}

export interface Shape {
  /** A digit must occur: words joined with hyphens are no key. */
  readonly needsDigit: boolean;
  /** What still belongs to the credential after the last step. */
  readonly tail: Uint8Array;
  /** Its beginning and end where it is a block of text. */
  readonly block: Block | undefined;
}

interface Block {
  /** The first line must match. */
  readonly begin: RegExp;
  /** Matches at the end of the last line. */
  readonly end: RegExp;
}

const LETTER = 'A-Za-z';
const WORD = `${LETTER}0-9_-`;

/** Step sources, written as `literal`, `[set]{min,max}` in sequence. */
const SHAPES: readonly (readonly [source: string, options?: { needsDigit?: true; tail?: string; block?: Block }])[] = [
  [`sk-ant-[${WORD}]{8,}`],
  [`sk-[${WORD}]{16,}`, { needsDigit: true }],
  [`AIza[${WORD}]{30,}`],
  [`gh[pousr]{1,1}_[${LETTER}0-9]{20,}`],
  [`github_pat_[${LETTER}0-9_]{20,}`],
  [`glpat-[${WORD}]{16,}`],
  [`xox[a-z]{1,1}-[${LETTER}0-9-]{10,}`],
  [`xapp-[${LETTER}0-9-]{10,}`],
  [`claw_[${WORD}]{32,}`, { needsDigit: true }],
  [`flux_[${WORD}]{32,}`, { needsDigit: true }],
  ['A[KSBC]{1,1}[ICA]{1,1}A[A-Z0-9]{16,}'],
  [`aws_secret_access_key[ \t"':=]{1,8}[${LETTER}0-9/+=]{40,}`],
  [`AWS_SECRET_ACCESS_KEY[ \t"':=]{1,8}[${LETTER}0-9/+=]{40,}`],
  [`SecretAccessKey[ \t"':=]{1,8}[${LETTER}0-9/+=]{40,}`],
  // JSON Web Token: two parts of base64url that begin with `{"`, and a signature.
  [`eyJ[${WORD}]{8,}.[${WORD}]{8,}.`, { tail: `.${WORD}` }],
  // Telegram: bot id and 35 characters.
  [`[0-9]{6,12}:[${WORD}]{30,}`],
  // Discord: user id in base64, timestamp, signature.
  [`[MNO]{1,1}[${WORD}]{22,}.[${WORD}]{6,7}.[${WORD}]{27,}`],
  [`mfa.[${WORD}]{60,}`],
  ['[-]{5,}BEGIN[A-Z0-9 ]{1,40}[-]{5,}', { block: { begin: /PRIVATE KEY/, end: /-----END[A-Z0-9 ]{1,40}-----$/ } }],
];

/** The first step of every shape. Compiled anew at each call, so call it once. */
export function firstSteps(): readonly Step[] {
  return SHAPES.map(([source, { needsDigit = false, tail, block } = {}]) => {
    const parts = parse(source);
    const last = parts.at(-1)?.table ?? new Uint8Array(128);
    const shape = { needsDigit, tail: tail === undefined ? last : tableOf(tail), block };
    const first = parts.reduceRight<Step | undefined>((next, part) => ({ ...part, next, shape }), undefined);
    if (first === undefined) throw new Error(`the shape ${source} has no step`);
    return first;
  });
}

function parse(source: string): readonly Pick<Step, 'table' | 'min' | 'max'>[] {
  return [...source.matchAll(/\[([^\]]+)\]\{([0-9]+),([0-9]*)\}|(.)/g)].map(([, set, min, max, letter = '']) =>
    set === undefined
      ? { table: tableOf(letter), min: 1, max: 1 }
      : { table: tableOf(set), min: Number(min), max: max === '' ? Number.POSITIVE_INFINITY : Number(max) },
  );
}

/** The set written as in a regular expression; ASCII only. */
function tableOf(set: string): Uint8Array {
  const pattern = new RegExp(`[${set}]`);
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}
