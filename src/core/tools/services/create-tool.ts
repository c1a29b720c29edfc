/** Owns what happens when the model writes a tool: the same road as any other tool's, with what was found told back. A tool that wants nothing is active at once; one that wants more is put before a person. */
import { z } from 'zod';
import { ClawError } from '../../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../../kernel/messages.ts';
import type { Store } from '../../store/store.ts';
import type { ToolVersionRow } from '../../store/tools-table.ts';
import type { Service, ServiceScope } from '../call-tool.ts';
import { NO_PERMISSIONS, TOOL_PERMISSIONS, type ToolPermissions } from '../permissions.ts';
import { describeVersion } from '../registry/describe-version.ts';
import type { Examined, ExamineOptions } from '../registry/examine-tool.ts';
import { fileForTool } from '../registry/place-tool-file.ts';
import { sha256 } from '../registry/tool-folder.ts';
import type { ToolRegistry } from '../registry/tool-registry.ts';
import type { SourceText } from '../source/read-source.ts';
import type { ToolExample } from '../tool-sandbox.ts';

export interface CreateToolDeps {
  readonly registry: ToolRegistry;
  readonly store: Store;
  readonly folder: string;
  readonly examine: (text: SourceText, options?: ExamineOptions) => Promise<Examined>;
  /** True for those whose tools need nobody else's consent when they want nothing. */
  readonly isAdmin: (userId: string) => Promise<boolean>;
}

const EXAMPLE = z.record(z.string(), z.json()).and(z.object({ input: z.record(z.string(), z.json()) }));
const INPUT = z.object({
  source: z.string().min(1),
  permissions: z.record(z.string(), z.json()).optional(),
  examples: z.array(EXAMPLE).min(1),
});

/** The service `tools` of create_tool. */
export function createToolService(deps: CreateToolDeps): Service {
  return async (method, args, scope) => {
    if (method !== 'create')
      throw new ClawError('sandbox-refused', `the service tools cannot ${JSON.stringify(method)}`);
    const read = INPUT.safeParse(args);
    if (!read.success)
      throw new ClawError('data-invalid', `the input does not fit: ${read.error.issues[0]?.message ?? ''}`);
    const { source, examples } = read.data;
    const text: SourceText = { source, language: 'ts' };
    const options = {
      examples: examples.map(toExample),
      wanted: readWanted(read.data.permissions),
      signal: scope.call.signal,
    };
    return create(deps, scope, text, await deps.examine(text, options));
  };
}

async function create(
  deps: CreateToolDeps,
  scope: ServiceScope,
  text: SourceText,
  examined: Examined,
): Promise<JsonValue> {
  const name = examined.description?.name;
  const owner = (await deps.registry.entries()).find((entry) => entry.name === name && entry.origin === 'builtin');
  if (owner !== undefined) throw refusal(examined, `${owner.name} ships with claw; choose another name`);
  const former =
    name === undefined ? undefined : (await deps.store.tools.versionsOf(name)).find(({ state }) => state === 'active');
  const hash = sha256(text.source);
  const file = fileForTool(deps.folder, { ...text, name: name ?? `draft-${hash.slice(0, 12)}` }, former?.file);
  const row = await deps.registry.store({ text, hash, file, origin: 'ai', by: scope.call.userId, examined });
  if (examined.verdict === 'failed' || name === undefined) throw refusal(examined, examined.reason ?? 'it has no name');
  if (row.state === 'active') return `${name} is active already, in these very bytes (version ${row.version}).`;
  if (['rejected', 'quarantined', 'disabled'].includes(row.state))
    throw refusal(examined, `these very bytes are ${row.state}: ${row.reason ?? ''}`);
  // What a person wrote or installed is replaced only with a person's consent.
  const needsConsent =
    examined.verdict === 'wants-more' || isChosen(former) || !(await deps.isAdmin(scope.call.userId));
  if (needsConsent) return askConsent(deps, scope, row, former);
  await deps.registry.activate(row.id, { by: null, reason: null });
  return success(row, examined);
}

async function askConsent(
  deps: CreateToolDeps,
  scope: ServiceScope,
  row: ToolVersionRow,
  former: ToolVersionRow | undefined,
): Promise<JsonValue> {
  const { words, detail } = describeVersion(row, former);
  const answer = await scope.ask({
    kind: 'tool',
    act: `${former === undefined ? 'new tool' : 'new version of the tool'} ${row.name}, which may then ${words.length === 0 ? 'compute only' : words.join('; ')}`,
    exact: { name: row.name, hash: row.hash, permissions: row.permissions },
    pattern: `tool: ${row.name}`,
    reason: consentReason(words, former),
    detail,
  });
  if (answer.isAllowed) {
    await deps.registry.activate(row.id, { by: null, reason: 'approved' });
    return `${row.name} (version ${row.version}) was approved and is usable from the next message on.`;
  }
  await deps.store.tools.updateVersion(
    row.id,
    { state: 'pending', is_approved: 0, approval_id: answer.approvalId },
    row.state,
  );
  const isDenied =
    answer.approvalId !== null && (await deps.store.approvals.find(answer.approvalId))?.state === 'denied';
  if (isDenied) await deps.store.tools.updateVersion(row.id, { state: 'rejected', reason: 'denied' }, 'pending');
  const next = isDenied
    ? ''
    : ` It waits as version ${row.version}; the user can agree with: claw tool approve ${row.name}`;
  throw new ClawError('permission-denied', `${row.name} was not activated. ${answer.reason}${next}`);
}

function consentReason(words: readonly string[], former: ToolVersionRow | undefined): string {
  if (words.length > 0) return `it wants to ${words.join('; ')}`;
  return isChosen(former) ? 'it replaces a tool of yours' : 'it would be a tool of everybody in this home';
}

/** By a person: written or installed. */
function isChosen(former: ToolVersionRow | undefined): boolean {
  return former?.origin === 'user' || former?.origin === 'marketplace';
}

/** A draft that is not fit: why, and what was noticed on the way. */
function refusal(examined: Examined, reason: string): ClawError {
  const notes = [...new Set(examined.findings.map(({ line, message }) => `line ${line}: ${message}`))].slice(0, 10);
  const hints = notes.length === 0 ? '' : ` Noticed: ${notes.join('; ')}.`;
  return new ClawError('sandbox-refused', `The draft is refused: ${reason}.${hints}`);
}

function success(row: ToolVersionRow, { trials, findings }: Examined): string {
  const notes =
    findings.length === 0
      ? ''
      : ` Noticed: ${findings
          .map(({ line, message }) => `line ${line}: ${message}`)
          .slice(0, 5)
          .join('; ')}.`;
  return `${row.name} (version ${row.version}) passed ${trials.length} trial runs and is usable from the next message on.${notes}`;
}

/** Models name the expected result in several ways. */
function toExample(example: JsonObject & { input: JsonObject }): ToolExample {
  const output =
    example['expected'] ??
    example['output'] ??
    example['result'] ??
    example['expected_output'] ??
    example['expected_result'];
  return output === undefined ? { input: example.input } : { input: example.input, output };
}

function readWanted(permissions: JsonObject | undefined): ToolPermissions {
  if (permissions === undefined) return NO_PERMISSIONS;
  const read = TOOL_PERMISSIONS.safeParse(permissions);
  if (read.success) return read.data;
  throw new ClawError('data-invalid', `the permissions are not well formed: ${read.error.issues[0]?.message ?? ''}`);
}
