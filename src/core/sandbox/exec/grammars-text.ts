/** Owns the grammars of programs that read text and files and write to stdout only. Sources: GNU coreutils 9, grep 3.11, ripgrep 14, jq 1.7, diffutils 3.10 manuals. Left out on purpose: what writes files, reads lists of files, follows links, or starts programs. */
import type { Grammar } from './grammar.ts';

const FORMAT = /^[^\0]{0,500}$/;

const LINES =
  '-n=number -c=number -q -v -z -NUM --lines=number --bytes=number --quiet --silent --verbose --zero-terminated';
const GREP_CONTEXT =
  '-A=number -B=number -C=number -m=number --after-context=number --before-context=number --context=number --max-count=number';
const CHECKSUM = '-b -t -z --binary --text --tag --zero';

/** The pattern is the first operand unless an option gave it. */
function patternFirst(...given: readonly string[]): Grammar['operands'] {
  return (options) => (given.some((name) => options.has(name)) ? ['path'] : ['text', 'path']);
}

/** A filter of jq without its fields (`.env`) and, where none of them holds code, its texts. */
function plainFilter(filter: string): string {
  const bare = filter.includes('\\(') ? filter : filter.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return bare.replaceAll(/(?<![.\w])\.[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g, '.');
}

function checkFilter(filter: string): string | undefined {
  if (/\b(import|include|modulemeta|input_filename|get_search_list)\b|\$__prog/.test(filter))
    return 'the filter of jq reads other files';
  return /\$\s*ENV\b|\benv\b/.test(filter) ? 'the filter of jq reads the environment' : undefined;
}

/** Arguments of jq without `--arg NAME VALUE` and `--argjson NAME VALUE`, which hold text and nothing else. */
export function withoutVariables(args: readonly string[]): readonly string[] {
  const at = args.findIndex((word) => word === '--arg' || word === '--argjson' || word === '--');
  if (at === -1 || args[at] === '--' || args.length < at + 3) return args;
  return [...args.slice(0, at), ...withoutVariables(args.slice(at + 3))];
}

export const TEXT_GRAMMARS: Readonly<Record<string, Grammar>> = {
  cat: {
    options: `-A -b -e -E -n -s -t -T -u -v --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs
      --show-nonprinting`,
    operands: ['path'],
  },
  tac: { options: '-b -r -s=text --before --regex --separator=text', operands: ['path'] },
  nl: {
    options: '-b=text -n=text -w=number -s=text -v=number -i=number --body-numbering=text --number-width=number',
    operands: ['path'],
  },
  rev: { options: '', operands: ['path'] },
  head: { options: LINES, operands: ['path'] },
  tail: { options: LINES, operands: ['path'] },
  wc: { options: '-c -m -l -L -w --bytes --chars --lines --words --max-line-length', operands: ['path'] },
  ls: {
    options: `-a -A -b -B -c -C -d -f -F -g -G -h -i -k -l -m -n -N -o -p -q -Q -r -R -s -S -t -u -U -v -w=number -x -X -1 -Z -I=text
      --all --almost-all --escape --ignore-backups --color[=text] --directory --classify[=text] --file-type --format=text --full-time
      --group-directories-first --no-group --human-readable --si --hide=text --inode --ignore=text --kibibytes --numeric-uid-gid
      --literal --indicator-style=text --hide-control-chars --quote-name --quoting-style=text --reverse --recursive --size --sort=text
      --time=text --time-style=text --width=number --block-size=text`,
    operands: ['path'],
  },
  tree: {
    options:
      '-a -d -f -i -L=number -P=text -I=text -n -C -D -F -h -p -s -t -r -v --dirsfirst --noreport --du --prune --gitignore',
    operands: ['path'],
  },
  grep: {
    options: `-i -y -v -w -x -c -l -L -n -H -h -o -q -s -E -F -G -P -a -I -r -z -Z -U -b -T -NUM -e=text -f=path ${GREP_CONTEXT}
      --ignore-case --no-ignore-case --invert-match --word-regexp --line-regexp --count --files-with-matches --files-without-match
      --line-number --with-filename --no-filename --only-matching --quiet --silent --no-messages --extended-regexp --fixed-strings
      --basic-regexp --perl-regexp --text --recursive --null --null-data --byte-offset --initial-tab --line-buffered --binary
      --color[=text] --colour[=text] --regexp=text --file=path --include=text --exclude=text --exclude-dir=text --label=text
      --binary-files=text`,
    operands: patternFirst('-e', '-f', '--regexp', '--file'),
    minOperands: 0,
  },
  rg: {
    options: `-i -v -w -x -c -l -n -N -H -I -o -q -F -P -s -S -U -p -0 -NUM -e=text -f=path -g=text -t=text -T=text -j=number -M=number
      -r=text -d=number ${GREP_CONTEXT} --ignore-case --case-sensitive --smart-case --invert-match --word-regexp --line-regexp --count
      --count-matches --files --files-with-matches --files-without-match --line-number --no-line-number --with-filename --no-filename
      --only-matching --quiet --fixed-strings --pcre2 --multiline --multiline-dotall --pretty --null --regexp=text --file=path
      --glob=text --iglob=text --type=text --type-not=text --type-list --json --heading --no-heading --color=text --colors=text
      --column --no-column --vimgrep --max-depth=number --max-columns=number --max-filesize=text --replace=text --sort=text
      --sortr=text --stats --trim --threads=number --no-messages --no-config --one-file-system --version`,
    operands: (options) =>
      ['-e', '-f', '--regexp', '--file', '--files', '--type-list'].some((name) => options.has(name))
        ? ['path']
        : ['text', 'path'],
  },
  jq: {
    options: `-r -c -n -s -S -M -C -e -a -j -R --raw-output --compact-output --null-input --slurp --sort-keys --monochrome-output
      --color-output --exit-status --ascii-output --join-output --raw-input --tab --indent=number --stream --unbuffered`,
    operands: ['text', 'path'],
    minOperands: 1,
    check: ({ operands: [filter = ''] }) => checkFilter(plainFilter(filter)),
  },
  sort: {
    options: `-b -d -f -g -h -i -M -n -R -r -V -c -C -m -s -u -z -k=text -t=text --ignore-leading-blanks --dictionary-order
      --ignore-case --general-numeric-sort --human-numeric-sort --ignore-nonprinting --month-sort --numeric-sort --random-sort
      --reverse --version-sort --check[=text] --merge --stable --unique --zero-terminated --key=text --field-separator=text`,
    operands: ['path'],
  },
  // A second file would be written to.
  uniq: {
    options: `-c -d -D -i -u -z -f=number -s=number -w=number --count --repeated --all-repeated[=text] --ignore-case --unique
      --skip-fields=number --skip-chars=number --check-chars=number --group[=text] --zero-terminated`,
    operands: ['path'],
    maxOperands: 1,
  },
  cut: {
    options:
      '-b=text -c=text -d=text -f=text -n -s -z --bytes=text --characters=text --delimiter=text --fields=text --complement --only-delimited --output-delimiter=text --zero-terminated',
    operands: ['path'],
  },
  tr: {
    options: '-c -C -d -s -t --complement --delete --squeeze-repeats --truncate-set1',
    operands: ['text'],
    minOperands: 1,
    maxOperands: 2,
  },
  paste: { options: '-d=text -s -z --delimiters=text --serial', operands: ['path'] },
  fold: { options: '-b -s -w=number --bytes --spaces --width=number', operands: ['path'] },
  fmt: { options: '-c -s -t -u -w=number --width=number', operands: ['path'] },
  column: { options: '-t -s=text -o=text -n -x -c=number', operands: ['path'] },
  expand: { options: '-i -t=text', operands: ['path'] },
  comm: {
    options: '-1 -2 -3 -i --check-order --nocheck-order --total',
    operands: ['path'],
    minOperands: 2,
    maxOperands: 2,
  },
  cmp: {
    options: '-b -l -s -n=number --silent --quiet --verbose --print-bytes --bytes=number',
    operands: ['path'],
    minOperands: 2,
    maxOperands: 2,
  },
  diff: {
    options: `-u -U=number -c -C=number -e -n -N -q -r -s -w -b -B -E -i -y -a -d -t -W=number -p --unified[=number] --context[=number]
      --brief --recursive --new-file --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-case --side-by-side
      --width=number --text --minimal --color[=text] --report-identical-files --suppress-common-lines --exclude=text
      --strip-trailing-cr --label=text`,
    operands: ['path'],
    minOperands: 2,
    maxOperands: 2,
  },
  md5sum: { options: CHECKSUM, operands: ['path'] },
  sha1sum: { options: CHECKSUM, operands: ['path'] },
  sha224sum: { options: CHECKSUM, operands: ['path'] },
  sha256sum: { options: CHECKSUM, operands: ['path'] },
  sha384sum: { options: CHECKSUM, operands: ['path'] },
  sha512sum: { options: CHECKSUM, operands: ['path'] },
  b2sum: { options: CHECKSUM, operands: ['path'] },
  cksum: { options: '', operands: ['path'] },
  base64: { options: '-d -i -w=number --decode --ignore-garbage --wrap=number', operands: ['path'], maxOperands: 1 },
  base32: { options: '-d -i -w=number --decode --ignore-garbage --wrap=number', operands: ['path'], maxOperands: 1 },
  od: { options: '-A=text -t=text -N=number -j=number -w[=number] -v -c -x -b -d', operands: ['path'] },
  hexdump: { options: '-C -c -b -d -o -x -v -n=number -s=number', operands: ['path'] },
  strings: { options: '-a -n=number -t=text -e=text --all --bytes=number --radix=text', operands: ['path'] },
  stat: {
    options: '-f -t -c=text --file-system --terse --format=text --printf=text',
    operands: ['path'],
    minOperands: 1,
  },
  file: {
    options: '-b -i -k -N -n -0 --brief --mime --mime-type --mime-encoding --keep-going --no-pad',
    operands: ['path'],
    minOperands: 1,
  },
  readlink: {
    options: '-e -f -m -n -z --canonicalize --canonicalize-existing --canonicalize-missing --no-newline',
    operands: ['path'],
    minOperands: 1,
  },
  echo: { options: '-n -e -E', operands: ['text'] },
  printf: { options: '', operands: [FORMAT], minOperands: 1 },
  basename: { options: '-a -s=text -z --multiple --suffix=text --zero', operands: ['text'], minOperands: 1 },
  dirname: { options: '-z --zero', operands: ['text'], minOperands: 1 },
  seq: {
    options: '-w -s=text -f=text --equal-width --separator=text --format=text',
    operands: ['number'],
    minOperands: 1,
    maxOperands: 3,
  },
  true: { options: '', operands: [] },
  false: { options: '', operands: [] },
};
