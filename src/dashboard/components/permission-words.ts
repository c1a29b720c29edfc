/** Owns what the permissions of a tool mean, in sentences for people. Pure; what a tool named has nothing hidden in it. */
import { makeVisible } from '../../core/sandbox/exec/show-act.ts';
import type { Texts } from '../language/texts.ts';

export interface PermissionWord {
  readonly kind: 'net' | 'files' | 'exec' | 'secrets' | 'host' | 'other';
  readonly text: string;
  /** It gives more than its short form says: any address, files that are changed, any program. */
  readonly isWide: boolean;
}

/** Programs that run any code they are given. Source: src/core/tools/permissions.ts. */
const RUNS_ANYTHING =
  /^(?:(?:ba|da|z|k|c|tc|fi)?sh|node|deno|bun|python[\d.]*|perl|ruby|php|env|xargs|sudo|su|doas|ssh|busybox|awk|gawk|find|eval)$/;

/** A sentence for each permission; none: it only computes. What is no permission that is known is shown as it is. */
export function permissionWords(permissions: unknown, words: Texts['permissions']): PermissionWord[] {
  return Object.entries(isRecord(permissions) ? permissions : {}).flatMap(([kind, list]) =>
    (Array.isArray(list) ? (list as unknown[]) : []).map((each) => wordOf(kind, each, words)),
  );
}

function wordOf(kind: string, each: unknown, words: Texts['permissions']): PermissionWord {
  const name = makeVisible(typeof each === 'string' ? each : '');
  if (kind === 'net' && typeof each === 'string') return networkWord(name, words);
  if (kind === 'exec' && typeof each === 'string') {
    const isWide = RUNS_ANYTHING.test(each);
    return { kind, text: isWide ? words.anyProgram(name) : words.program(name), isWide };
  }
  if (kind === 'host' && typeof each === 'string') return { kind, text: serviceWord(name, words), isWide: false };
  if (kind === 'files' && isRecord(each)) return folderWord(each, words);
  if (kind === 'secrets' && isRecord(each)) {
    return { kind, text: words.secret(textOf(each['name']), textOf(each['host'])), isWide: false };
  }
  return { kind: 'other', text: makeVisible(`${kind}: ${JSON.stringify(each)}`), isWide: true };
}

function networkWord(name: string, words: Texts['permissions']): PermissionWord {
  if (name === '*') return { kind: 'net', text: words.anywhere, isWide: true };
  if (name.startsWith('*:')) return { kind: 'net', text: words.anywhereAt(name.slice(2)), isWide: true };
  if (name.startsWith('*.')) return { kind: 'net', text: words.below(name.slice(2)), isWide: false };
  return { kind: 'net', text: words.address(name), isWide: false };
}

function folderWord({ folder, mode }: Readonly<Record<string, unknown>>, words: Texts['permissions']): PermissionWord {
  const place = folder === 'workspace' ? words.workspace : words.folder(textOf(folder));
  const isWide = mode !== 'read';
  return { kind: 'files', text: isWide ? words.writes(place) : words.reads(place), isWide };
}

function serviceWord(name: string, words: Texts['permissions']): string {
  const services: Readonly<Record<string, string>> = words.services;
  return Object.hasOwn(services, name) ? (services[name] ?? name) : words.service(name);
}

export interface PermissionChange {
  readonly added: readonly PermissionWord[];
  readonly removed: readonly PermissionWord[];
  readonly kept: readonly PermissionWord[];
}

/** What `after` may that `before` may not, and the reverse. */
export function permissionChange(before: unknown, after: unknown, words: Texts['permissions']): PermissionChange {
  const [old, now] = [permissionWords(before, words), permissionWords(after, words)];
  const has = (list: readonly PermissionWord[], word: PermissionWord): boolean =>
    list.some(({ text }) => text === word.text);
  return {
    added: now.filter((word) => !has(old, word)),
    removed: old.filter((word) => !has(now, word)),
    kept: now.filter((word) => has(old, word)),
  };
}

const textOf = (value: unknown): string => makeVisible(typeof value === 'string' ? value : JSON.stringify(value));

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
