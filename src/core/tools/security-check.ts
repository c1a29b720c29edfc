/** Owns `what would the walls say?`: puts URLs, paths and commands to the same decisions the walls make, and does nothing. */
import { decideUrl, decideUrlText, type Resolve } from '../net/decide-url.ts';
import { ownAddresses } from '../net/resolve.ts';
import { decideExec, type ExecLevel } from '../sandbox/exec-policy.ts';
import { decidePath, type FileRoot } from '../sandbox/decide-path.ts';
import { ClawError } from '../kernel/errors.ts';

export type SecurityQuestion =
  | { readonly kind: 'url'; readonly resolve: Resolve }
  | { readonly kind: 'path'; readonly root: FileRoot; readonly mode: 'read' | 'write'; readonly home: string }
  | {
      readonly kind: 'exec';
      readonly allow: readonly string[];
      readonly level: ExecLevel;
      readonly root: FileRoot;
      readonly home: string;
      /** Set when a table stands in for DNS: names in addresses are then resolved by it. */
      readonly resolve?: Resolve;
    };

export interface JudgedValue {
  readonly value: string;
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly reason: string;
}

/** Judges each value in order. */
export async function checkSecurity(question: SecurityQuestion, values: readonly string[]): Promise<JudgedValue[]> {
  const judged: JudgedValue[] = [];
  for (const value of values) {
    const { decision, reason } = await judge(question, value);
    judged.push({ value, decision, reason });
  }
  return judged;
}

async function judge(question: SecurityQuestion, value: string): Promise<Omit<JudgedValue, 'value'>> {
  switch (question.kind) {
    case 'url':
      return decideUrl(value, question.resolve, { ownAddresses: ownAddresses() });
    case 'path':
      return decidePath({ root: question.root, mode: question.mode, path: value, home: question.home });
    case 'exec': {
      const { allow, level, root, home, resolve } = question;
      const asked = { command: readCommand(value), level, allow, cwd: root.folder, roots: [root], home };
      const checkUrl = (url: string) => (resolve === undefined ? decideUrlText(url) : decideUrl(url, resolve));
      return decideExec(asked, { checkUrl });
    }
  }
}

/** A command line, or the JSON of its words (`["curl","u"]`) or of the line itself. */
function readCommand(value: string): string | string[] {
  if (!/^\s*\[\s*"|^\s*"(.|\\.)*"\s*$/s.test(value)) return value;
  try {
    const read: unknown = JSON.parse(value);
    if (typeof read === 'string') return read;
    if (Array.isArray(read) && read.every((word) => typeof word === 'string')) return read;
  } catch {
    // Not JSON: a command line that begins with a quote or a bracket.
  }
  return value;
}

/** The stand-in for DNS that `NAME=IP` texts make; `*` is every other name. Throws `usage-invalid`. */
export function readResolveTable(entries: readonly string[]): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at).trim();
    if (at === -1 || name === '') {
      throw new ClawError('usage-invalid', `--resolve ${entry} is not NAME=IP`, {
        hint: "Write NAME=IP, or '*=IP' for every name.",
      });
    }
    const addresses = entry
      .slice(at + 1)
      .split(',')
      .map((text) => text.trim().replace(/^\[|\]$/g, ''))
      .filter((text) => text !== '');
    table.set(name, [...(table.get(name) ?? []), ...addresses]);
  }
  return table;
}
