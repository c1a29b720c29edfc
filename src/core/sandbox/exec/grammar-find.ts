/** Owns the grammar of find: starting folders, then tests that only look. Source: GNU findutils 4.10 manual. Left out: -exec, -execdir, -ok, -okdir, -delete, -fprint*, -fls, -files0-from, -follow, -L, -H, -D. */
import type { ParsedCall } from './grammar.ts';

const FLAGS = new Set([
  '-print',
  '-print0',
  '-prune',
  '-not',
  '!',
  '-a',
  '-and',
  '-o',
  '-or',
  '(',
  ')',
  ',',
  '-depth',
  '-d',
  '-xdev',
  '-mount',
  '-daystart',
  '-empty',
  '-ls',
  '-quit',
  '-readable',
  '-writable',
  '-executable',
  '-true',
  '-false',
  '-nouser',
  '-nogroup',
  '-noleaf',
  '-ignore_readdir_race',
  '-noignore_readdir_race',
  '-warn',
  '-nowarn',
]);
const TEXTS = new Set([
  '-name',
  '-iname',
  '-path',
  '-ipath',
  '-wholename',
  '-iwholename',
  '-regex',
  '-iregex',
  '-lname',
  '-ilname',
  '-regextype',
  '-type',
  '-xtype',
  '-size',
  '-perm',
  '-user',
  '-group',
  '-uid',
  '-gid',
  '-links',
  '-inum',
  '-fstype',
  '-printf',
  '-newermt',
  '-newerct',
  '-newerat',
]);
const NUMBERS = new Set(['-maxdepth', '-mindepth', '-mtime', '-mmin', '-atime', '-amin', '-ctime', '-cmin', '-used']);
const PATHS = new Set(['-newer', '-anewer', '-cnewer', '-samefile', '-newermm']);

/** Reads the arguments of find; a string is the reason of a refusal. */
export function parseFind(args: readonly string[]): ParsedCall | string {
  const rest = args[0] === '-P' ? args.slice(1) : [...args];
  const start = rest.findIndex((word) => word.startsWith('-') || ['(', ')', '!', ','].includes(word));
  const paths = start === -1 ? rest : rest.slice(0, start);
  const tests = start === -1 ? [] : rest.slice(start);
  const options = new Map<string, string>();
  const files = [...paths];
  for (let at = 0; at < tests.length; at += 1) {
    const word = tests[at] ?? '';
    if (FLAGS.has(word)) {
      options.set(word, '');
      continue;
    }
    const takesValue = TEXTS.has(word) || NUMBERS.has(word) || PATHS.has(word);
    if (!takesValue) return `find may not use ${word}`;
    at += 1;
    const value = tests[at];
    if (value === undefined) return `${word} lacks its value`;
    if (NUMBERS.has(word) && !/^[+-]?[0-9]+(\.[0-9]+)?$/.test(value)) return `${word} needs a number`;
    if (PATHS.has(word)) files.push(value);
    options.set(word, value);
  }
  return { options, operands: paths, paths: files, urls: [] };
}
