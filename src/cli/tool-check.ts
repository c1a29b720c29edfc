/** Owns the words for static findings and trial runs of tools. */
import { safeText } from '../core/kernel/terminal-text.ts';
import type { Examined } from '../core/tools/registry/examine-tool.ts';
import type { Finding } from '../core/tools/source/scan-program.ts';

export function languageOf(file: string): 'ts' | 'js' {
  return /\.[mc]?js$/.test(file) ? 'js' : 'ts';
}

export function checkReport(file: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${file}: nothing stands out.`;
  return safeText(findings.map(({ line, rule, message }) => `${file}:${line}  ${rule}  ${message}`).join('\n'));
}

/** The verdict of a trial in the wall. */
export function trialReport(name: string, { verdict, reason, trials, findings }: Examined): string {
  const head = {
    passed: 'is fit to run',
    'wants-more': 'is fit, and needs approval',
    failed: `is not fit: ${reason ?? ''}`,
  }[verdict];
  const lines = trials.map(
    ({ input, status, result }, at) => `  example ${at + 1} ${JSON.stringify(input)}: ${status}  ${result}`,
  );
  const noticed = findings.map(({ line, message }) => `  line ${line}: ${message}`);
  return safeText(
    [`${name} ${head}.`, ...(lines.length === 0 ? ['  It brings no examples to try.'] : lines), ...noticed].join('\n'),
  );
}
