/** Owns the list of rules by family, and the audit over all of them. */
import { EXPOSURE_RULES, type ExposureFacts } from './exposure-rules.ts';
import { FILE_RULES, type FileFacts } from './file-rules.ts';
import {
  countOf,
  type Finding,
  type FoundHit,
  inOrder,
  judgeAll,
  type Remedy,
  scoreOf,
  type Severity,
} from './finding.ts';
import { KEEPING_RULES, type KeepingFacts } from './keeping-rules.ts';
import { MACHINE_RULES, type MachineAuditFacts } from './machine-rules.ts';
import { PEOPLE_RULES, type PeopleFacts } from './people-rules.ts';
import { SECRET_RULES, type SecretAuditFacts } from './secret-rules.ts';
import { TOOL_RULES, type ToolAuditFacts } from './tool-rules.ts';

/** Each is asked once; one that fails makes its family unknown, and no other. */
export interface AuditFacts {
  readonly exposure: () => Promise<ExposureFacts>;
  readonly tools: () => Promise<ToolAuditFacts>;
  readonly people: () => Promise<PeopleFacts>;
  readonly secrets: () => Promise<SecretAuditFacts>;
  readonly files: () => Promise<FileFacts>;
  readonly keeping: () => Promise<KeepingFacts>;
  readonly machine: () => Promise<MachineAuditFacts>;
}

export interface AuditReport {
  /** 0 to 100. */
  readonly score: number;
  readonly counts: Readonly<Record<Severity, number>>;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

const FAMILIES: readonly ((facts: AuditFacts) => Promise<FoundHit[]>)[] = [
  ({ exposure }) => judgeAll('exposure', EXPOSURE_RULES, exposure),
  ({ tools }) => judgeAll('tools', TOOL_RULES, tools),
  ({ people }) => judgeAll('people', PEOPLE_RULES, people),
  ({ secrets }) => judgeAll('secrets', SECRET_RULES, secrets),
  ({ files }) => judgeAll('files', FILE_RULES, files),
  ({ keeping }) => judgeAll('keeping', KEEPING_RULES, keeping),
  ({ machine }) => judgeAll('machine', MACHINE_RULES, machine),
];

/** Every rule as the documentation lists it. */
export function allRules(): readonly { readonly id: string; readonly severity: Severity; readonly title: string }[] {
  return [
    ...EXPOSURE_RULES,
    ...TOOL_RULES,
    ...PEOPLE_RULES,
    ...SECRET_RULES,
    ...FILE_RULES,
    ...KEEPING_RULES,
    ...MACHINE_RULES,
  ].map(({ id, severity, title }) => ({ id, severity, title }));
}

export async function auditHome(
  facts: AuditFacts,
): Promise<{ readonly report: AuditReport; readonly remedies: ReadonlyMap<string, readonly Remedy[]> }> {
  const hits = (await Promise.all(FAMILIES.map((family) => family(facts)))).flat();
  const findings = inOrder(hits.map(({ finding }) => finding));
  const remedies = new Map(hits.map(({ finding, remedies: each }) => [finding.id, each]));
  return { report: { score: scoreOf(findings), counts: countOf(findings), findings }, remedies };
}
