/** Owns which static findings no package may have: a scanner is a hint for what you write, and a rule for what a stranger sends. Whoever packs is held to what whoever installs refuses. Pure. */
import type { Finding } from '../tools/source/scan-program.ts';

const NEVER: ReadonlySet<string> = new Set([
  'hidden-characters',
  'code-from-text',
  'constructor-chain',
  'dynamic-import',
  'require',
  'foreign-module',
]);
/** And those that only a tool for Node's own modules may have. */
const ONLY_NODE: ReadonlySet<string> = new Set(['node-module', 'process-access']);

/** The first finding for which a package is refused. */
export function dangerousFinding(findings: readonly Finding[], runtime: 'quickjs' | 'node'): Finding | undefined {
  return findings.find(({ rule }) => NEVER.has(rule) || (runtime !== 'node' && ONLY_NODE.has(rule)));
}
