/** Owns `what would the walls say?`: puts URLs, paths and commands to the same decisions the walls make, and does nothing. */
import { resolve } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { decideUrl, decideUrlText } from '../net/decide-url.ts';
import { ownAddresses, resolveBySystem, resolveByTable } from '../net/resolve.ts';
import { decidePath } from '../sandbox/decide-path.ts';
import { decideExec, type ExecLevel } from '../sandbox/exec-policy.ts';
import { DEFAULT_ALLOW } from '../sandbox/exec/grammars.ts';

export interface SecurityQuestion {
  /** `url`, `path` or `exec`. */
  readonly kind: string;
  /** `NAME=IP` in place of DNS. Without it URLs are resolved by the system, and names in commands not at all. */
  readonly resolve: readonly string[] | undefined;
  /** The granted folder, relative to `cwd`; `cwd` itself when absent. */
  readonly root: string | undefined;
  /** `read` or `write`. */
  readonly mode: string;
  /** `PROGRAM [ARGS]` each; the usual list when absent. */
  readonly allow: readonly string[] | undefined;
  /** `deny`, `allowlist`, `ask` or `full`. */
  readonly level: string;
  readonly home: string;
  readonly cwd: string;
}

export interface JudgedValue {
  readonly value: string;
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly reason: string;
}

/** Values judged at the same time: names are resolved over the network. */
const TOGETHER = 32;

type Judge = (value: string) => Promise<Omit<JudgedValue, 'value'>>;

/** Judges each value in order. Throws `usage-invalid` for a malformed question. */
export async function checkSecurity(question: SecurityQuestion, values: readonly string[]): Promise<JudgedValue[]> {
  const judge = judgeOf(question);
  const judged: JudgedValue[] = [];
  for (let at = 0; at < values.length; at += TOGETHER) {
    const asked = values.slice(at, at + TOGETHER).map(async (value) => {
      const { decision, reason } = await judge(value);
      return { value, decision, reason };
    });
    judged.push(...(await Promise.all(asked)));
  }
  return judged;
}

function judgeOf({ kind, home, ...question }: SecurityQuestion): Judge {
  const mode = question.mode === 'write' ? 'write' : 'read';
  const root = { folder: resolve(question.cwd, question.root ?? '.'), mode } as const;
  const table = question.resolve && resolveByTable(readResolveTable(question.resolve));
  if (kind === 'url') {
    return (value) => decideUrl(value, table ?? resolveBySystem, { ownAddresses: ownAddresses() });
  }
  if (kind === 'path') return (value) => decidePath({ root, mode, path: value, home });
  const { allow = DEFAULT_ALLOW } = question;
  const asked = { allow, level: readLevel(question.level), cwd: root.folder, roots: [root], home };
  const checkUrl = (url: string) => (table === undefined ? decideUrlText(url) : decideUrl(url, table));
  return (value) => decideExec({ ...asked, command: readCommand(value) }, { checkUrl });
}

function readLevel(level: string): ExecLevel {
  if (level === 'deny' || level === 'allowlist' || level === 'ask' || level === 'full') return level;
  throw new ClawError('usage-invalid', `${level} is no level`, { hint: 'Use deny, allowlist, ask or full.' });
}

/** A command line, or the JSON of its words (`["curl","u"]`) or of the line itself. */
function readCommand(value: string): string | string[] {
  if (!/^\s*(\[\s*"|"(.|\\.)*"\s*$)/s.test(value)) return value;
  try {
    const read: unknown = JSON.parse(value);
    if (typeof read === 'string') return read;
    if (Array.isArray(read) && read.every((word) => typeof word === 'string')) return read;
  } catch {
    // Not JSON: a command line that begins with a quote or a bracket.
  }
  return value;
}

/** The stand-in for DNS that `NAME=IP` texts make; several addresses by commas or by repetition, `*` is every other name. Throws `usage-invalid`. */
function readResolveTable(entries: readonly string[]): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const entry of entries) {
    const [, name, list = ''] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(entry) ?? [];
    if (name === undefined) {
      throw new ClawError('usage-invalid', `--resolve ${entry} is not NAME=IP`, {
        hint: "Write NAME=IP, or '*=IP' for every name.",
      });
    }
    const addresses = list.split(',').map((text) => text.trim().replace(/^\[|\]$/g, ''));
    table.set(name, [...(table.get(name) ?? []), ...addresses.filter((text) => text !== '')]);
  }
  return table;
}
