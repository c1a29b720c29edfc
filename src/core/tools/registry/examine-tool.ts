/** Owns the road every tool goes before it may run: parse, findings, its own description in the wall, trials of its examples in the wall, policy. Decides on a state; writes nothing. */
import { ClawError, toError } from '../../kernel/errors.ts';
import type { JsonValue } from '../../kernel/messages.ts';
import {
  bothPermissions,
  NO_PERMISSIONS,
  type PermissionLimits,
  refusePermissions,
  TOOL_PERMISSIONS,
  type ToolPermissions,
  wantsNothing,
} from '../permissions.ts';
import type { SourceReader, SourceText } from '../source/read-source.ts';
import type { Finding } from '../source/scan-program.ts';
import type { SelfDescription, ToolExample, ToolSandbox } from '../tool-sandbox.ts';
import { validateInput } from '../validate-input.ts';
import { isToolName, NAME_RULE } from './tool-name.ts';
import { answersAsExpected } from './expected-answer.ts';

export interface Trial {
  readonly input: JsonValue;
  readonly status: 'ok' | 'error' | 'refused' | 'timeout' | 'different';
  /** What came out, or what went wrong. */
  readonly result: string;
}

export interface Examined {
  /** `passed`: fit to run. `wants-more`: fit, and a person must agree to what it wants. `failed`: not fit, `reason` says why. */
  readonly verdict: 'passed' | 'wants-more' | 'failed';
  readonly reason: string | null;
  readonly code: string;
  readonly description: SelfDescription | undefined;
  readonly findings: readonly Finding[];
  readonly trials: readonly Trial[];
}

export interface ExamineDeps {
  readonly readSource: SourceReader;
  readonly sandbox: ToolSandbox;
  readonly limits: PermissionLimits;
}

export interface ExamineOptions {
  /** Examples besides those the tool brings itself. */
  readonly examples?: readonly ToolExample[];
  /** Permissions besides those the source declares. */
  readonly wanted?: ToolPermissions;
  /** Takes what the tool wants as granted and tries nothing, so that only the wall is left. For tests of the wall. */
  readonly isUnsafe?: boolean;
  readonly signal?: AbortSignal;
}

interface Candidate {
  readonly code: string;
  readonly turn: string;
  readonly description: SelfDescription;
}

const MAX_EXAMPLES = 10;
const TRIAL_TIMEOUT_MS = 10_000;
const SHOWN_RESULT = 500;

/** Examines one source. A tool that is not fit is a verdict, never an exception. */
export async function examineTool(
  deps: ExamineDeps,
  text: SourceText,
  options: ExamineOptions = {},
): Promise<Examined> {
  const { code, findings } = await deps.readSource(text, options.signal);
  const empty = { code: code ?? '', findings, trials: [] as Trial[], description: undefined };
  const unreadable = findings.find(({ rule }) => rule === 'syntax-error' || rule === 'types-not-strippable');
  if (code === null)
    return failed(empty, `line ${unreadable?.line ?? 1}: ${unreadable?.message ?? 'it cannot be read'}`);
  // Its description and its trials may share a process, like the calls of one turn.
  const turn = crypto.randomUUID();
  let description: SelfDescription;
  try {
    description = checkDescription(await deps.sandbox.describe(code, options.signal, turn), options.wanted);
  } catch (error) {
    options.signal?.throwIfAborted();
    // A wall that is missing today says nothing about the tool.
    if (error instanceof ClawError && error.code === 'sandbox-unavailable') throw error;
    return failed(empty, `it does not load: ${toError(error).message}`);
  }
  const known = { ...empty, description };
  const never = refusePermissions(description.permissions, deps.limits);
  if (never !== undefined) return failed(known, never);
  if (options.isUnsafe === true) return { ...known, verdict: 'passed', reason: null };
  const trials = await tryExamples(deps.sandbox, { code, turn, description }, options);
  const wrong = trials.findIndex(
    ({ status }) => status !== 'ok' && !(status === 'refused' && !wantsNothing(description.permissions)),
  );
  const tried = { ...known, trials };
  if (wrong !== -1) return failed(tried, `example ${wrong + 1} ${trialWords(trials[wrong])}`);
  if (wantsNothing(description.permissions)) return { ...tried, verdict: 'passed', reason: null };
  return { ...tried, verdict: 'wants-more', reason: 'it wants more than nothing and waits for your approval' };
}

/** What a tool said of itself, held to its rules. Throws `data-invalid`. */
function checkDescription(description: SelfDescription, wanted: ToolPermissions = NO_PERMISSIONS): SelfDescription {
  if (!isToolName(description.name))
    throw new ClawError('data-invalid', `the name ${JSON.stringify(description.name)} is not allowed: ${NAME_RULE}`);
  if (description.description.trim() === '') throw new ClawError('data-invalid', 'it has no description');
  const permissions = TOOL_PERMISSIONS.safeParse(description.permissions);
  if (!permissions.success) {
    const issue = permissions.error.issues[0];
    throw new ClawError(
      'data-invalid',
      `its permissions are not well formed (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
    );
  }
  return {
    ...description,
    description: description.description.slice(0, 2000),
    permissions: bothPermissions(permissions.data, wanted),
  };
}

/** Runs the examples with nothing granted: an approval comes later, if at all. */
async function tryExamples(sandbox: ToolSandbox, candidate: Candidate, options: ExamineOptions): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const example of [...(options.examples ?? []), ...candidate.description.examples].slice(0, MAX_EXAMPLES)) {
    trials.push(await tryExample(sandbox, candidate, example, options.signal));
  }
  return trials;
}

async function tryExample(
  sandbox: ToolSandbox,
  { code, turn, description: { inputSchema, runtime } }: Candidate,
  example: ToolExample,
  signal: AbortSignal | undefined,
): Promise<Trial> {
  const { input } = example;
  const valid = validateInput(inputSchema, input);
  if (!valid.ok) return { input, status: 'error', result: `its own input does not fit its schema: ${valid.problem}` };
  const runOnce = () =>
    sandbox.run({
      code,
      runtime,
      input: valid.input,
      grant: NO_PERMISSIONS,
      timeoutMs: TRIAL_TIMEOUT_MS,
      turn,
      signal: signal ?? AbortSignal.timeout(2 * TRIAL_TIMEOUT_MS),
    });
  const run = await runOnce();
  if (run.status !== 'ok') return { input, status: run.status, result: (run.error ?? '').slice(0, SHOWN_RESULT) };
  const shown = JSON.stringify(run.output)?.slice(0, SHOWN_RESULT) ?? 'nothing';
  if (example.output === undefined) return { input, status: 'ok', result: shown };
  const isExpected = await answersAsExpected(run.output, example.output, async () => (await runOnce()).output);
  if (isExpected) return { input, status: 'ok', result: shown };
  return {
    input,
    status: 'different',
    result: `${shown}, expected ${JSON.stringify(example.output).slice(0, SHOWN_RESULT)}`,
  };
}

function trialWords(trial: Trial | undefined): string {
  if (trial === undefined) return '';
  const { status, result } = trial;
  if (status === 'different') return `answered ${result}`;
  if (status === 'timeout') return 'did not end in time';
  return status === 'refused' ? `was refused by the wall: ${result}` : `failed: ${result}`;
}

function failed(known: Omit<Examined, 'verdict' | 'reason'>, reason: string): Examined {
  return { ...known, verdict: 'failed', reason: reason.slice(0, 1000) };
}
