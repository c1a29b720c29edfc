/** Owns the decision whether a command may run: parsed, resolved, read by grammar, compared with the configured list. Starts nothing. No shell exists here: what only a shell could mean is refused. */
import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { decidePath, type FileRoot } from './decide-path.ts';
import { type CallVerdict, readCall, wallOf, type WallKind } from './exec/grammars.ts';
import type { ParsedCall } from './exec/grammar.ts';
import { isInterpreter, isMultiCall, isShellWord } from './exec/interpreters.ts';
import { resolveProgram, TRUSTED_FOLDERS } from './exec/resolve-program.ts';
import { showCommand } from './exec/show-act.ts';
import { checkWords, tokenize } from './exec/tokenize.ts';
import { refuseNames } from './protected-names.ts';

/** `deny`: nothing runs. `allowlist`: what the list allows. `ask`: the rest is asked. `full`: everything that a trusted folder holds. */
export type ExecLevel = 'deny' | 'allowlist' | 'ask' | 'full';

export interface ExecQuestion {
  /** A command line, or its words. */
  readonly command: string | readonly string[];
  readonly level: ExecLevel;
  /** `PROGRAM [ARGS]` each, as a line or as words; see `matchesPattern`. */
  readonly allow: readonly (string | readonly string[])[];
  /** Absolute; relative arguments are looked up here. */
  readonly cwd: string;
  /** Folders whose files arguments may name. */
  readonly roots: readonly FileRoot[];
  /** Claw's home, whose own files stay closed. */
  readonly home?: string;
}

export interface ExecDeps {
  /** Decides on a web address by its text (names are resolved, and decided again, when the connection is made). */
  readonly checkUrl: (url: string) => Promise<{ readonly decision: 'allow' | 'deny'; readonly reason: string }>;
  /** Where programs are looked for; the system's folders when absent. */
  readonly trustedFolders?: readonly string[];
}

export interface ExecDecision {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly reason: string;
  /** The words as parsed; empty when the command could not be read. */
  readonly argv: readonly string[];
  /** How the act is shown to a person: control and bidi characters made visible. */
  readonly act: string;
  /** Absolute path of the program; absent when it is not installed or not trusted. */
  readonly program?: string;
  readonly wall: WallKind;
  /** A grammar knows this form: it only reads. */
  readonly isKnown: boolean;
}

type Verdict = Pick<ExecDecision, 'decision' | 'reason'>;

/** Decides on one command. */
export async function decideExec(question: ExecQuestion, deps: ExecDeps): Promise<ExecDecision> {
  const { command } = question;
  const read = typeof command === 'string' ? tokenize(command) : checkWords(command);
  if ('reason' in read)
    return { ...deny(read.reason), argv: [], act: showCommand([command].flat()), wall: 'files', isKnown: false };
  const argv = read.words;
  const [name = ''] = argv;
  const isKnown = !isInterpreter(name) && readCall(name, argv.slice(1)).kind === 'known';
  const parsed = { argv, act: showCommand(argv), wall: wallOf(name), isKnown };
  if (isShellWord(name)) return { ...deny(`${name} is a word of shells, not a program`), ...parsed };
  if (question.level === 'deny') return { ...deny('running programs is switched off'), ...parsed };
  const program = await resolveProgram(name, deps.trustedFolders ?? TRUSTED_FOLDERS);
  if (program.kind === 'refused') return { ...deny(program.reason), ...parsed };
  const realName = program.kind === 'found' && !isMultiCall(program.realName) ? program.realName : name;
  const verdict = await decideCall(argv, [name, realName], question, deps);
  if (program.kind === 'found') return { ...verdict, ...parsed, program: program.path };
  return { ...verdict, reason: `${verdict.reason}; ${name} is not installed in a trusted folder`, ...parsed };
}

async function decideCall(
  argv: readonly string[],
  names: readonly [name: string, realName: string],
  question: ExecQuestion,
  deps: ExecDeps,
): Promise<Verdict> {
  const [name] = names;
  if (question.level === 'full')
    return { decision: 'allow', reason: 'this home runs every trusted program (level full)' };
  const patterns = readPatterns(question.allow);
  if (names.some(isInterpreter)) {
    const isNamed = patterns.some(([program]) => program === name);
    const reason = `${name} runs other code, so no list makes it safe`;
    return isNamed && question.level === 'ask' ? { decision: 'ask', reason } : deny(reason);
  }
  const verdict = readCall(name, argv.slice(1));
  const wrong = await refuseCall(verdict, argv, question, deps);
  if (wrong !== undefined) return deny(wrong);
  if (patterns.some((pattern) => matchesPattern(pattern, argv, verdict))) {
    return { decision: 'allow', reason: `${name} is on the list and this form of it is known` };
  }
  const reason = verdict.kind === 'unknown' ? verdict.reason : `${name} is not on the list`;
  return question.level === 'ask' ? { decision: 'ask', reason } : deny(reason);
}

/** Whether a configured pattern covers `argv`. A call that a grammar knows is covered by its first words. Any other is covered only as a whole, or when what follows is neither an option nor a way to other places. */
function matchesPattern(pattern: readonly string[], argv: readonly string[], verdict: CallVerdict): boolean {
  if (pattern.length === 0 || pattern.length > argv.length) return false;
  if (!pattern.every((word, at) => word === argv[at])) return false;
  if (verdict.kind === 'known' || pattern.length === argv.length) return true;
  return verdict.kind === 'unknown' && pattern.length >= verdict.words && argv.slice(pattern.length).every(isTame);
}

/** No option, no second place or helper (`ext::`) in the same word, no name that is closed for writing. */
function isTame(word: string): boolean {
  const isOpen = decoded(word)
    .split(/[=,:]/)
    .every((part) => refuseNames(part.split('/'), 'write') === undefined);
  return isOpen && !word.startsWith('-') && !/[=,:]([-/~@]|\.\.)|::|^@/.test(word.replace(/^https?:\/\//i, ''));
}

/** A program that fetches names its file by the decoded end of the address. */
function decoded(word: string): string {
  return word.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function readPatterns(allow: ExecQuestion['allow']): (readonly string[])[] {
  return allow.flatMap((pattern) => {
    const read = typeof pattern === 'string' ? tokenize(pattern) : checkWords(pattern);
    return 'words' in read ? [read.words] : [];
  });
}

async function refuseCall(
  verdict: CallVerdict,
  argv: readonly string[],
  question: ExecQuestion,
  deps: ExecDeps,
): Promise<string | undefined> {
  if (verdict.kind === 'refused') return verdict.reason;
  const { paths, urls } = verdict.kind === 'known' ? verdict.call : await guessPlaces(argv.slice(1), question.cwd);
  for (const url of urls) {
    const { decision, reason } = await deps.checkUrl(url);
    if (decision === 'deny') return `${JSON.stringify(url)}: ${reason}`;
  }
  for (const path of paths) {
    const reason = await refusePath(path, question);
    if (reason !== undefined) return `${JSON.stringify(path)}: ${reason}`;
  }
  return undefined;
}

/** What looks like a place in a call without a grammar, or is the name of one. */
async function guessPlaces(args: readonly string[], cwd: string): Promise<Pick<ParsedCall, 'paths' | 'urls'>> {
  const values = args.map((word) => word.replace(/^-{0,2}[A-Za-z0-9_-]+=/, ''));
  const urls = values.filter((word) => /^[a-z][a-z0-9+.-]+:\/\//i.test(word));
  const rest = values.filter((word) => !urls.includes(word));
  const isThere = await Promise.all(rest.map((word) => exists(resolve(cwd, word))));
  const hosts = rest.filter((word) => LOCAL_HOST.test(word)).map((word) => `http://${word}`);
  return { urls: [...urls, ...hosts], paths: rest.filter((word, at) => isThere[at] === true || looksLikePath(word)) };
}

/** What a program without a grammar may take for a host, said without a scheme. */
const LOCAL_HOST = /^(localhost|(\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:.]+\])(:\d+)?(\/.*)?$/i;

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** A sentence may hold a slash; what begins like a path, or climbs, is one. */
function looksLikePath(word: string): boolean {
  return /^[./~]|(^|\/)\.\.(\/|$)/.test(word) || (word.includes('/') && !/\s/.test(word));
}

async function refusePath(path: string, { cwd, roots, home }: ExecQuestion): Promise<string | undefined> {
  const real = await realpath(cwd).catch(() => cwd);
  for (const root of roots) {
    const folder = await realpath(root.folder).catch(() => root.folder);
    const inside = isAbsolute(path) ? relativeInside(folder, path) : joinInside(relativeInside(folder, real), path);
    if (inside === undefined) continue;
    const asRead = { root: { folder, mode: root.mode }, mode: 'read' as const, path: inside };
    const decision = await decidePath(home === undefined ? asRead : { ...asRead, home });
    return decision.decision === 'deny' ? decision.reason : undefined;
  }
  return 'it lies outside the granted folders';
}

/** `path` below `folder` as text, its `..` kept for the decision to refuse; undefined when it does not begin there. */
function relativeInside(folder: string, path: string): string | undefined {
  if (path === folder) return '.';
  if (path.startsWith(`${folder}/`)) return path.slice(folder.length + 1);
  const way = relative(folder, path);
  return way.startsWith('..') || isAbsolute(way) ? undefined : path;
}

function joinInside(inside: string | undefined, path: string): string | undefined {
  return inside === undefined ? undefined : inside === '.' ? path : `${inside}/${path}`;
}

function deny(reason: string): Verdict {
  return { decision: 'deny', reason };
}
