/** Owns the grammar of git: the sub-commands that only look. Source: git 2.47 manual. Left out: what writes, talks to a remote, opens a pager or editor, or runs a configured helper (-c, --exec-path, --git-dir, --output, --ext-diff, --textconv, --no-index, -O). */
import { type Grammar, parseCall, type ParsedCall } from './grammar.ts';

export type GitCall = ParsedCall | string | { readonly beyond: string };

const REVISIONS = `-n=number -NUM --max-count=number --skip=number --all --branches[=text] --tags[=text] --remotes[=text] --since=text
  --until=text --after=text --before=text --author=text --committer=text --grep=text -i -E -F -P --all-match --invert-grep --merges
  --no-merges --first-parent --reverse --date-order --author-date-order --topo-order --left-right --cherry-pick --cherry-mark
  --ancestry-path --simplify-by-decoration --boundary --not --no-walk --full-history --left-only --right-only --cherry`;
const DIFF = `-p -s -u -U=number -w -b -M[=text] -C[=text] -D -R -S=text -G=text -z -a --patch --no-patch --unified=number --raw
  --patch-with-raw --patch-with-stat --stat[=text] --numstat --shortstat --dirstat[=text] --summary --name-only --name-status
  --color[=text] --no-color --color-moved[=text] --color-words[=text] --word-diff[=text] --ignore-all-space --ignore-space-change
  --ignore-space-at-eol --ignore-blank-lines --minimal --patience --histogram --diff-algorithm=text --diff-filter=text
  --find-renames[=text] --find-copies[=text] --no-renames --check --full-index --binary --abbrev[=number] --text --relative[=text]
  --function-context --inter-hunk-context=number --pickaxe-all --pickaxe-regex --exit-code --quiet --no-ext-diff --no-textconv
  --ignore-submodules[=text] --submodule[=text] --no-prefix --compact-summary --cc -c -m`;
const PRETTY = `--oneline --pretty[=format] --format=format --date=text --abbrev-commit --no-abbrev-commit --decorate[=text] --no-decorate
  --graph --no-graph --notes[=text] --no-notes --relative-date --parents --children --encoding=text --log-size --show-pulls`;
const LIST =
  '-l --list --sort=text --format=format -i --ignore-case --column[=text] --no-column --color[=text] --no-color';

/** `%G…` and `%(signature)` would have a signature checked by a configured program. */
const KINDS = { format: /^(?!.*%(G|\(\*?signature))[^\0]*$/s };

function reads(options: string, more: Partial<Grammar> = {}): Grammar {
  return { options, kinds: KINDS, operands: ['text'], ...more };
}

const NONE: Partial<Grammar> = { operands: [] };

/** Options of branch and tag that make it a listing. */
const LISTS = ['-l', '--list', '--contains', '--merged', '--no-merged', '--points-at'];

/** Operands of a listing are patterns; without it they would create. */
function onlyToList({ options, operands }: ParsedCall): string | undefined {
  return operands.length > 0 && !LISTS.some((name) => options.has(name))
    ? 'a name without --list would create something'
    : undefined;
}

function firstOf(...verbs: readonly string[]): Partial<Grammar> {
  return {
    check: ({ operands: [verb = ''] }) =>
      verbs.includes(verb) ? undefined : `only ${verbs.filter((name) => name !== '').join(', ')} may be used here`,
  };
}

const READS: Readonly<Record<string, Grammar>> = {
  status: reads(
    '-s -b -v -u[=text] -z --short --branch --show-stash --porcelain[=text] --long --verbose --untracked-files[=text] --ignored[=text] --column[=text] --no-column --renames --no-renames --ahead-behind --no-ahead-behind --ignore-submodules[=text]',
  ),
  log: reads(`${REVISIONS} ${DIFF} ${PRETTY} --follow --source -L=path --walk-reflogs -g`),
  show: reads(`${REVISIONS} ${DIFF} ${PRETTY}`),
  diff: reads(`${DIFF} --cached --staged --merge-base -1 -2 -3 --base --ours --theirs`),
  shortlog: reads(`${REVISIONS} -n -s -e -w[=text] --summary --numbered --email --group=text --format=format`),
  'rev-list': reads(`${REVISIONS} ${PRETTY} --count --objects`),
  'rev-parse': reads(
    '--abbrev-ref[=text] --short[=number] --verify -q --quiet --show-toplevel --show-prefix --show-cdup --is-inside-work-tree --is-inside-git-dir --is-bare-repository --symbolic --symbolic-full-name --all --branches[=text] --tags[=text] --git-dir --absolute-git-dir',
  ),
  blame: reads(
    '-b -e -f -l -L=text -M[=number] -C[=number] -n -p -s -t -w --porcelain --line-porcelain --show-name --show-number --show-email --date=text --since=text --root --abbrev=number --ignore-rev=text',
  ),
  branch: reads(
    `${LIST} -a -r -v --all --remotes --verbose --show-current --merged[=text] --no-merged[=text] --contains[=text] --points-at=text --abbrev[=number]`,
    { check: onlyToList },
  ),
  tag: reads(`${LIST} -n[=number] --merged[=text] --no-merged[=text] --contains[=text] --points-at=text`, {
    check: onlyToList,
  }),
  remote: reads('-v --verbose', { maxOperands: 2, ...firstOf('', 'get-url') }),
  stash: reads(`${DIFF} ${PRETTY}`, { minOperands: 1, ...firstOf('list', 'show') }),
  worktree: reads('--porcelain -v -z', { minOperands: 1, maxOperands: 1, ...firstOf('list') }),
  reflog: reads(`${REVISIONS} ${PRETTY}`, {
    check: ({ operands: [verb = ''] }) =>
      ['expire', 'delete', 'drop', 'write'].includes(verb) ? `reflog ${verb} writes` : undefined,
  }),
  'ls-files': reads(
    '-c -d -m -o -i -s -t -u -v -z --cached --deleted --modified --others --ignored --stage --unmerged --exclude-standard --error-unmatch --full-name --eol --directory --abbrev[=number] --deduplicate',
  ),
  'ls-tree': reads(
    '-r -t -d -l -z --long --name-only --name-status --object-only --full-name --full-tree --abbrev[=number]',
  ),
  'cat-file': reads('-t -s -p -e', { minOperands: 1, maxOperands: 2 }),
  'for-each-ref': reads(
    '--count=number --sort=text --format=format --merged[=text] --no-merged[=text] --contains[=text] --points-at=text',
  ),
  'show-ref': reads('--head --heads --branches --tags --hash[=number] --abbrev[=number] -d --verify -q --quiet'),
  describe: reads(
    '--all --tags --contains --long --always --exact-match --first-parent --abbrev=number --candidates=number --dirty[=text] --broken[=text] --match=text --exclude=text',
  ),
  'merge-base': reads('-a --all --octopus --is-ancestor --independent --fork-point'),
  'name-rev': reads('--tags --name-only --always --refs=text'),
  'count-objects': reads('-v -H --verbose --human-readable', NONE),
  grep: reads(
    '-i -n -l -L -c -w -v -h -H -o -q -E -F -G -P -I -a -p -W -z -NUM -e=text -A=number -B=number -C=number -m=number --cached --untracked --ignore-case --line-number --files-with-matches --name-only --count --word-regexp --invert-match --extended-regexp --fixed-strings --perl-regexp --and --or --not --all-match --color[=text] --no-color --heading --break --column --max-depth=number --max-count=number --context=number --show-function --only-matching',
  ),
  version: reads('--build-options', NONE),
};

/** Reads the arguments of git. `beyond` is a sub-command that does more than look. */
export function parseGit(args: readonly string[]): GitCall {
  const folders: string[] = [];
  let at = 0;
  for (; args[at]?.startsWith('-') === true; at += 1) {
    if (args[at] === '--no-pager' || args[at] === '--no-optional-locks' || args[at] === '--literal-pathspecs') continue;
    if (args[at] === '--version' && args.length === 1) return { options: new Map(), operands: [], paths: [], urls: [] };
    if (args[at] !== '-C') return `git may not be given ${args[at]}`;
    at += 1;
    folders.push(args[at] ?? '');
  }
  const verb = args[at];
  if (verb === undefined) return 'git has no sub-command';
  if (!/^[a-z][a-z-]*$/.test(verb)) return `git has no sub-command ${JSON.stringify(verb)}`;
  const grammar = Object.hasOwn(READS, verb) ? READS[verb] : undefined;
  if (grammar === undefined) return { beyond: `git ${verb} may do more than look` };
  const call = parseCall(args.slice(at + 1), grammar);
  if (typeof call === 'string') return call;
  // With -C, a name is looked up below that folder.
  const below = folders.length === 0 ? '' : `${folders.join('/')}/`;
  const names = verb === 'grep' && !call.options.has('-e') ? call.operands.slice(1) : call.operands;
  // The file of `-L START,END:FILE`.
  const lined = call.paths.map((value) => value.slice(value.lastIndexOf(':') + 1)).filter((path) => path !== '');
  return { ...call, paths: [...folders, ...[...lined, ...names.flatMap(pathsIn)].map((path) => `${below}${path}`)] };
}

/** A revision, a path, or `revision:path`: each half must hold as a path, so that nothing outside the folder is named. */
function pathsIn(operand: string): string[] {
  const [revision = '', ...rest] = operand.split(':');
  const halves = rest.length === 0 ? [operand] : [revision, rest.join(':').replace(/^\(?[!^/a-z,]*\)?/, '')];
  // Ranges (a..b, a...b) are two revisions, not a way up.
  return halves
    .flatMap((half) => (/^\.\.$|\.\.\/|\/\.\./.test(half) ? [half] : half.split(/\.{2,3}/)))
    .filter((half) => half !== '');
}
