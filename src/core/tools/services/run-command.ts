/** Owns the starting of programs for tools: the one policy decides on the parsed command, a person where the policy asks, and what runs is what was decided on. */
import { mkdir } from 'node:fs/promises';
import { ClawError } from '../../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../../kernel/messages.ts';
import { decideUrlText } from '../../net/decide-url.ts';
import { decideExec, type ExecDecision, type ExecLevel } from '../../sandbox/exec-policy.ts';
import type { BrokerServices } from '../../sandbox/broker.ts';
import { resolveProgram, TRUSTED_FOLDERS } from '../../sandbox/exec/resolve-program.ts';
import { makeVisible } from '../../sandbox/exec/show-act.ts';
import { runCommand } from '../../sandbox/exec/run-command.ts';
import { runProgram, type RunResult } from '../../sandbox/run-program.ts';
import type { Service, ServiceScope } from '../call-tool.ts';

export interface CommandDeps {
  readonly level: ExecLevel;
  readonly allow: readonly string[];
  /** Absolute; programs start here and may name files below. */
  readonly workspace: string;
  readonly home: string;
  /** Environment of programs that need the user's screen or speakers. */
  readonly desktop: Readonly<Record<string, string>>;
  /** Opens the guard that curl's requests go through. */
  readonly openProxy: () => Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Writes down that the act begins, before it does. */
  readonly record: (act: string, program: string, scope: ServiceScope) => Promise<void>;
}

export interface Command {
  /** A line, or its words. */
  readonly command: string | readonly string[];
  readonly input: string | undefined;
}

const TIMEOUT_MS = 600_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** The service `programs` of run_command. */
export function commandService(deps: CommandDeps): Service {
  return async (method, args, scope) => {
    if (method !== 'run')
      throw new ClawError('sandbox-refused', `the service programs cannot ${JSON.stringify(method)}`);
    return runAsked(deps, readCommand(args), scope, { level: deps.level, allow: deps.allow });
  };
}

/** `ctx.exec` of a tool. A shipped one makes its own arguments and needs the user's screen or speakers; any other was granted a program by name: its known forms run inside the wall, the rest is asked for. */
export function toolExec(deps: CommandDeps, scope: ServiceScope): BrokerServices['exec'] {
  return async (program, args, input) => {
    if (scope.tool.origin === 'builtin') return runOnDesktop(deps, program, args, scope);
    return runAsked(deps, { command: [program, ...args], input }, scope, { level: 'ask', allow: [program] });
  };
}

async function runAsked(
  deps: CommandDeps,
  { command, input }: Command,
  scope: ServiceScope,
  policy: { readonly level: ExecLevel; readonly allow: readonly string[] },
): Promise<JsonValue> {
  const { workspace, home } = deps;
  await mkdir(workspace, { recursive: true, mode: 0o700 });
  const question = { command, ...policy, cwd: workspace, roots: [{ folder: workspace, mode: 'write' as const }], home };
  const checks = { checkUrl: (url: string) => decideUrlText(url), openProxy: deps.openProxy };
  const decision = await decideExec(question, checks);
  if (decision.decision === 'ask') await consent(deps, decision, input, scope);
  if (decision.decision !== 'deny') await deps.record(decision.act, decision.program ?? '', scope);
  const limits = { timeoutMs: TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES, signal: scope.call.signal };
  const stdin = input === undefined ? {} : { stdin: input };
  return toJson(await runCommand({ question, isApproved: decision.decision === 'ask', ...limits, ...stdin }, checks));
}

async function runOnDesktop(
  deps: CommandDeps,
  name: string,
  args: readonly string[],
  scope: ServiceScope,
): Promise<JsonValue> {
  const found = await resolveProgram(name, TRUSTED_FOLDERS);
  if (found.kind !== 'found') throw new ClawError('not-found', `${name} is not installed`);
  await mkdir(deps.workspace, { recursive: true, mode: 0o700 });
  await deps.record(makeVisible([name, ...args].join(' ')), found.path, scope);
  const request = {
    program: found.path,
    args,
    env: deps.desktop,
    cwd: deps.workspace,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  };
  return toJson(await runProgram({ ...request, signal: scope.call.signal }));
}

async function consent(
  deps: CommandDeps,
  decision: ExecDecision,
  input: string | undefined,
  scope: ServiceScope,
): Promise<void> {
  const { act, argv, program = '', reason } = decision;
  const answer = await scope.ask({
    kind: 'exec',
    act,
    exact: {
      argv: [...argv],
      program,
      cwd: deps.workspace,
      input: input ?? null,
      tool: scope.tool.name,
      hash: scope.tool.head?.hash ?? scope.tool.shipped?.hash ?? '',
    },
    pattern: `${scope.tool.name}: ${argv[0] ?? ''}`,
    reason,
    detail: `${act}\nprogram: ${program}\nfolder: ${deps.workspace}${input === undefined ? '' : `\ninput:\n${input}`}`,
  });
  if (!answer.isAllowed) throw new ClawError('permission-denied', `${act} was not run. ${answer.reason}`);
}

function readCommand(args: JsonObject): Command {
  const { command, input } = args;
  const isWords = Array.isArray(command) && command.every((word) => typeof word === 'string');
  if (typeof command !== 'string' && !isWords)
    throw new ClawError('data-invalid', 'command must be a line or its words');
  return { command: command, input: typeof input === 'string' ? input : undefined };
}

function toJson({ code, outcome, stdout, stderr, signal }: RunResult): JsonValue {
  const how = outcome === 'exited' ? {} : { stopped: outcome };
  return {
    code,
    ...(signal === null ? {} : { signal }),
    ...how,
    stdout: stdout.toString('utf8'),
    stderr: stderr.toString('utf8'),
  };
}
