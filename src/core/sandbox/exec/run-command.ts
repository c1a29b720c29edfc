/** Owns the run of one command from decision to result: decided anew, inside its wall, with an environment of its own. */
import { realpath } from 'node:fs/promises';
import { ClawError } from '../../kernel/errors.ts';
import { decideExec, type ExecDecision, type ExecDeps, type ExecQuestion } from '../exec-policy.ts';
import { runProgram, type RunResult } from '../run-program.ts';
import { wallCommand } from './exec-wall.ts';
import { findProtected, type HiddenPath } from './hide-protected.ts';

export interface CommandRun {
  readonly question: ExecQuestion;
  /** A person approved exactly this act: what would be asked then runs. What is denied does not. */
  readonly isApproved: boolean;
  readonly stdin?: string;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Bytes of stdout and of stderr, each. */
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal;
}

export interface CommandDeps extends ExecDeps {
  /** Opens the guard that curl's requests go through. */
  readonly openProxy: () => Promise<{ readonly url: string; close(): Promise<void> }>;
}

export interface CommandResult extends RunResult {
  readonly decision: ExecDecision;
}

/** Programs that read the files they are given and no others: nothing has to be hidden from them. */
const READS_ONLY_ARGUMENTS = new Set(
  'cat tac nl rev head tail wc ls find tree sort uniq cut paste fold fmt column expand comm cmp jq stat file du date pwd echo printf curl'.split(
    ' ',
  ),
);

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', LANG: 'C.UTF-8', TERM: 'dumb' };

/** What a repository's own configuration could start, switched off. */
const GIT_SETTINGS: readonly (readonly [string, string])[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['core.sshCommand', 'false'],
  ['core.askPass', 'false'],
  ['credential.helper', ''],
  ['gpg.program', 'false'],
  ['protocol.ext.allow', 'never'],
];

/** Runs a command. Throws `sandbox-refused` when it is denied, `permission-denied` when it first needs an approval, `sandbox-unavailable` without bubblewrap or without the program. */
export async function runCommand(run: CommandRun, deps: CommandDeps): Promise<CommandResult> {
  const decision = await decideExec(run.question, deps);
  const program = admit(decision, run.isApproved);
  const [name = ''] = decision.argv;
  const proxy = decision.wall === 'network' ? await deps.openProxy() : undefined;
  try {
    const { cwd, roots } = run.question;
    const request = wallCommand({
      program,
      args: completeArguments(decision.argv, proxy?.url),
      env: name === 'git' ? { ...ENVIRONMENT, ...gitEnvironment() } : ENVIRONMENT,
      cwd: await realpath(cwd),
      wall: decision.wall,
      roots: await Promise.all(
        roots.map(async ({ folder, mode }) => ({
          folder: await realpath(folder),
          mode: decision.isKnown ? ('read' as const) : mode,
        })),
      ),
      hidden: await hiddenFrom(name, decision, run.question),
    });
    if (request === undefined) {
      throw new ClawError('sandbox-unavailable', 'Commands run only inside bubblewrap, which is not installed here.', {
        hint: 'Install it (apt-get install bubblewrap), then see "claw doctor".',
      });
    }
    const { stdin, signal, timeoutMs, maxOutputBytes } = run;
    const limits = { timeoutMs, maxOutputBytes, ...(stdin === undefined ? {} : { stdin }), ...(signal && { signal }) };
    return { ...(await runProgram({ ...request, ...limits })), decision };
  } finally {
    await proxy?.close();
  }
}

function admit(decision: ExecDecision, isApproved: boolean): string {
  if (decision.decision === 'deny') {
    throw new ClawError('sandbox-refused', `${decision.act}: ${decision.reason}`, {
      hint: 'claw security check exec explains the decision on a command.',
    });
  }
  if (decision.decision === 'ask' && !isApproved) {
    throw new ClawError('permission-denied', `${decision.act}: ${decision.reason}`, {
      hint: 'It needs an approval first.',
    });
  }
  if (decision.program !== undefined) return decision.program;
  throw new ClawError('sandbox-unavailable', `${decision.argv[0] ?? ''} is not installed in a trusted folder`, {
    hint: 'Install it with the packages of the system.',
  });
}

/** The approved arguments, and before them what keeps a program from acting on settings of its own. */
function completeArguments(argv: readonly string[], proxyUrl: string | undefined): string[] {
  const [name, ...args] = argv;
  if (name === 'git') {
    const verb = args.findIndex((word) => ['diff', 'log', 'show'].includes(word));
    const own = verb === -1 ? [] : ['--no-ext-diff', '--no-textconv'];
    return ['--no-pager', ...args.slice(0, verb + 1), ...own, ...args.slice(verb + 1)];
  }
  if (name !== 'curl' || proxyUrl === undefined) return args;
  // -q first: no .curlrc. Everything goes through the guard, redirects too.
  return [
    '-q',
    '--proxy',
    proxyUrl,
    '--noproxy',
    '',
    '--proto',
    '=http,https',
    '--proto-redir',
    '=http,https',
    ...args,
  ];
}

function gitEnvironment(): Record<string, string> {
  const settings = GIT_SETTINGS.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return {
    ...Object.fromEntries(settings),
    GIT_CONFIG_COUNT: String(GIT_SETTINGS.length),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
  };
}

async function hiddenFrom(name: string, decision: ExecDecision, { roots, home }: ExecQuestion): Promise<HiddenPath[]> {
  if (decision.wall === 'machine' || (decision.isKnown && READS_ONLY_ARGUMENTS.has(name))) return [];
  const realHome = home === undefined ? undefined : await realpath(home).catch(() => home);
  const keep = name === 'git' ? ['.git'] : [];
  const found = await Promise.all(
    roots.map(async ({ folder }) => findProtected(await realpath(folder), realHome, keep)),
  );
  return found.flat();
}
