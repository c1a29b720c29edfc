/** Owns what a finding of the security audit is, how rules make them, and how the score follows. A rule is a pure function over facts; what is not known is a finding too. */
import type { SettingName } from '../../config/settings-table.ts';
import { toError } from '../../kernel/errors.ts';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A change that `harden` makes: a setting of config.json (null: back to its default), or the mode of a file. */
export type Remedy =
  | { readonly kind: 'setting'; readonly name: SettingName; readonly value: unknown }
  | { readonly kind: 'mode'; readonly path: string; readonly remove: number };

/** What a rule saw. */
export interface Hit {
  /** Names, places and numbers; never a secret. */
  readonly evidence: string;
  /** The command that mends it; null where only a person can say what is right. */
  readonly fix: string | null;
  readonly remedies?: readonly Remedy[];
  /** Where this case weighs otherwise than the rule. */
  readonly severity?: Severity;
}

export interface Rule<Facts> {
  /** Stable: `noun.what-is-wrong`. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** What may come of it. */
  readonly detail: string;
  judge(facts: Facts): Hit | undefined;
}

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly evidence: string;
  readonly fix: string | null;
  readonly is_auto_fixable: boolean;
}

export interface FoundHit {
  readonly finding: Finding;
  readonly remedies: readonly Remedy[];
}

/** Judges every rule of one family. Facts that cannot be had, and a rule that fails, are findings of their own. */
export async function judgeAll<Facts>(
  family: string,
  rules: readonly Rule<Facts>[],
  load: () => Promise<Facts>,
): Promise<FoundHit[]> {
  let facts: Facts;
  try {
    facts = await load();
  } catch (error) {
    return [unknown(family, rules.map(({ id }) => id).join(', '), error)];
  }
  return rules.flatMap((rule) => {
    try {
      const hit = rule.judge(facts);
      return hit === undefined ? [] : [found(rule, hit)];
    } catch (error) {
      return [unknown(rule.id, rule.id, error)];
    }
  });
}

function found<Facts>({ id, severity, title, detail }: Rule<Facts>, hit: Hit): FoundHit {
  const { evidence, fix, remedies = [] } = hit;
  const is_auto_fixable = remedies.length > 0;
  return {
    finding: { id, severity: hit.severity ?? severity, title, detail, evidence, fix, is_auto_fixable },
    remedies,
  };
}

function unknown(name: string, ids: string, error: unknown): FoundHit {
  const finding: Finding = {
    id: `unknown.${name.replaceAll('.', '-')}`,
    severity: 'high',
    title: 'It is not known whether this is safe',
    detail: `What cannot be looked at does not count as safe. Not judged: ${ids}.`,
    evidence: toError(error).message,
    fix: 'claw doctor',
    is_auto_fixable: false,
  };
  return { finding, remedies: [] };
}

const WEIGHTS: Readonly<Record<Severity, number>> = { critical: 40, high: 15, medium: 5, low: 1, info: 0 };
/** The most that a home can have in which something of this weight was found. */
const CAPS: Readonly<Partial<Record<Severity, number>>> = { critical: 49, high: 79 };

/** 0 to 100: 100 less the weights of all findings, and never above the cap of the worst. */
export function scoreOf(findings: readonly Pick<Finding, 'severity'>[]): number {
  const lost = findings.reduce((sum, { severity }) => sum + WEIGHTS[severity], 0);
  const cap = Math.min(100, ...findings.map(({ severity }) => CAPS[severity] ?? 100));
  return Math.max(0, Math.min(100 - lost, cap));
}

/** The worst first, then by name. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity }: Finding): number => SEVERITIES.indexOf(severity);
  return findings.toSorted((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
}

export function countOf(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;
  return Object.fromEntries(SEVERITIES.map((each) => [each, count(each)])) as Record<Severity, number>;
}
