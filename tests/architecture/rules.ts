/** The rules of the source tree, each a function from modules to sentences about what breaks it. */
import { posix } from 'node:path';
import {
  DOORS,
  ENVIRONMENT_DOOR,
  MAX_COMMAND_LINES,
  MAX_COMPONENT_LINES,
  MAX_FILE_LINES,
  MAX_FUNCTION_LINES,
  ONE_CALL_PROGRAMS,
  ONE_FILE_PACKAGES,
  RANKS,
  TOOL_FOLDERS,
  TOOL_IMPORTS,
} from './law.ts';
import type { Module } from './read-module.ts';

export type Rule = (modules: readonly Module[]) => readonly string[];

/** A file imports from its own folder and from lower ranks. */
export const ranks: Rule = (modules) =>
  modules.flatMap((module) => {
    if (isTool(module.path)) return [];
    const from = placeOf(module.path);
    if (from === undefined) return [`${module.path} is in no ranked folder`];
    return module.imports.flatMap(({ from: specifier, line }) => {
      const target = resolveInside(module.path, specifier);
      if (target === undefined) return [];
      const to = placeOf(target);
      if (to === undefined) return [`${module.path}:${line} imports ${target}, which is in no ranked folder`];
      if (to.folder === from.folder || to.rank < from.rank) return [];
      return [`${module.path}:${line} (rank ${from.rank}) imports ${target} (rank ${to.rank})`];
    });
  });

/** Each package is imported through its door only. */
export const doors: Rule = (modules) =>
  modules.flatMap((module) => {
    if (isTool(module.path)) return [];
    return module.imports.flatMap(({ from, line }) => {
      const name = packageOf(from);
      if (name === undefined) return [];
      const open = DOORS[name];
      if (open === undefined) return [`${module.path}:${line} imports ${name}, which has no door`];
      return open.some((door) => isWithin(module.path, door))
        ? []
        : [`${module.path}:${line} imports ${name} beside its door`];
    });
  });

/** Some packages are imported by one file alone. */
export const oneFilePackages: Rule = (modules) =>
  ONE_FILE_PACKAGES.flatMap((name) => {
    const files = modules.filter(({ imports }) => imports.some(({ from }) => packageOf(from) === name));
    return files.length <= 1 ? [] : [`${name} is imported by ${files.map(({ path }) => path).join(' and ')}`];
  });

/** Tools import their author's interface only. */
export const toolImports: Rule = (modules) =>
  modules
    .filter(({ path }) => isTool(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => !TOOL_IMPORTS.includes(from))
        .map(({ from, line }) => `${path}:${line} imports ${from}; a tool imports only ${TOOL_IMPORTS.join(', ')}`),
    );

/** No file reaches itself by imports, type-only ones included. */
export const cycles: Rule = (modules) => {
  const edges = new Map(
    modules.map(({ path, imports }) => [path, imports.flatMap(({ from }) => resolveInside(path, from) ?? [])]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) found.push([...trail.slice(at), path].join(' -> '));
    if (at !== -1 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
};

/** Files, commands, functions and components keep to their size. */
export const sizes: Rule = (modules) =>
  modules.flatMap(({ path, lines, functions }) => {
    const limit = path.startsWith('src/commands/') ? MAX_COMMAND_LINES : MAX_FILE_LINES;
    const tooLong = lines > limit ? [`${path} has ${lines} lines; the limit is ${limit}`] : [];
    const long = functions.filter(({ name, lines: count }) => {
      const isComponent = path.endsWith('.tsx') && /^[A-Z]/.test(name);
      return count > (isComponent ? MAX_COMPONENT_LINES : MAX_FUNCTION_LINES);
    });
    return [...tooLong, ...long.map(({ name, line, lines: count }) => `${path}:${line} ${name} has ${count} lines`)];
  });

/** The environment is read in one folder. */
export const environment: Rule = (modules) =>
  modules
    .filter(({ path }) => !isWithin(path, ENVIRONMENT_DOOR) && !isWithin(path, ONE_CALL_PROGRAMS))
    .flatMap(({ path, environmentReads }) => environmentReads.map((line) => `${path}:${line} reads process.env`));

/** No file exists only to re-export others. */
export const barrels: Rule = (modules) =>
  modules.flatMap(({ path, isBarrel, starExports }) => [
    ...(isBarrel || /(^|\/)index\.tsx?$/.test(path) ? [`${path} is a barrel`] : []),
    ...starExports.map((line) => `${path}:${line} re-exports a whole module`),
  ]);

/** Nothing lives at module level that can change. */
export const mutableState: Rule = (modules) =>
  modules
    .filter(({ path }) => !isWithin(path, ONE_CALL_PROGRAMS))
    .flatMap(({ path, mutableState: lines }) => lines.map((line) => `${path}:${line} is module-level mutable state`));

/** No comment puts work off. */
export const postponedWork: Rule = (modules) =>
  modules.flatMap(({ path, postponed }) => postponed.map((line) => `${path}:${line} puts work off`));

function isTool(path: string): boolean {
  return TOOL_FOLDERS.some((folder) => isWithin(path, folder));
}

function isWithin(path: string, door: string): boolean {
  return path === door || path.startsWith(`${door}/`);
}

function placeOf(path: string): { folder: string; rank: number } | undefined {
  const folder = Object.keys(RANKS)
    .filter((each) => isWithin(path, each))
    .toSorted((a, b) => b.length - a.length)[0];
  const rank = folder === undefined ? undefined : RANKS[folder];
  return folder === undefined || rank === undefined ? undefined : { folder, rank };
}

/** The path of a relative import from the root of the project; undefined for a package. */
function resolveInside(path: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
}

/** The package of `specifier`; undefined for relative imports and for modules of Node that need no door. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.')) return undefined;
  if (specifier.startsWith('node:')) return specifier in DOORS ? specifier : undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
