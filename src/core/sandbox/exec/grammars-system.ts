/** Owns the grammars of programs that tell about the machine and change nothing. Sources: GNU coreutils 9, procps-ng 4, systemd 254 manuals. */
import type { Grammar, ParsedCall } from './grammar.ts';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/;
const FIELDS = /^(?!.*env)[A-Za-z0-9_%,:= -]{1,200}$/i;
const ORDER = /^(?!.*env)[+-]?[A-Za-z0-9_%,:+-]{1,200}$/i;
/** No word that ps, when it knows no such user, reads again as BSD letters with `e` among them. */
const USERS = /^(?![acefghjlmnrsuvwxHLSTVXZ]*e[acefghjlmnrsuvwxHLSTVXZ]*$)(?!.*env)[A-Za-z0-9_.,@-]{1,200}$/;
const UNIT = /^[A-Za-z0-9_*?][A-Za-z0-9_.:@*?-]{0,200}$/;

const SYSTEMCTL_READS = new Set([
  'status',
  'is-active',
  'is-enabled',
  'is-failed',
  'list-units',
  'list-unit-files',
  'list-timers',
  'list-sockets',
  'list-dependencies',
  'is-system-running',
]);

export const SYSTEM_GRAMMARS: Readonly<Record<string, Grammar>> = {
  pwd: { options: '-L -P --logical --physical', operands: [] },
  whoami: { options: '', operands: [] },
  // An operand would set the name.
  hostname: { options: '', operands: [] },
  uname: {
    options: `-a -s -n -r -v -m -p -i -o --all --kernel-name --nodename --kernel-release --kernel-version --machine --processor
      --hardware-platform --operating-system`,
    operands: [],
  },
  arch: { options: '', operands: [] },
  nproc: { options: '--all --ignore=number', operands: [] },
  uptime: { options: '-p -s --pretty --since', operands: [] },
  id: {
    options: '-a -g -G -n -r -u -z -Z --group --groups --name --real --user --zero',
    operands: [NAME],
    maxOperands: 1,
  },
  groups: { options: '', operands: [NAME] },
  tty: { options: '-s', operands: [] },
  locale: { options: '-a', operands: [] },
  free: { options: '-b -k -m -g -h -t -w --bytes --kibi --mebi --gibi --human --si --total --wide', operands: [] },
  lscpu: { options: '-J -b -y --json', operands: [] },
  lsblk: { options: '-a -b -d -f -J -l -m -n -p -t --json --bytes --fs --nodeps', operands: [] },
  date: {
    options: `-u -R -I[=text] -d=text -r=path --utc --universal --rfc-email --iso-8601[=text] --rfc-3339=text --date=text
      --reference=path`,
    // Anything but a format sets the clock.
    operands: [/^\+[^\0]*$/],
    maxOperands: 1,
  },
  cal: { options: '-1 -3 -y -m -s -j', operands: [/^[0-9]{1,4}$/], maxOperands: 2 },
  df: {
    options: `-a -h -H -i -k -l -m -P -T -t=text -x=text -B=text --all --human-readable --si --inodes --local --portability --print-type
      --total --type=text --exclude-type=text --block-size=text --output[=text]`,
    // Tells the size of a file system, nothing of what is in it.
    operands: ['text'],
  },
  du: {
    options: `-a -b -c -d=number -h -H -k -m -s -S -x -0 -t=text -B=text --all --apparent-size --bytes --total --max-depth=number
      --human-readable --si --summarize --separate-dirs --one-file-system --null --threshold=text --time[=text] --time-style=text
      --exclude=text --block-size=text --inodes`,
    operands: ['path'],
  },
  ps: {
    options: `-A -a -d -e -f -F -l -j -L -T -H -w -N -y -M -c -x -o=fields -O=fields -C=name -p=fields -u=users -U=users -g=users -t=fields
      --forest --no-headers --headers --format=fields --pid=fields --ppid=fields --user=fields --sort=order --cols=number
      --width=number --deselect`,
    kinds: { fields: FIELDS, name: NAME, users: USERS, order: ORDER },
    // BSD letters, without `e`, which shows the environment of processes; after a final `o` the fields.
    operands: [
      /^([afgjlmnrsTuvwxXSc]{1,12}o?|[0-9,]{1,60})$/,
      /^(?!.*env)([0-9,]{1,60}|[a-z_%]{2,20}(,[a-z_%]{2,20})*)$/,
    ],
    maxOperands: 2,
    check: checkPs,
  },
  pgrep: {
    options: '-l -a -c -x -n -o -f -u=name -d=text --list-name --count --exact',
    kinds: { name: NAME },
    operands: ['text'],
    maxOperands: 1,
  },
  systemctl: {
    options: `-a -l -q -n=number -t=text -o=text --all --full --quiet --failed --plain --no-legend --no-pager --lines=number --type=text
      --state=text --output=text --user --system --reverse --recursive`,
    operands: [UNIT],
  },
};

/** What ps cannot read it reads again with `-e` meaning the BSD letter that shows the environment of processes. */
function checkPs({ options, operands: [letters, fields] }: ParsedCall): string | undefined {
  const isListed = fields !== undefined && !/^[0-9,]+$/.test(fields);
  if (isListed !== (letters?.endsWith('o') === true))
    return 'the arguments of ps are letters, or letters with o and its fields';
  if (!options.has('-e')) return undefined;
  const rival = ['-x', '-u', '-U', '-g', '-T', '-L'].find((name) => options.has(name));
  const isTree = options.has('-H') || options.has('--forest');
  const isConflict = rival !== undefined && (isTree || (rival !== '-T' && rival !== '-L'));
  return isConflict || letters !== undefined
    ? 'ps may read -e as the letter that shows environments; use -A'
    : undefined;
}

/** Sub-commands outside the safe set: an act that a person may approve, but no grammar covers. */
export function isBeyondSystemctl({ operands: [verb = 'list-units'] }: ParsedCall): boolean {
  return !SYSTEMCTL_READS.has(verb);
}
