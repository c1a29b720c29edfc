/** Owns the list of programs that claw knows how to read: their grammar and the wall they run in. */
import { CURL_GRAMMAR } from './grammar-curl.ts';
import { parseFind } from './grammar-find.ts';
import { parseGit } from './grammar-git.ts';
import { type Grammar, parseCall, type ParsedCall } from './grammar.ts';
import { isBeyondSystemctl, SYSTEM_GRAMMARS } from './grammars-system.ts';
import { TEXT_GRAMMARS, withoutVariables } from './grammars-text.ts';

/** What the program may see: the granted folders, those and the network, or the state of the machine. */
export type WallKind = 'files' | 'network' | 'machine';

export type CallVerdict =
  /** Known to be harmless as far as its form goes; `paths` and `urls` are still to be decided. */
  | { readonly kind: 'known'; readonly call: ParsedCall }
  /** A form that no approval makes harmless. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No grammar covers it; a pattern must name at least the first `words` of it. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly words: number };

/** Programs that a configuration without an allow list of its own allows: they read granted folders and write to stdout. */
export const DEFAULT_ALLOW: readonly string[] = [
  ...Object.keys(TEXT_GRAMMARS),
  ...'find git pwd date cal whoami hostname uname arch nproc uptime id groups df du free'.split(' '),
];

const EMPTY: ParsedCall = { options: new Map(), operands: [], paths: [], urls: [] };

/** Reads one call of `program`. */
export function readCall(program: string, args: readonly string[]): CallVerdict {
  if (program === 'git') {
    const call = parseGit(args);
    return typeof call === 'object' && 'beyond' in call
      ? { kind: 'unknown', reason: call.beyond, words: 2 }
      : verdict(call);
  }
  if (program === 'find') return verdict(parseFind(args));
  const grammar = grammarOf(program);
  if (grammar === undefined)
    return { kind: 'unknown', reason: `claw does not know the options of ${program}`, words: 1 };
  if (args.length === 1 && (args[0] === '--version' || args[0] === '--help')) return { kind: 'known', call: EMPTY };
  const call = parseCall(program === 'jq' ? withoutVariables(args) : args, grammar);
  if (program === 'systemctl' && typeof call !== 'string' && isBeyondSystemctl(call)) {
    return { kind: 'unknown', reason: `systemctl ${call.operands[0] ?? ''} may do more than look`, words: 2 };
  }
  return verdict(call);
}

/** The wall a program runs in. */
export function wallOf(program: string): WallKind {
  if (program === 'curl') return 'network';
  return Object.hasOwn(SYSTEM_GRAMMARS, program) && !['du', 'date', 'pwd'].includes(program) ? 'machine' : 'files';
}

function grammarOf(program: string): Grammar | undefined {
  if (program === 'curl') return CURL_GRAMMAR;
  const table = { ...TEXT_GRAMMARS, ...SYSTEM_GRAMMARS };
  return Object.hasOwn(table, program) ? table[program] : undefined;
}

function verdict(call: ParsedCall | string): CallVerdict {
  return typeof call === 'string' ? { kind: 'refused', reason: call } : { kind: 'known', call };
}
